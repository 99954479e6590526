/** Notifications in plain words. */
import type { Notification } from '../api/types';
import { fullTime } from '../format';
import { link } from '../router';

export interface Words {
  text: string;
  /** Where there is more. */
  href?: string;
}

interface Names {
  nameOfKey: (id: string) => string;
  timeZone: string;
}

export function wordsOf({ kind, fields }: Notification, { nameOfKey, timeZone }: Names): Words {
  const key = `The API key ${nameOfKey(fields.keyId ?? '')}`;
  switch (kind) {
    case 'role_changed':
      return { text: `Your role is now ${fields.to}. It was ${fields.from}.`, href: link('/account') };
    case 'key_expires':
      return { text: `${key} expires on ${fullTime(Number(fields.expiresAt), timeZone)}.`, href: link('/keys') };
    case 'key_expired':
      return { text: `${key} has expired.`, href: link('/keys') };
    case 'dead_letters':
      return { text: 'Some data could not be processed. It is kept in the dead letters.', href: link('/letters') };
    case 'webhook_disabled':
      return { text: 'A webhook was disabled, because every attempt failed for five days.', href: link('/alerts') };
    case 'erasure_complete':
      return {
        text: `${fields.mode === 'anonymize' ? 'Sessions are anonymized' : 'An erasure is complete'}, and every store is verified.`,
        href: link('/erasures'),
      };
    default:
      return { text: `There is news of the kind “${kind}”. Reload the page to see what it is.` };
  }
}
