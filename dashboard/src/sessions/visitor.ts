/** What a visitor is called. Names are text of visitors: any length, any script. */
import type { Session } from '../api/types';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The first signs of a text; an emoji is never cut in two. */
export function firstSigns(text: string, count: number): string {
  const signs: string[] = [];
  // Enough for any sign that is one to the eye; names can be very long.
  for (const { segment } of graphemes.segment(text.slice(0, count * 40))) {
    if (signs.push(segment) === count) break;
  }
  return signs.join('');
}

export const nameOf = ({ userId, sessionId }: Pick<Session, 'userId' | 'sessionId'>): string => userId || `Visitor ${[...sessionId].slice(-6).join('')}`;
