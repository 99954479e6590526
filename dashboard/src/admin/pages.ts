/** Pages that need a key with the scope admin. */
export const ADMIN_PAGES: ReadonlySet<string> = new Set(['privacy', 'erasures', 'keys', 'health', 'letters']);
