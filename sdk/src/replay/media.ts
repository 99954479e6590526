import { NativeWeakMap, now } from './natives';

/** Seconds that a player may be wrong about where a medium is. */
const DRIFT = 0.5;

/** How a medium plays. */
export function mediaState({ currentTime, volume, muted, playbackRate, loop }: HTMLMediaElement): object {
  return { currentTime, volume, muted, playbackRate, loop };
}

/** Gives the function that says whether a medium is elsewhere than one would expect from what was last told. */
export function watchDrift(): (medium: HTMLMediaElement, isTick: boolean) => boolean {
  const told = new NativeWeakMap<Element, { place: number; at: number; rate: number }>();
  return (medium, isTick) => {
    const { currentTime: place, paused, playbackRate } = medium;
    const last = told.get(medium);
    if (isTick && last && Math.abs(last.place + ((now() - last.at) / 1000) * last.rate - place) < DRIFT) return false;
    told.set(medium, { place, at: now(), rate: paused ? 0 : playbackRate });
    return !isTick || !!last;
  };
}
