import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError, call, get } from '../api/client';
import { useSigned } from '../signin/session';
import { bodyOf } from './question';
import type { Dashboard, Draft, ListedDashboard, NewTile } from './types';

/** A tile is added to what is there: after a change of somebody else, it is added to that. */
const ATTEMPTS = 3;

function usePath(): string {
  const { organizationId } = useSigned();
  return `/dashboards/${encodeURIComponent(organizationId)}`;
}

/** One's own dashboards and those that others share, by name. */
export function useBoards(isNeeded = true) {
  const path = usePath();
  return useQuery({
    queryKey: ['dashboards', path],
    queryFn: ({ signal }) => get<{ dashboards: ListedDashboard[] }>(path, {}, signal),
    enabled: isNeeded,
  });
}

export function useBoard(id: string) {
  const path = `${usePath()}/${encodeURIComponent(id)}`;
  return useQuery({ queryKey: ['dashboards', path], queryFn: ({ signal }) => get<Dashboard>(path, {}, signal) });
}

/** Stores a dashboard. After a refusal it is read again: somebody else may have changed it. */
function useChange<A>(change: (path: string, given: A) => Promise<Dashboard>) {
  const path = usePath();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: A) => change(path, given),
    onSuccess(board) {
      client.setQueryData(['dashboards', `${path}/${encodeURIComponent(board.id)}`], board);
      void client.invalidateQueries({ queryKey: ['dashboards', path], exact: true });
    },
    onError: () => void client.invalidateQueries({ queryKey: ['dashboards'] }),
  });
}

const store = (path: string, id: string, draft: Draft, version: number): Promise<Dashboard> =>
  call(`${path}/${encodeURIComponent(id)}`, { method: 'PUT', json: { ...bodyOf(draft), version } });

export const useCreate = () =>
  useChange((path, draft: Draft) => call<Dashboard>(path, { method: 'POST', json: bodyOf(draft) }));

/** The dashboard has the version that the change began with. */
export const useStore = () => useChange((path, board: Dashboard) => store(path, board.id, board, board.version));

/** Removes a dashboard. `done` leaves its page. */
export function useRemove({ id }: Dashboard, done: () => void) {
  const path = usePath();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (_none: undefined) => call<void>(`${path}/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onSuccess() {
      done();
      void client.invalidateQueries({ queryKey: ['dashboards', path], exact: true });
    },
  });
}

export const useAddTile = () =>
  useChange(async (path, { id, tile }: { id: string; tile: NewTile }): Promise<Dashboard> => {
    for (let attempt = 1; ; attempt += 1) {
      const board = await get<Dashboard>(`${path}/${encodeURIComponent(id)}`);
      try {
        return await store(path, id, { ...board, tiles: [...board.tiles, tile] }, board.version);
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 409 || attempt === ATTEMPTS) throw error;
      }
    }
  });
