/** Notices over the player's screen while it has nothing new to show. */
import type { PlayerState } from '../player/protocol';

/** How far the recording was read: still loading, all so far of an open session, or complete. */
export type Phase = 'loading' | 'caughtUp' | 'complete';

export interface Situation {
  phase: Phase;
  state: Pick<PlayerState, 'isShown' | 'isWaiting'> | null;
  isFollowing: boolean;
  /** A page of the visitor is open. */
  isLive: boolean;
  hasReplay: boolean;
  /** What retention or an anonymization took from the session. */
  removed: string | null | undefined;
  /** Batches that never arrived. */
  missing: number;
}

/** `badge` is a few words in a corner; `empty` fills the screen. */
export type Notice =
  | { kind: 'none' }
  | { kind: 'loading' }
  | { kind: 'badge'; text: string }
  | { kind: 'empty'; title: string; text: string };

export function noticeOf(situation: Situation): Notice {
  return situation.state?.isShown ? overPicture(situation) : withoutPicture(situation);
}

function overPicture({ phase, state, isFollowing, isLive }: Situation): Notice {
  if (phase === 'caughtUp' && isFollowing && !isLive) return { kind: 'badge', text: 'The visitor closed the page' };
  if (!state?.isWaiting) return { kind: 'none' };
  if (phase === 'loading') return { kind: 'badge', text: 'Loading…' };
  if (isFollowing) return { kind: 'none' };
  return { kind: 'badge', text: isLive ? 'Waiting for the visitor' : 'End of the recording so far' };
}

const REMOVED: Record<string, [title: string, text: string]> = {
  recording: ['The recording was removed', 'Recordings are kept for a limited time. All events are listed.'],
  events: ['The events were removed', 'Events and recordings are kept for a limited time. The counts are still here.'],
  identity: [
    'This session was anonymized',
    'Its events, its recording and whatever identified the visitor are gone. The counts are still here.',
  ],
};

function withoutPicture({ phase, isLive, hasReplay, removed, missing }: Situation): Notice {
  if (removed && !hasReplay) {
    const [title, text] = REMOVED[removed] ?? ['A part of this session was removed', ''];
    return { kind: 'empty', title, text };
  }
  if (phase === 'loading') return { kind: 'loading' };
  if (missing > 0 && hasReplay)
    return {
      kind: 'empty',
      title: 'The recording cannot be shown',
      text: `${missing === 1 ? 'A part' : `${missing} parts`} of it never arrived, so the page cannot be rebuilt. All events are listed.`,
    };
  if (hasReplay)
    return {
      kind: 'empty',
      title: 'The recording cannot be shown',
      text: 'It has no full snapshot of a page. All events are listed.',
    };
  if (isLive)
    return {
      kind: 'empty',
      title: 'Nothing is recorded yet',
      text: 'The replay appears here when the visitor’s page sends its first snapshot.',
    };
  return { kind: 'empty', title: 'This session has no replay', text: 'All its events are listed.' };
}
