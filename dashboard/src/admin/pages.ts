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
