/** Collections of sessions. Times are milliseconds since the epoch. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call, get } from '../api/client';
import { useSigned } from '../signin/session';

export interface Collection {
  id: string;
  name: string;
  note: string;
  sessions: number;
  createdBy: string;
  createdAt: number;
  updatedAt: number;
}

type Fields = Pick<Collection, 'name' | 'note'>;

function usePath(): string {
  const { organizationId } = useSigned();
  return `/collections/${encodeURIComponent(organizationId)}`;
}

/** The collections of the organization by name, or only those with a session. */
export function useCollections(sessionId?: string, isNeeded = true) {
  const path = usePath();
  return useQuery({
    queryKey: ['collections', path, sessionId],
    queryFn: ({ signal }) => get<{ collections: Collection[] }>(path, { sessionId }, signal),
    enabled: isNeeded,
  });
}

/** A change, after which collections and lists of sessions are read again. */
function useChange<A, T>(change: (path: string, given: A) => Promise<T>, done?: (result: T) => void) {
  const path = usePath();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: A) => change(path, given),
    onSuccess(result) {
      done?.(result);
      for (const key of ['collections', 'sessions']) void client.invalidateQueries({ queryKey: [key] });
    },
  });
}

const one = (path: string, id: string): string => `${path}/${encodeURIComponent(id)}`;

/** Stores a new collection, or another name and note of one. */
export const useSave = (id: string | undefined, done: (saved: Collection) => void) =>
  useChange(
    (path, json: Fields) =>
      id === undefined
        ? call<Collection>(path, { method: 'POST', json })
        : call<Collection>(one(path, id), { method: 'PUT', json }),
    done,
  );

export const useRemove = (id: string, done: () => void) =>
  useChange((path, _none: undefined) => call<void>(one(path, id), { method: 'DELETE' }), done);

/** Puts a session into a collection, or takes it out. */
export const useCollect = (sessionId: string) =>
  useChange((path, { id, isIn }: { id: string; isIn: boolean }) =>
    call<void>(`${one(path, id)}/sessions/${encodeURIComponent(sessionId)}`, { method: isIn ? 'PUT' : 'DELETE' }),
  );
