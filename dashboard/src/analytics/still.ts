/** Finds a recording that shows a page, and shows it in the player. */
import { assetsOf } from '../session/assets';
import { PlayerLink } from '../session/player-link';
import { readStored, type Stop } from '../session/sources';
import { pictureOf } from './picture';

export interface Candidate {
  id: string;
  /** When the visitor opened the page. */
  at: number;
}

interface Wanted {
  frame: HTMLIFrameElement;
  /** Likeliest first. */
  candidates: Candidate[];
  organizationId: string;
  page: string;
  width: number;
  onShown: (height: number) => void;
  onPicture: (has: boolean) => void;
}

/** The part of a recording that is read, from a little before the page was opened. */
const BEFORE_MS = 1_000;
const AFTER_MS = 15_000;

/** Shows the first candidate with a picture of the page. Returns a function that ends it. */
export function showStill({ frame, candidates, organizationId, page, width, onShown, onPicture }: Wanted): Stop {
  let shown = 0;
  const player = new PlayerLink(
    frame,
    (message) => {
      if (message.type === 'stillShown') onShown(message.height);
      // The player knows the recording best.
      else if (message.type === 'stillMissing') next(shown + 1);
    },
    assetsOf(organizationId),
  );
  let stop: Stop | undefined;
  let isOver = false;
  const next = (index: number) => {
    const candidate = candidates[index];
    shown = index;
    if (isOver) return;
    if (!candidate) return onPicture(false);
    const texts: string[] = [];
    const skip = () => next(index + 1);
    stop = readStored(
      `/sessions/${organizationId}/${candidate.id}/replay`,
      candidate.at - BEFORE_MS,
      {
        lines: (text) => void texts.push(text),
        end() {
          const at = pictureOf(texts.join(''), page, candidate.at);
          if (at === null) return skip();
          player.send({ type: 'reset', at: null, playing: false, speed: 1, skipIdle: false, follow: false });
          for (const text of texts) player.send({ type: 'lines', text });
          player.send({ type: 'still', at, page, width });
          onPicture(true);
        },
        caughtUp: () => {},
        ended: () => {},
        failed: skip,
      },
      candidate.at + AFTER_MS,
    );
  };
  next(0);
  return () => {
    isOver = true;
    stop?.();
    player.close();
  };
}
