import type { Session } from '../api/types';

/** The referring site; null for a direct visit. A page of the site itself is not a referrer. */
export function referrerOf({ referrer, initialUrl }: Pick<Session, 'referrer' | 'initialUrl'>): string | null {
  if (!referrer) return null;
  const host = siteOf(referrer);
  return host && host === siteOf(initialUrl ?? '') ? null : referrer;
}

/** Host names of one site may differ by case, `www.`, port and a trailing dot. */
function siteOf(url: string): string {
  try {
    return new URL(url).hostname
      .toLowerCase()
      .replace(/^www\./, '')
      .replace(/\.$/, '');
  } catch {
    return '';
  }
}
