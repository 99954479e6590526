import { useEffect, useRef, useState } from 'react';
import type { Heatmap } from '../api/types';
import { percent } from '../format';
import { PlayerLink } from '../session/player-link';
import { readStored } from '../session/sources';
import { useSigned } from '../signin/session';
import { drawHeat, drawScroll } from './heat-draw';

const WIDTHS = { desktop: 1280, tablet: 820, mobile: 390 } as const;

/** The page, rebuilt from a recording in the player's document, with the heat drawn over it. */
export function HeatView({ data }: { data: Heatmap }) {
  const width = data.width || WIDTHS[data.viewport];
  const room = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pageHeight, setPageHeight] = useState(0);
  const [isMissing, setMissing] = useState(false);
  const height = Math.min(20_000, Math.max(pageHeight, data.height, 400));
  const [scale, setScale] = useState(1);
  const [opacity, setOpacity] = useState(75);

  useEffect(() => {
    const element = room.current;
    if (!element) return;
    const measure = () => setScale(Math.min(1, element.clientWidth / width));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [width]);

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    if (data.kind === 'scroll') drawScroll(context, data, width, height);
    else drawHeat(context, data, width, height);
  }, [data, width, height]);

  return (
    <div className="heat-view">
      <div className="heat-tools">
        <label className="row muted">
          Heat
          <input type="range" min={0} max={100} value={opacity} onChange={(event) => setOpacity(Number(event.target.value))} aria-label="How strong the heat is drawn" />
        </label>
        <span className="heat-scale" aria-hidden="true" />
        <span className="muted">{data.kind === 'scroll' ? 'few to all sessions' : 'few to many clicks'}</span>
        {(!data.snapshotSession || isMissing) && <span className="badge amber">No recording of this page: only the heat is shown</span>}
      </div>
      <div className="heat-room" ref={room}>
        <div style={{ width: width * scale, height: height * scale, position: 'relative', margin: '0 auto', overflow: 'hidden' }}>
          <div className="heat-page" style={{ width, height, transform: `scale(${scale})` }}>
            {data.snapshotSession && <Still key={`${data.snapshotSession.id} ${data.snapshotSession.at}`} session={data.snapshotSession} page={data.page} width={width} height={height} onShown={setPageHeight} onMissing={setMissing} />}
            <canvas ref={canvas} width={width} height={height} style={{ opacity: opacity / 100 }} role="img" aria-label={`${data.count} clicks on ${data.page}`} />
          </div>
        </div>
      </div>
      {data.kind === 'scroll' && (
        <ol className="depths">
          {data.scroll.map(({ depth, sessions }) => (
            <li key={depth}>
              <span className="number">{depth}%</span>
              <i className="thin-bar" style={{ width: `${(sessions / Math.max(1, data.sessions)) * 100}%` }} />
              <span className="number muted">{percent(sessions / Math.max(1, data.sessions), 0)}</span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

/** One moment of a recording, at its full height. */
function Still({ session, page, width, height, onShown, onMissing }: { session: { id: string; at: number }; page: string; width: number; height: number; onShown: (height: number) => void; onMissing: (isMissing: boolean) => void }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const { organizationId } = useSigned();
  const { id, at } = session;
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const player = new PlayerLink(element, (message) => {
      if (message.type === 'stillShown') onShown(message.height);
      else if (message.type === 'stillMissing') onMissing(true);
    }, organizationId);
    onMissing(false);
    player.send({ type: 'reset', at: null, playing: false, speed: 1, skipIdle: false, follow: false });
    const stop = readStored(`/sessions/${organizationId}/${id}/replay`, at, {
      lines: (text) => player.send({ type: 'lines', text }),
      end: () => player.send({ type: 'still', at, page, width }),
      caughtUp: () => {},
      ended: () => {},
      // Without the page the heat says where, if not on what.
      failed: () => {},
    }, at + 4_000);
    return () => {
      stop();
      player.close();
    };
  }, [organizationId, id, at, page, width, onShown, onMissing]);
  return <iframe ref={frame} src="/player.html" title="The page" sandbox="allow-scripts allow-same-origin" tabIndex={-1} width={width} height={height} />;
}
