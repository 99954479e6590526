import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ApiError, call, get } from '../api/client';
import type { SavedFilter } from '../api/types';
import { useSigned } from '../signin/session';
import { choice } from '../store';

/** What is to be saved. */
export interface NewFilter {
  name: string;
  page: string;
  /** The parameters of the URL. */
  query: string;
  isShared: boolean;
}

/** Filters that an earlier version kept in this browser. */
export const kept = choice<{ name: string; query: string }[]>('savedFilters', []);

/** One's own views of all pages and those that others share, by name. */
export function useSavedFilters(): UseQueryResult<{ filters: SavedFilter[] }> {
  const { organizationId } = useSigned();
  const client = useQueryClient();
  const queryKey = ['saved-filters', organizationId];
  useEffect(() => {
    if (kept.get().length)
      void moveKept(organizationId).then(() => client.invalidateQueries({ queryKey: ['saved-filters'] }));
  }, [organizationId, client]);
  return useQuery({ queryKey, queryFn: ({ signal }) => get(`/saved-filters/${organizationId}`, {}, signal) });
}

export function useSave(done: () => void) {
  return useChange((path, filter: NewFilter) => call<SavedFilter>(path, { method: 'POST', json: filter }), done);
}

export function useForget() {
  return useChange((path, { id }: SavedFilter) => call<void>(`${path}/${id}`, { method: 'DELETE' }));
}

function useChange<A, T>(change: (path: string, given: A) => Promise<T>, done?: () => void) {
  const { organizationId } = useSigned();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: A) => change(`/saved-filters/${organizationId}`, given),
    onSuccess() {
      void client.invalidateQueries({ queryKey: ['saved-filters'] });
      done?.();
    },
  });
}

/** Moves them to the server, once. What the server refuses for good is left out. */
async function moveKept(organizationId: string): Promise<void> {
  for (const { name, query } of kept.get()) {
    try {
      await call(`/saved-filters/${organizationId}`, { method: 'POST', json: { name, query, isShared: false } });
    } catch (error) {
      if (!(error instanceof ApiError) || [0, 403, 429].includes(error.status) || error.status >= 500) return;
    }
    kept.set(kept.get().filter((other) => other.name !== name));
  }
}
