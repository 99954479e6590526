import { useCallback, useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import type { Gap, ReplayLine, Session } from '../api/types';
import type { PlayerState, Span, ToPlayer } from '../player/protocol';
import type { Report } from '../player/sanitize-parts';
import { serverNow } from '../api/client';
import { choice } from '../store';
import { assetsOf, type AssetPlace } from './assets';
import type { Phase } from './cover';
import { Collector, type Reading } from './devtools/collector';
import { isLive } from './live';
import { PlayerLink } from './player-link';
import { readLive, readStored, type LineSink, type Stop } from './sources';

export interface Replay {
  state: PlayerState | null;
  idle: Span[];
  report: Report | null;
  /** Gaps of the recording; null until it was read to its end. */
  gaps: Gap[] | null;
  error: unknown;
  /** How far the recording was read. */
  phase: Phase;
  /** Interactions from the stream, by reading. A seek starts another reading. */
  liveEvents: ReplayLine[][];
  /** Console and requests of what was read. */
  beside: Collector;
  /** Follows the newest moment of a live session. */
  isFollowing: boolean;
  /** The session has ended; nothing more will come. */
  isOver: boolean;
  speed: number;
  skipIdle: boolean;
  toggle: () => void;
  seek: (at: number, options?: { play?: boolean }) => void;
  setSpeed: (speed: number) => void;
  setSkipIdle: (skip: boolean) => void;
  setFit: (fit: boolean) => void;
  goLive: () => void;
  reload: () => void;
}

interface Preferences {
  speed: number;
  skipIdle: boolean;
}

const preferences = choice<Preferences>('player', { speed: 1, skipIdle: true });

/** Time before the newest moment of a live session that is fetched at once. */
const LIVE_LEAD_MS = 20_000;
const RETRY_MS = 2_000;
/** Failures of a live stream without data before they are reported. */
const MAX_RETRIES = 4;

/** What is played. */
export type Played = Pick<Session, 'status' | 'live' | 'liveUntil' | 'startedAt' | 'lastEventAt'>;

/** Where a recording comes from. */
export interface Source {
  recording: string;
  /** Of an open session. */
  live?: string;
  headers?: Record<string, string>;
  assets: AssetPlace;
}

export const sourceOf = ({ organizationId, id }: Session): Source => ({
  recording: `/sessions/${organizationId}/${id}/replay`,
  live: `/sessions/${organizationId}/${id}/live`,
  assets: assetsOf(organizationId),
});

/** Plays a session in the frame: fetches its data and reports the state. `startAt` in milliseconds since the epoch. The source stays the first one. */
export function useReplay(
  session: Played,
  given: Source,
  frame: RefObject<HTMLIFrameElement | null>,
  startAt: number | null,
): Replay {
  const [source] = useState(given);
  const isOpen = useRef(session.status === 'open');
  const [isOver, setOver] = useState(session.status !== 'open');
  const [state, setState] = useState<PlayerState | null>(null);
  const [idle, setIdle] = useState<Span[]>([]);
  const [report, setReport] = useState<Report | null>(null);
  const [gaps, setGaps] = useState<Gap[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [phase, setPhase] = useState<Phase>('loading');
  const [isFollowing, setFollowing] = useState(
    () => isOpen.current && startAt === null && isLive(session, serverNow()),
  );
  const [liveEvents, setLiveEvents] = useState<ReplayLine[][]>([]);
  const [chosen, setChosen] = useState(preferences.get);
  const [beside] = useState(() => new Collector());
  const reading = useRef<Reading | undefined>(undefined);
  const stop = useRef<Stop | undefined>(undefined);
  const player = useRef<PlayerLink | undefined>(undefined);
  const latest = useRef({ state, chosen, isFollowing });
  latest.current = { state, chosen, isFollowing };
  const retry = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const retries = useRef(0);

  const send = useCallback((message: ToPlayer) => player.current?.send(message), []);

  const load = useCallback(
    (from: number | null, at: number | null, follow: boolean, playing = true) => {
      stop.current?.();
      reading.current?.abort();
      reading.current = beside.begin(from);
      clearTimeout(retry.current);
      setError(null);
      setPhase('loading');
      setLiveEvents((readings) => (readings.at(-1)?.length === 0 ? readings : [...readings, []]));
      send({ type: 'reset', at, playing, follow, ...latest.current.chosen });
      const sink: LineSink = {
        lines(text) {
          retries.current = 0;
          send({ type: 'lines', text });
          reading.current?.lines(text);
          if (!isOpen.current) return;
          const found = interactions(text);
          if (found.length)
            setLiveEvents((readings) => [...readings.slice(0, -1), [...(readings.at(-1) ?? []), ...found]]);
        },
        end(found) {
          reading.current?.end();
          setGaps(found);
          setPhase('complete');
          send({ type: 'complete' });
        },
        caughtUp() {
          retries.current = 0;
          reading.current?.end();
          setPhase('caughtUp');
          send({ type: 'caughtUp' });
        },
        ended() {
          isOpen.current = false;
          reading.current?.end();
          setOver(true);
          setFollowing(false);
          setPhase('complete');
          send({ type: 'set', follow: false });
          send({ type: 'complete' });
        },
        failed(problem) {
          if (!isOpen.current || ++retries.current > MAX_RETRIES) return setError(problem);
          const { state: now, isFollowing: isStill } = latest.current;
          retry.current = setTimeout(
            () => load(now?.at ?? from, isStill ? null : (now?.at ?? null), isStill),
            RETRY_MS,
          );
        },
      };
      const { live, recording, headers } = source;
      stop.current =
        isOpen.current && live ? readLive(live, from, sink) : readStored(recording, from, sink, undefined, headers);
    },
    [source, send, beside],
  );

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const connection = new PlayerLink(
      element,
      (message) => {
        if (message.type === 'state') setState(message.state);
        else if (message.type === 'idle') setIdle(message.spans);
        else if (message.type === 'report') setReport(message.report);
        else if (message.type === 'failed') setError(new Error(message.message));
      },
      source.assets,
    );
    player.current = connection;
    // Only a live session opens at its newest moment. All others open at their start.
    if (latest.current.isFollowing) load(Math.max(session.startedAt, session.lastEventAt - LIVE_LEAD_MS), null, true);
    else load(startAt, startAt, false);
    return () => {
      stop.current?.();
      clearTimeout(retry.current);
      connection.close();
    };
    // oxlint-disable-next-line exhaustive-deps -- another session gets another session page.
  }, [load, frame]);

  const seek = useCallback(
    (moment: number, { play }: { play?: boolean } = {}) => {
      const at = Math.round(moment);
      const { state: now } = latest.current;
      setFollowing(false);
      const isLoaded = now?.buffered && at >= now.buffered[0] - 1_000 && at <= now.buffered[1];
      const playing = play ?? now?.isPlaying ?? false;
      if (!isLoaded) return load(at, at, false, playing);
      send({ type: 'seek', at });
      if (play && !now?.isPlaying) send({ type: 'play' });
      // The player answers a moment later. The slider must not jump back until then.
      setState((known) => known && { ...known, at });
    },
    [load, send],
  );

  const choose = useCallback(
    (change: Partial<Preferences>) => {
      setChosen((known) => {
        const next = { ...known, ...change };
        preferences.set(next);
        return next;
      });
      send({ type: 'set', ...change });
    },
    [send],
  );

  return useMemo(
    () => ({
      state,
      idle,
      report,
      gaps,
      error,
      phase,
      liveEvents,
      beside,
      isFollowing,
      isOver,
      ...chosen,
      toggle() {
        if (latest.current.state?.isPlaying) setFollowing(false);
        send({ type: latest.current.state?.isPlaying ? 'pause' : 'play' });
      },
      seek,
      setSpeed: (speed: number) => choose({ speed }),
      setSkipIdle: (skipIdle: boolean) => choose({ skipIdle }),
      setFit: (fit: boolean) => send({ type: 'set', fit }),
      goLive() {
        setFollowing(true);
        send({ type: 'set', follow: true });
      },
      reload() {
        retries.current = 0;
        const at = latest.current.state?.at ?? startAt;
        load(at, at, false);
      },
    }),
    [
      state,
      idle,
      report,
      gaps,
      error,
      phase,
      liveEvents,
      beside,
      isFollowing,
      isOver,
      chosen,
      seek,
      choose,
      send,
      load,
      startAt,
    ],
  );
}

function interactions(text: string): ReplayLine[] {
  const found: ReplayLine[] = [];
  for (const line of text.split('\n')) {
    if (!line.includes('"k":"e"')) continue;
    const parsed = JSON.parse(line) as ReplayLine;
    if (parsed.k === 'e') found.push(parsed);
  }
  return found;
}
