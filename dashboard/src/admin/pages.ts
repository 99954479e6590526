/** Pages that need the scope admin. */
export const ADMIN_PAGES: ReadonlySet<string> = new Set([
  'members',
  'audit',
  'privacy',
  'erasures',
  'keys',
  'health',
  'letters',
]);

/** Pages for whoever may see recordings and events, not only statistics. */
export const WATCHERS_PAGES: ReadonlySet<string> = new Set(['interactions', 'products']);
