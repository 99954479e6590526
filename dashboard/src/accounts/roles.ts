/** What each role may do, the strongest first. */
export const ROLES = [
  ['owner', 'Full access, including other owners.'],
  ['admin', 'The same without owners: keys, privacy, erasures, members.'],
  ['member', 'Sessions, replays and analytics.'],
  ['marketing', 'Sessions and analytics with personal data masked, no replays. The pages are chosen under Privacy.'],
] as const;

/** Roles that somebody may give: only an owner makes owners. */
export const rolesFor = (isOwner: boolean) => ROLES.filter(([role]) => isOwner || role !== 'owner');

/** The link of an invitation, for the person who gets it. */
export const linkOf = (token: string): string => `${window.location.origin}/app#/accept/${token}`;
