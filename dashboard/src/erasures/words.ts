/** Erasures in plain words. */
import type { Erasure, ErasureMode, ErasurePreview, Subject } from '../api/types';
import { exactCount, plural } from '../format';

const KINDS: Record<string, string> = {
  session: 'Sessions',
  user: 'A user',
  visitor: 'A visitor',
  time: 'A time range',
  property: 'A user trait',
  organization: 'The whole organization',
  retention: 'Expired sessions',
  consent: 'Consent withdrawn',
};

/** What an erasure did other than erase. */
const DONE: Record<string, string> = { anonymize: 'anonymized', remove_events: 'events removed' };

export function kindOf({ kind, mode }: Erasure): string {
  const done = DONE[mode];
  return done ? `${KINDS[kind] ?? kind} (${done})` : (KINDS[kind] ?? kind);
}

/** What can become of sessions. */
export const MODES: Record<ErasureMode, { verb: string; about: string }> = {
  erase: { verb: 'Erase', about: 'Removes the sessions with everything in them.' },
  anonymize: {
    verb: 'Anonymize',
    about:
      'Removes recordings, events and whatever identifies the visitor. The sessions, their pages and counts stay, and open sessions end.',
  },
};

/** Who asks for erasures without a key. */
const ACTORS: Record<string, string> = { retention: 'the retention setting', visitor: 'the visitor' };

export const actorOf = ({ requestedBy }: Erasure, nameOfKey: (id: string) => string): string =>
  ACTORS[requestedBy] ?? nameOfKey(requestedBy);

/** Each store: its name, and what of a session is in it. */
const STORES: Record<string, [name: string, holds: string]> = {
  keys: [
    'Encryption keys',
    'When encryption is on, each session has its own key. Without the key, no copy of the recording can be read.',
  ],
  rows: ['Database', 'Session rows: details, counts and search terms.'],
  objects: [
    'Recordings',
    'Objects with recordings and events. An encrypted object counts as removed once its key is destroyed; the object itself is deleted later.',
  ],
  event_streams: ['Queued data', 'Messages that had arrived but were not processed yet.'],
  dead_letters: ['Dead letters', 'Messages that could not be processed and were kept to be retried.'],
  announcements: ['Announcements', 'Messages about finished sessions that no consumer has read yet.'],
};

export const storeOf = (store: string): [name: string, holds: string] => STORES[store] ?? [store, ''];

/** What a subject is called in a question. */
export function nameOf({ sessions, userId, visitorId, property, time, organization }: Subject): string {
  if (sessions) return sessions.length === 1 ? 'this session' : `${exactCount(sessions.length)} sessions`;
  if (userId) return `all data of user “${userId}”`;
  if (visitorId) return `all data of visitor “${visitorId}”`;
  if (property) return `all sessions with the user trait ${property.name} = ${property.value}`;
  if (time) return 'all sessions in this time range';
  return `everything in ${organization}`;
}

export function consequences(mode: ErasureMode): string {
  const common =
    'This cannot be undone. Backups keep copies until they expire. Later data for these sessions is refused.';
  return mode === 'erase' ? common : `${common} Each session then counts as a visitor of its own.`;
}

/** What happens to data of the same person that arrives later. */
export function afterwards({ userId, visitorId, organization }: Subject): string {
  if (userId) return 'New activity of this user is stored in new sessions.';
  if (visitorId) return 'New activity of this visitor is stored in new sessions.';
  if (organization) return 'New visits are stored in new sessions. Keys and settings stay.';
  return '';
}

export const foundText = ({ sessions, chunks }: ErasurePreview): string =>
  `${plural(sessions, 'session')} with ${plural(chunks, 'stored chunk')}`;

/** A session id can have several visits, which the list shows as sessions. All of them go. */
export const visitsText = ({ sessions }: Subject, found: number): string =>
  sessions && found > sessions.length ? 'This includes all visits with the same session id.' : '';
