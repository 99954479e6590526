import { useEffect, useMemo, useRef, useState } from 'react';
import { call } from '../api/client';
import type { Shared } from '../api/types';
import { fullTime } from '../format';
import { Controls } from '../session/controls';
import { noticeOf } from '../session/cover';
import { Timeline } from '../session/timeline';
import { usePlayerKeys } from '../session/use-player-keys';
import { useReplay, type Source } from '../session/use-replay';
import { useTimeZone } from '../settings';
import { Empty, Failed, Skeleton } from '../ui/states';

/** The token of the link. Browsers send no fragment, so it is in no log of a server and in no `Referer`. */
const token = (): string => window.location.hash.slice(1);

export function SharedPage() {
  const [headers] = useState(() => ({ 'X-Crow-Link': token() }));
  const [shown, setShown] = useState<Shared>();
  const [error, setError] = useState<unknown>();
  const isAsked = useRef(false);
  useEffect(() => {
    // Each request counts that the link was opened.
    if (isAsked.current) return;
    isAsked.current = true;
    call<Shared>('/shared/open', { method: 'POST', headers }).then(setShown, setError);
  }, [headers]);
  if (error)
    return (
      <main className="shared">
        <Failed error={error} />
      </main>
    );
  if (!shown)
    return (
      <main className="shared">
        <Skeleton height={520} />
      </main>
    );
  return <SharedPlayer shown={shown} headers={headers} />;
}

function SharedPlayer({ shown, headers }: { shown: Shared; headers: Record<string, string> }) {
  const zone = useTimeZone();
  const { from, isMasked, expiresAt } = shown;
  const frame = useRef<HTMLIFrameElement>(null);
  const stage = useRef<HTMLElement>(null);
  const [isFitted, setFitted] = useState(true);
  const source = useMemo<Source>(
    () => ({ recording: '/shared/replay', headers, assets: { path: '/shared/assets', headers } }),
    [headers],
  );
  const session = { status: 'closed', live: false, liveUntil: null, startedAt: from, lastEventAt: shown.to };
  const replay = useReplay(session, source, frame, null);
  const { state, error, phase, gaps } = replay;
  const to = Math.max(shown.to, from + 1000);
  const at = Math.max(from, state?.at ?? from);
  const seek = (moment: number) => replay.seek(Math.min(to, Math.max(from, moment)));
  const fullScreen = () =>
    void (document.fullscreenElement ? document.exitFullscreen() : stage.current?.requestFullscreen());
  const step = (direction: 1 | -1) => seek(at + direction * 5_000);
  usePlayerKeys({ toggle: replay.toggle, step, move: (ms) => seek(at + ms), fullScreen });
  const missing = (gaps ?? shown.gaps).length;
  const notice = noticeOf({ phase, state, isFollowing: false, isLive: false, hasReplay: true, removed: null, missing });
  return (
    <main className="shared">
      <header className="shared-head">
        <h1>Session replay</h1>
        <time className="muted grow">{fullTime(from, zone)}</time>
        {isMasked && (
          <span className="badge" title="Texts and pictures of the page are left out.">
            masked
          </span>
        )}
        <span className="muted">Link works until {fullTime(expiresAt, zone)}</span>
      </header>
      <section className="player" ref={stage} aria-label="Replay">
        <div className="screen">
          <iframe
            ref={frame}
            src="/player.html"
            title="Replay"
            sandbox="allow-scripts allow-same-origin"
            allow="fullscreen 'none'"
          />
          {error ? (
            <div className="cover">
              <Failed error={error} retry={replay.reload} />
            </div>
          ) : (
            <Notice notice={notice} />
          )}
        </div>
        <Timeline
          from={from}
          to={to}
          at={at}
          buffered={state?.buffered ?? null}
          idle={replay.idle}
          gaps={gaps ?? shown.gaps}
          moments={[]}
          onSeek={seek}
        />
        <Controls
          replay={replay}
          isLive={false}
          from={from}
          to={to}
          isFitted={isFitted}
          onFit={(fit) => (setFitted(fit), replay.setFit(fit))}
          onStep={step}
          onFullScreen={fullScreen}
          step="5 seconds"
        />
      </section>
    </main>
  );
}

function Notice({ notice }: { notice: ReturnType<typeof noticeOf> }) {
  if (notice.kind === 'none') return null;
  if (notice.kind === 'empty')
    return (
      <div className="cover" role="status">
        <Empty icon="play" title="The recording cannot be shown" />
      </div>
    );
  return (
    <div className={`cover ${notice.kind === 'badge' ? 'clear' : ''}`} role="status">
      {notice.kind === 'badge' ? <span className="badge">{notice.text}</span> : <Skeleton height={3} width={120} />}
    </div>
  );
}
