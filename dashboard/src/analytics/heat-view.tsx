import { useEffect, useRef, useState } from 'react';
import type { Heatmap } from '../api/types';
import { percent } from '../format';
import { useSigned } from '../signin/session';
import { drawHeat, drawScroll } from './heat-draw';
import { showStill, type Candidate } from './still';

const WIDTHS = { desktop: 1280, tablet: 820, mobile: 390 } as const;

/** The page, rebuilt from a recording in the player's document, with the heat drawn over it. */
export function HeatView({ data }: { data: Heatmap }) {
  const width = data.width || WIDTHS[data.viewport];
  const room = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pageHeight, setPageHeight] = useState(0);
  const height = Math.min(20_000, Math.max(pageHeight, data.height, 400));
  const [scale, setScale] = useState(1);
  const [opacity, setOpacity] = useState(75);
  const [hasPicture, setHasPicture] = useState(true);

  useEffect(() => {
    const element = room.current;
    if (!element) return;
    const measure = () => setScale(Math.min(1, element.clientWidth / width));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [width]);

  useEffect(() => setHasPicture(true), [data.page, data.snapshots]);

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
          <input
            type="range"
            min={0}
            max={100}
            value={opacity}
            onChange={(event) => setOpacity(Number(event.target.value))}
            aria-label="Strength of the heat"
          />
        </label>
        <span className="heat-scale" aria-hidden="true" />
        <span className="muted">{data.kind === 'scroll' ? 'few to all sessions' : 'few to many clicks'}</span>
        {!(hasPicture && data.snapshots.length) && (
          <span className="badge amber">No recording of this page: only the heat is shown</span>
        )}
      </div>
      <div className="heat-room" ref={room}>
        <div
          style={{
            width: width * scale,
            height: height * scale,
            position: 'relative',
            margin: '0 auto',
            overflow: 'hidden',
          }}
        >
          <div className="heat-page" style={{ width, height, transform: `scale(${scale})` }}>
            {data.snapshots.length > 0 && (
              <Still
                key={JSON.stringify([data.page, data.snapshots, width])}
                candidates={data.snapshots}
                page={data.page}
                width={width}
                height={height}
                onShown={setPageHeight}
                onPicture={setHasPicture}
              />
            )}
            <canvas
              ref={canvas}
              width={width}
              height={height}
              style={{ opacity: opacity / 100 }}
              role="img"
              aria-label={`${data.count} clicks on ${data.page}`}
            />
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

interface StillProps {
  candidates: Candidate[];
  page: string;
  width: number;
  height: number;
  onShown: (height: number) => void;
  /** Whether one of the sessions has a picture of the page. */
  onPicture: (has: boolean) => void;
}

/** One moment of a recording, at its full height: of the first session that really shows the page. */
function Still({ candidates, page, width, height, onShown, onPicture }: StillProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const { organizationId } = useSigned();
  const asked = useRef({ candidates, onShown, onPicture });
  asked.current = { candidates, onShown, onPicture };
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const { current } = asked;
    return showStill({
      frame: element,
      candidates: current.candidates,
      organizationId,
      page,
      width,
      onShown: current.onShown,
      onPicture: current.onPicture,
    });
  }, [organizationId, page, width]);
  return (
    <iframe
      ref={frame}
      src="/player.html"
      title="The page"
      sandbox="allow-scripts allow-same-origin"
      tabIndex={-1}
      width={width}
      height={height}
    />
  );
}
