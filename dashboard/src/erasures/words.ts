/** Erasures in plain words. */
import type { Erasure, ErasurePreview, Subject } from '../api/types';
import { exactCount, plural } from '../format';

const KINDS: Record<string, string> = {
  session: 'Sessions',
  user: 'A user',
  time: 'A time range',
  property: 'A property',
  organization: 'The whole organization',
  retention: 'Sessions past their age',
};

export const kindOf = ({ kind }: Erasure): string => KINDS[kind] ?? kind;

/** Who asked for it, when it was no key. */
export const actorOf = ({ requestedBy }: Erasure, nameOfKey: (id: string) => string): string =>
  requestedBy === 'retention' ? 'the retention setting' : nameOfKey(requestedBy);

/** Each store: its name, and what of a session is in it. */
const STORES: Record<string, [name: string, holds: string]> = {
  keys: [
    'Encryption keys',
    'Where recordings are encrypted, each session has a key of its own. Without it, no copy of the recording can be read.',
  ],
  rows: ['Database', 'Details, counts and search terms of the sessions.'],
  objects: [
    'Recordings',
    'Files with recordings and events. An encrypted file counts as removed once its key is destroyed; the file itself follows later.',
  ],
  event_streams: ['Data on its way', 'Messages that had arrived and were not processed yet.'],
  dead_letters: ['Failed messages', 'Messages that could not be processed and were kept for a later try.'],
  announcements: ['Announcements', 'Messages to other programs about finished sessions that were not picked up yet.'],
};

export const storeOf = (store: string): [name: string, holds: string] => STORES[store] ?? [store, ''];

/** What a subject is called in a question. */
export function nameOf({ sessions, userId, property, time, organization }: Subject): string {
  if (sessions) return sessions.length === 1 ? 'this session' : `${exactCount(sessions.length)} sessions`;
  if (userId) return `all data of the user “${userId}”`;
  if (property) return `all sessions whose user has ${property.name} = ${property.value}`;
  if (time) return 'all sessions in this time range';
  return `everything of ${organization}`;
}

export const CONSEQUENCES =
  'This cannot be undone. Backups keep copies until they expire. Data that arrives later for these sessions is refused.';

/** What happens to data of the same person that arrives later. */
export function afterwards({ userId, organization }: Subject): string {
  if (userId) return 'What the user does from now on is stored in new sessions.';
  if (organization) return 'What visitors do from now on is stored in new sessions. Keys and settings stay.';
  return '';
}

export const foundText = ({ sessions, chunks }: ErasurePreview): string =>
  `${plural(sessions, 'session')} with ${plural(chunks, 'stored part')}`;

/** A session id can have several visits, which the list shows as sessions. All of them go. */
export const visitsText = ({ sessions }: Subject, found: number): string =>
  sessions && found > sessions.length ? 'This includes all visits with the same session id.' : '';
