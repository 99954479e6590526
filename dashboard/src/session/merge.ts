/** One list of events from several answers that overlap. */
import type { SessionEvent } from '../api/types';

/**
 * Merges the answers. Each answer has an event once, and events of one millisecond in the same order. So the third
 * click of a millisecond is the same click everywhere. The data comes from the first answer with the event.
 */
export function mergeEvents(answers: SessionEvent[][]): { key: string; event: SessionEvent }[] {
  const merged = new Map<string, SessionEvent>();
  for (const events of answers) {
    const seen = new Map<string, number>();
    for (const event of events) {
      const name = JSON.stringify([event.timestamp, event.windowId, event.type, event.name ?? null]);
      const place = seen.get(name) ?? 0;
      seen.set(name, place + 1);
      const key = `${name} ${place}`;
      if (!merged.has(key)) merged.set(key, event);
    }
  }
  // Sorting is stable: within a millisecond the order stays that of the server.
  return [...merged].map(([key, event]) => ({ key, event })).sort((a, b) => a.event.timestamp - b.event.timestamp);
}
