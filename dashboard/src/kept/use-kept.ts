/** What people keep with sessions: notes, tags, and who has watched. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { call, get } from '../api/client';
import type { KnownTag, Note, Session } from '../api/types';
import type { PlayerState } from '../player/protocol';
import { useSigned } from '../signin/session';

const pathOf = ({ organizationId, id }: Pick<Session, 'organizationId' | 'id'>): string =>
  `/sessions/${organizationId}/${id}`;

/** The tags of the organization, most used first. */
export function useTags(): KnownTag[] {
  const { organizationId } = useSigned();
  const { data } = useQuery({
    queryKey: ['tags', organizationId],
    queryFn: ({ signal }) => get<{ tags: KnownTag[] }>(`/sessions/${organizationId}/tags`, {}, signal),
  });
  return data?.tags ?? [];
}

/** The notes of a session, by their moment. */
export function useNotes(session: Session) {
  return useQuery({
    queryKey: ['notes', session.organizationId, session.id],
    queryFn: ({ signal }) => get<{ notes: Note[] }>(`${pathOf(session)}/notes`, {}, signal),
  });
}

/** Changes something that is kept with a session, and reads what shows it again. */
function useChange<A, T>(session: Session, keys: string[], change: (path: string, given: A) => Promise<T>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: A) => change(pathOf(session), given),
    onSuccess() {
      for (const key of keys) void client.invalidateQueries({ queryKey: [key] });
    },
  });
}

export const useAddNote = (session: Session) =>
  useChange(session, ['notes'], (path, json: { at: number; text: string }) =>
    call<Note>(`${path}/notes`, { method: 'POST', json }),
  );

export const useChangeNote = (session: Session) =>
  useChange(session, ['notes'], (path, { id, text }: { id: string; text: string }) =>
    call<Note>(`${path}/notes/${id}`, { method: 'PUT', json: { text } }),
  );

export const useRemoveNote = (session: Session) =>
  useChange(session, ['notes'], (path, id: string) => call<void>(`${path}/notes/${id}`, { method: 'DELETE' }));

const TAGGED = ['tags', 'session', 'sessions'];

export const useAddTag = (session: Session) =>
  useChange(session, TAGGED, (path, tag: string) => call(`${path}/tags`, { method: 'POST', json: { tag } }));

export const useRemoveTag = (session: Session) =>
  useChange(session, TAGGED, (path, tag: string) =>
    call<void>(`${path}/tags/${encodeURIComponent(tag)}`, { method: 'DELETE' }),
  );

export const useSetWatched = (session: Session) =>
  useChange(session, ['session', 'sessions'], (path, isWatched: boolean) =>
    call<void>(`${path}/watched`, { method: isWatched ? 'PUT' : 'DELETE' }),
  );

const TICK_MS = 500;
/** Whoever has played so long has watched the session. */
export const WATCHED_MS = 10_000;

/** Marks a session as watched once it has played for ten seconds. */
export function useWatching(session: Session, state: PlayerState | null): void {
  const { mutate } = useSetWatched(session);
  const played = useRef(0);
  const isPlaying = !!state?.isPlaying && state.isShown && !state.isWaiting;
  const isKnown = session.isWatched !== false;
  useEffect(() => {
    if (!isPlaying || isKnown || played.current >= WATCHED_MS) return;
    const timer = setInterval(() => {
      played.current += TICK_MS;
      if (played.current < WATCHED_MS) return;
      clearInterval(timer);
      mutate(true);
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [isPlaying, isKnown, mutate]);
}
