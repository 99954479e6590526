/** The gateway's address as a browser would reach it; empty when nothing is known. */
export function gatewayFor(configured: string | null | undefined, pageHost: string): string {
  if (!configured) return '';
  try {
    const url = new URL(configured);
    // A server that listens on its own machine, or on all addresses, is where this page comes from.
    if (LOCAL.has(url.hostname)) url.hostname = pageHost;
    return url.href.replace(/\/$/, '');
  } catch {
    return configured;
  }
}

const LOCAL = new Set(['127.0.0.1', 'localhost', '0.0.0.0', '[::1]', '[::]']);
