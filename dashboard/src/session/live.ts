/** Whether the session is live. *Open* is different: the idle timeout has not passed. */
import { useEffect, useState } from 'react';
import { serverNow } from '../api/client';
import type { Session } from '../api/types';

/** A page is open, or was within the last minute. Without updates from the server it ends by itself. */
export const isLive = ({ live, liveUntil }: Pick<Session, 'live' | 'liveUntil'>, now: number): boolean =>
  live && (liveUntil ?? 0) > now;

/** The server's time, as often as texts such as “3 min ago” and live badges need it. */
export function useServerNow(everyMs = 5_000): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
