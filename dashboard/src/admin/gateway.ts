/** The gateway's address for browsers; empty if unknown. */
export function gatewayFor(configured: string | null | undefined, pageHost: string): string {
  if (!configured) return '';
  try {
    const url = new URL(configured);
    // A server on a local address or on all addresses is the host of this page.
    if (LOCAL.has(url.hostname)) url.hostname = pageHost;
    return url.href.replace(/\/$/, '');
  } catch {
    return configured;
  }
}

const LOCAL = new Set(['127.0.0.1', 'localhost', '0.0.0.0', '[::1]', '[::]']);
