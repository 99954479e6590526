import { clock } from '../format';
import { Button, Popover } from '../ui/controls';
import type { Replay } from './use-replay';

const SPEEDS = [0.5, 1, 2, 4, 8, 16];

interface Props {
  replay: Replay;
  isLive: boolean;
  from: number;
  to: number;
  isFitted: boolean;
  onFit: (fit: boolean) => void;
  onStep: (direction: 1 | -1) => void;
  onFullScreen: () => void;
  /** What a step is. */
  step?: string;
}

export function Controls({ replay, isLive, from, to, isFitted, onFit, onStep, onFullScreen, step = 'event' }: Props) {
  const { state } = replay;
  const isPlaying = state?.isPlaying ?? false;
  return (
    <div className="controls" role="toolbar" aria-label="Player">
      <Button look="quiet" icon="previous" label={`Previous ${step} (Shift + ←)`} onClick={() => onStep(-1)} />
      <Button
        look="primary"
        className="play"
        icon={isPlaying ? 'pause' : 'play'}
        label={isPlaying ? 'Pause (space)' : 'Play (space)'}
        onClick={replay.toggle}
      />
      <Button look="quiet" icon="next" label={`Next ${step} (Shift + →)`} onClick={() => onStep(1)} />
      <span className="clock number">
        <b>{clock((state?.at ?? from) - from)}</b> / {clock(to - from)}
      </span>
      {(isLive || replay.isFollowing) && !replay.isOver && (
        <button
          type="button"
          className={`badge go-live ${replay.isFollowing && isLive ? 'green live' : ''}`}
          onClick={replay.goLive}
          aria-pressed={replay.isFollowing}
        >
          {replay.isFollowing ? 'Live' : 'Go live'}
        </button>
      )}
      <span className="grow" />
      <Button
        look="quiet"
        small
        icon="skip"
        aria-pressed={replay.skipIdle}
        onClick={() => replay.setSkipIdle(!replay.skipIdle)}
        title="Skip stretches without activity"
      >
        Skip idle
      </Button>
      <Popover
        side="right"
        title="Speed"
        button={(open, isOpen) => (
          <Button look="quiet" small onClick={open} aria-expanded={isOpen} aria-label={`Speed ${replay.speed}×`}>
            {replay.speed}×
          </Button>
        )}
      >
        {(close) =>
          SPEEDS.map((speed) => (
            <button
              key={speed}
              type="button"
              className="item"
              aria-current={speed === replay.speed}
              onClick={() => (replay.setSpeed(speed), close())}
            >
              {speed}×
            </button>
          ))
        }
      </Popover>
      <Button
        look="quiet"
        icon="fit"
        label={isFitted ? 'Show at full size' : 'Fit into the frame'}
        aria-pressed={isFitted}
        onClick={() => onFit(!isFitted)}
      />
      <Button look="quiet" icon="full" label="Full screen (f)" onClick={onFullScreen} />
    </div>
  );
}
