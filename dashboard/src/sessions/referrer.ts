import type { Session } from '../api/types';

/** The site that led here; null for a direct visit. A page of the site itself led nobody to it. */
export function referrerOf({ referrer, initialUrl }: Pick<Session, 'referrer' | 'initialUrl'>): string | null {
  if (!referrer) return null;
  const host = siteOf(referrer);
  return host && host === siteOf(initialUrl ?? '') ? null : referrer;
}

/** Host names differ by case, `www.`, port and a trailing dot, and are still one site. */
function siteOf(url: string): string {
  try {
    return new URL(url).hostname.toLowerCase().replace(/^www\./, '').replace(/\.$/, '');
  } catch {
    return '';
  }
}
