import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { get } from '../api/client';
import type { Session } from '../api/types';
import { count } from '../format';
import { link, usePlace } from '../router';
import { useSigned } from '../signin/session';
import { Empty, Failed, Skeleton } from '../ui/states';
import { Controls } from './controls';
import { noticeOf } from './cover';
import { Details } from './details';
import { ConsoleList } from './devtools/console-list';
import { NetworkList } from './devtools/network-list';
import { Performance } from './devtools/performance';
import { useBeside } from './devtools/use-beside';
import { ErrorList } from './error-list';
import { EventList } from './event-list';
import { indexAt, useMoments, type Moment } from './events';
import { Head } from './head';
import { isLive, useServerNow } from './live';
import { Summary } from '../interactions/summary';
import { useInteraction } from '../interactions/use-interactions';
import { Notes } from '../kept/notes';
import { useNotes, useWatching } from '../kept/use-kept';
import { Tabs } from './tabs';
import { Timeline, type TimelineNote } from './timeline';
import { usePlayerKeys } from './use-player-keys';
import { sourceOf, useReplay, type Replay } from './use-replay';
import './session.css';

const REFRESH_MS = 5_000;
const NO_NOTES: TimelineNote[] = [];

export default function SessionPage() {
  const {
    parts: [, id = ''],
  } = usePlace();
  const { organizationId } = useSigned();
  const query = useQuery({
    queryKey: ['session', organizationId, id],
    queryFn: ({ signal }) => get<Session>(`/sessions/${organizationId}/${encodeURIComponent(id)}`, {}, signal),
    // An open session continues: its counts and its live state change.
    refetchInterval: ({ state }) => (state.data?.status === 'open' ? REFRESH_MS : false),
  });
  useEffect(() => {
    document.title = query.data ? `${query.data.userId ?? 'Session'} · CROW` : 'CROW';
    return () => void (document.title = 'CROW');
  }, [query.data]);
  if (query.isError && !query.data) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (!query.data)
    return (
      <div className="session">
        <div className="session-head">
          <Skeleton height={32} width={360} />
        </div>
        <Skeleton height={520} />
      </div>
    );
  return <SessionView session={query.data} />;
}

type Tab = 'summary' | 'events' | 'errors' | 'console' | 'network' | 'performance' | 'notes' | 'details';

/** Tabs of what the page did beside what it showed. */
const BESIDE = new Set<Tab>(['console', 'network', 'performance']);

function SessionView({ session }: { session: Session }) {
  const { search } = usePlace();
  const frame = useRef<HTMLIFrameElement>(null);
  const [startAt] = useState(() => startOf(session, search.get('t')));
  const replay = useReplay(session, sourceOf(session), frame, startAt);
  const { moments, ...loading } = useMoments(session, replay.liveEvents);
  const from = session.startedAt;
  const to = Math.max(session.lastEventAt, replay.state?.buffered?.[1] ?? 0, from + 1000);
  const at = replay.state?.at ?? startAt ?? from;
  const live = isLive(session, useServerNow()) && !replay.isOver;
  const seek = (time: number) => replay.seek(time);
  const [tab, setTab] = useState<Tab>('events');
  const beside = useBeside(session, replay.beside, moments, BESIDE.has(tab));
  const interaction = useInteraction(session);
  const errors = useMemo(() => moments.filter(({ kind }) => kind === 'error'), [moments]);
  const notes = useNotes(session).data?.notes ?? NO_NOTES;
  useWatching(session, replay.state);
  const place = { from, at, onSeek: seek };
  return (
    <div className="session">
      <Head session={session} at={at} from={from} to={to} isLive={live} />
      <div className="session-body">
        <Player
          session={session}
          replay={replay}
          frame={frame}
          moments={moments}
          notes={notes}
          from={from}
          to={to}
          at={at}
          isLive={live}
        />
        <aside className="session-side">
          <Tabs
            label="About the session"
            panel="session-panel"
            value={tab}
            onChange={setTab}
            options={[
              ...(interaction ? ([['summary', 'Summary']] as const) : []),
              ['events', <Counted name="Events" many={moments.length} />],
              ['errors', <Counted name="Errors" many={errors.length} />],
              ['console', <Counted name="Console" many={beside.lines.length} />],
              ['network', <Counted name="Network" many={beside.requests.length} />],
              ['performance', 'Performance'],
              ['notes', <Counted name="Notes" many={notes.length} />],
              ['details', 'Details'],
            ]}
          />
          <div id="session-panel" className="panel-body" role="tabpanel" aria-labelledby={`tab-${tab}`}>
            {tab === 'summary' && interaction && <Summary interaction={interaction} from={from} onSeek={seek} />}
            {tab === 'events' && <EventList moments={moments} {...loading} {...place} />}
            {tab === 'errors' && <ErrorList errors={errors} {...loading} {...place} />}
            {tab === 'console' && <ConsoleList lines={beside.lines} isPending={beside.isPending} {...place} />}
            {tab === 'network' && <NetworkList requests={beside.requests} isPending={beside.isPending} {...place} />}
            {tab === 'performance' && <Performance beside={beside} moments={moments} to={to} {...place} />}
            {tab === 'notes' && <Notes session={session} {...place} />}
            {tab === 'details' && (
              <Details session={session} moments={moments} report={replay.report} gaps={replay.gaps ?? session.gaps} />
            )}
          </div>
        </aside>
      </div>
    </div>
  );
}

const Counted = ({ name, many }: { name: string; many: number }) => (
  <>
    {name}
    <span className="muted number">{count(many)}</span>
  </>
);

/** `t` counts milliseconds from the session's start; a larger value is a time since the epoch, which links from analytics use. */
function startOf({ startedAt }: Session, text: string | null): number | null {
  const t = Number(text);
  if (!text || !Number.isFinite(t) || t < 0) return null;
  return t > 1e11 ? t : startedAt + t;
}

interface PlayerProps {
  session: Session;
  replay: Replay;
  frame: React.RefObject<HTMLIFrameElement | null>;
  moments: Moment[];
  notes: TimelineNote[];
  from: number;
  to: number;
  at: number;
  isLive: boolean;
}

function Player({ session, replay, frame, moments, notes, from, to, at, isLive: live }: PlayerProps) {
  const stage = useRef<HTMLDivElement>(null);
  const [isFitted, setFitted] = useState(true);
  const { state } = replay;
  const url = state?.url || pageAt(moments, at) || session.initialUrl || '';
  const step = (direction: 1 | -1) => {
    const target =
      direction === 1
        ? moments.find((moment) => moment.at > at + 60)
        : moments.findLast((moment) => moment.at < at - 60);
    if (target) replay.seek(target.at);
  };
  const fullScreen = () =>
    void (document.fullscreenElement ? document.exitFullscreen() : stage.current?.requestFullscreen());
  usePlayerKeys({
    toggle: replay.toggle,
    step,
    move: (ms) => replay.seek(Math.min(to, Math.max(from, at + ms))),
    fullScreen,
  });
  return (
    <section className="player" ref={stage} aria-label="Replay">
      <div className="address">
        <span className="cut mono foreign" title={url} data-address>
          {url || '\u00a0'}
        </span>
        {(state?.windows ?? 0) > 1 && <span className="badge">{state?.windows} windows</span>}
        {state?.isShown && (
          <span className="muted number">
            {state.width} × {state.height}
          </span>
        )}
      </div>
      <div className="screen">
        <iframe
          ref={frame}
          src="/player.html"
          title="Replay"
          sandbox="allow-scripts allow-same-origin"
          allow="fullscreen 'none'"
        />
        <Cover session={session} replay={replay} isLive={live} />
      </div>
      <Timeline
        from={from}
        to={to}
        at={at}
        buffered={state?.buffered ?? null}
        idle={replay.idle}
        gaps={replay.gaps ?? session.gaps}
        moments={moments}
        notes={notes}
        onSeek={(time) => replay.seek(time)}
      />
      <Controls
        replay={replay}
        isLive={live}
        from={from}
        to={to}
        isFitted={isFitted}
        onFit={(fit) => (setFitted(fit), replay.setFit(fit))}
        onStep={step}
        onFullScreen={fullScreen}
      />
    </section>
  );
}

/** The page at a moment, from the page views, for when the player has none. */
function pageAt(moments: Moment[], at: number): string | undefined {
  const before = moments.slice(0, indexAt(moments, at) + 1);
  return before.findLast(({ kind, event }) => kind === 'page' && event.url)?.event.url ?? undefined;
}

/** The cover over the screen while there is no picture. */
function Cover({ session, replay, isLive: live }: { session: Session; replay: Replay; isLive: boolean }) {
  const { state, error, phase, isFollowing, gaps } = replay;
  if (error)
    return (
      <div className="cover">
        <Failed error={error} retry={replay.reload} />
      </div>
    );
  const notice = noticeOf({
    phase,
    state,
    isFollowing,
    isLive: live,
    hasReplay: session.hasReplay,
    removed: session.removed,
    missing: (gaps ?? session.gaps).length,
  });
  if (notice.kind === 'none') return null;
  if (notice.kind === 'badge')
    return (
      <div className="cover clear" role="status">
        <span className="badge">{notice.text}</span>
      </div>
    );
  if (notice.kind === 'loading')
    return (
      <div className="cover" role="status" aria-label="Loading the recording">
        <Skeleton height={3} width={120} />
      </div>
    );
  return (
    <div className="cover" role="status">
      <Empty icon="play" title={notice.title}>
        {notice.text}
        {!session.hasReplay && !session.removed && !live && (
          <>
            {' '}
            To record the screen, give the tracker <code>replay</code>: see{' '}
            <a className="link" href={link('/setup')}>
              Install
            </a>
            .
          </>
        )}
      </Empty>
    </div>
  );
}
