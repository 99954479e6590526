import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { get } from '../api/client';
import type { Session } from '../api/types';
import { link, usePlace } from '../router';
import { useSigned } from '../signin/session';
import { Empty, Failed, Skeleton } from '../ui/states';
import { Controls } from './controls';
import { Details } from './details';
import { EventList } from './event-list';
import { useMoments, type Moment } from './events';
import { Head } from './head';
import { Timeline } from './timeline';
import { usePlayerKeys } from './use-player-keys';
import { useReplay, type Replay } from './use-replay';
import './session.css';

export default function SessionPage() {
  const { parts: [, id = ''] } = usePlace();
  const { organizationId } = useSigned();
  const query = useQuery({ queryKey: ['session', organizationId, id], queryFn: ({ signal }) => get<Session>(`/sessions/${organizationId}/${encodeURIComponent(id)}`, {}, signal) });
  useEffect(() => {
    document.title = query.data ? `${query.data.userId ?? 'Session'} · CROW` : 'CROW';
    return () => void (document.title = 'CROW');
  }, [query.data]);
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <div className="session"><div className="session-head"><Skeleton height={32} width={360} /></div><Skeleton height={520} /></div>;
  return <SessionView session={query.data} />;
}

function SessionView({ session }: { session: Session }) {
  const { search } = usePlace();
  const frame = useRef<HTMLIFrameElement>(null);
  const [startAt] = useState(() => startOf(session, search.get('t')));
  const replay = useReplay(session, frame, startAt);
  const { moments, isPending, error } = useMoments(session, replay.liveEvents);
  const from = session.startedAt;
  const to = Math.max(session.lastEventAt, replay.state?.buffered?.[1] ?? 0, from + 1000);
  const at = replay.state?.at ?? startAt ?? from;
  const seek = (time: number) => replay.seek(time);
  const [tab, setTab] = useState<'events' | 'details'>('events');
  return (
    <div className="session">
      <Head session={session} at={at} from={from} isOver={replay.isOver} />
      <div className="session-body">
        <Player session={session} replay={replay} frame={frame} moments={moments} from={from} to={to} at={at} />
        <aside className="session-side">
          <div className="tabs" role="tablist" aria-label="About the session">
            {(['events', 'details'] as const).map((name) => (
              <button key={name} type="button" role="tab" id={`tab-${name}`} aria-selected={tab === name} aria-controls="session-panel" onClick={() => setTab(name)}>
                {name === 'events' ? 'Events' : 'Details'}
                {name === 'events' && <span className="muted number">{moments.length || ''}</span>}
              </button>
            ))}
          </div>
          <div id="session-panel" className="panel-body" role="tabpanel" aria-labelledby={`tab-${tab}`}>
            {tab === 'events' ? <EventList moments={moments} from={from} at={at} isPending={isPending} error={error} onSeek={seek} /> : <Details session={session} moments={moments} report={replay.report} gaps={replay.gaps ?? session.gaps} />}
          </div>
        </aside>
      </div>
    </div>
  );
}

/** `t` counts milliseconds from the session's start; a larger one is a moment since the epoch, as lists of numbers link to. */
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
  from: number;
  to: number;
  at: number;
}

function Player({ session, replay, frame, moments, from, to, at }: PlayerProps) {
  const stage = useRef<HTMLDivElement>(null);
  const [isFitted, setFitted] = useState(true);
  const { state } = replay;
  const step = (direction: 1 | -1) => {
    const target = direction === 1 ? moments.find((moment) => moment.at > at + 60) : moments.findLast((moment) => moment.at < at - 60);
    if (target) replay.seek(target.at);
  };
  const fullScreen = () => void (document.fullscreenElement ? document.exitFullscreen() : stage.current?.requestFullscreen());
  usePlayerKeys({ toggle: replay.toggle, step, move: (ms) => replay.seek(Math.min(to, Math.max(from, at + ms))), fullScreen });
  return (
    <section className="player" ref={stage} aria-label="Replay">
      <div className="address">
        <span className="cut mono">{state?.url || session.initialUrl || ' '}</span>
        {(state?.windows ?? 0) > 1 && <span className="badge">{state?.windows} windows</span>}
        {state?.isShown && <span className="muted number">{state.width} × {state.height}</span>}
      </div>
      <div className="screen">
        <iframe ref={frame} src="/player.html" title="Replay" sandbox="allow-scripts allow-same-origin" allow="fullscreen 'none'" />
        <Cover session={session} replay={replay} />
      </div>
      <Timeline from={from} to={to} at={at} buffered={state?.buffered ?? null} idle={replay.idle} gaps={replay.gaps ?? session.gaps} moments={moments} onSeek={(time) => replay.seek(time)} />
      <Controls replay={replay} from={from} to={to} isFitted={isFitted} onFit={(fit) => (setFitted(fit), replay.setFit(fit))} onStep={step} onFullScreen={fullScreen} />
    </section>
  );
}

/** What lies over the screen while there is nothing to see. */
function Cover({ session, replay }: { session: Session; replay: Replay }) {
  const { state, error } = replay;
  if (error) return <div className="cover"><Failed error={error} retry={replay.reload} /></div>;
  if (state?.isShown && state.isWaiting && !replay.isFollowing) return <div className="cover clear"><span className="badge">Loading…</span></div>;
  if (state?.isShown) return null;
  if (!session.hasReplay && replay.isOver) {
    return (
      <div className="cover">
        <Empty icon="play" title="This session has no replay">Its events are all here. To record the screen, give the tracker <code>replay</code>: see <a className="link" href={link('/setup')}>Set up</a>.</Empty>
      </div>
    );
  }
  return <div className="cover"><Skeleton height={3} width={120} /></div>;
}
