import { describe, expect, it } from 'vitest';
import type { Notification } from '../src/api/types';
import { wordsOf } from '../src/notifications/words';

const names = { nameOfKey: (id: string) => (id === 'key_1' ? 'Shop (crow_ab…)' : id), timeZone: 'UTC' };

const words = (kind: string, fields: Notification['fields']) =>
  wordsOf({ id: 'x', kind, fields, createdAt: 0, readAt: null }, names);

describe('notifications in words', () => {
  it('say what happened and lead to where there is more', () => {
    expect(words('role_changed', { from: 'member', to: 'admin' })).toEqual({
      text: 'Your role is now admin. It was member.',
      href: '#/account',
    });
    const expires = words('key_expires', { keyId: 'key_1', expiresAt: String(Date.UTC(2026, 0, 2, 3, 4)) });
    expect(expires.text).toMatch(/^The API key Shop \(crow_ab…\) expires on .*2026.*\.$/);
    expect(expires.href).toBe('#/keys');
    expect(words('key_expired', { keyId: 'key_2', expiresAt: '5' }).text).toBe('The API key key_2 has expired.');
    expect(words('dead_letters', {}).href).toBe('#/letters');
    expect(words('erasure_complete', { erasureId: 'e', mode: 'erase' }).text).toContain('An erasure is complete');
    expect(words('erasure_complete', { erasureId: 'e', mode: 'anonymize' }).text).toContain('anonymized');
  });

  it('of a kind that this version does not know are still shown', () => {
    const { text, href } = words('moon_full', {});
    expect(text).toContain('moon_full');
    expect(href).toBeUndefined();
  });
});
