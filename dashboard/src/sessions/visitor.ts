/** Names of visitors. They come from visitors, so they have any length and script. */
import type { Session } from '../api/types';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The first characters of a text. An emoji is never cut. */
export function firstSigns(text: string, count: number): string {
  const signs: string[] = [];
  // Enough for any visible character, because names can be very long.
  for (const { segment } of graphemes.segment(text.slice(0, count * 40))) {
    if (signs.push(segment) === count) break;
  }
  return signs.join('');
}

export const nameOf = ({ userId, sessionId }: Pick<Session, 'userId' | 'sessionId'>): string =>
  userId || `Visitor ${[...sessionId].slice(-6).join('')}`;
