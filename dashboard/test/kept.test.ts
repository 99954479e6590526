import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Session } from '../src/api/types';
import { useWatching } from '../src/kept/use-kept';
import type { PlayerState } from '../src/player/protocol';

const session = { organizationId: 'acme', id: 's1', isWatched: false } as Session;
const playing = { isPlaying: true, isShown: true, isWaiting: false } as PlayerState;
const paused = { ...playing, isPlaying: false };

describe('a session is watched', () => {
  const asked: string[] = [];
  const before = globalThis.fetch;
  const root = createRoot(document.createElement('div'));
  function Player({ of, state }: { of: Session; state: PlayerState | null }) {
    useWatching(of, state);
    return null;
  }
  const client = new QueryClient();
  const show = (of: Session, state: PlayerState | null) =>
    act(async () => {
      const player = createElement(Player, { of, state });
      root.render(createElement(QueryClientProvider, { client }, player));
    });
  const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
    globalThis.fetch = async (url, init) => (
      asked.push(`${init?.method} ${String(url)}`),
      new Response(null, { status: 204 })
    );
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    globalThis.fetch = before;
  });

  it('once it has played for ten seconds, pauses not counted', async () => {
    await show(session, playing);
    await pass(6_000);
    await show(session, paused);
    await pass(60_000);
    await show(session, playing);
    await pass(3_500);
    expect(asked).toEqual([]);
    await pass(1_000);
    expect(asked).toEqual(['PUT /sessions/acme/s1/watched']);
    await pass(60_000);
    await show({ ...session, isWatched: true }, playing);
    await pass(60_000);
    expect(asked).toHaveLength(1);
  });
});
