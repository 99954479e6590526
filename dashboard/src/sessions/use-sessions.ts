import { useInfiniteQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { get } from '../api/client';
import type { Session, SessionPage } from '../api/types';
import { useSigned } from '../signin/session';
import { useFilters } from './filters';

const PAGE = 100;

/** Matching sessions, newest first, page by page. Open sessions are updated live. */
export function useSessions() {
  const { organizationId } = useSigned();
  const { listQuery: query, times } = useFilters();
  // A relative range has no end, so it includes sessions that start now.
  const asked = { ...query, to: times.range ? undefined : query.to };
  const key = ['sessions', organizationId, asked];
  const result = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      get<SessionPage>(`/sessions/${organizationId}`, { ...asked, limit: PAGE, cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  const rows = useMemo(() => result.data?.pages.flatMap(({ sessions }) => sessions) ?? [], [result.data]);
  const arrived = useLiveList(organizationId, key, result.isSuccess && times.range !== null);
  return { ...result, rows, arrived };
}

/** Follows the organization's sessions. Known rows are updated in place, and new ones are only counted, so that the list does not jump. */
function useLiveList(organizationId: string, key: unknown[], isWanted: boolean): { count: number; clear: () => void } {
  const client = useQueryClient();
  const [arrived, setArrived] = useState<ReadonlySet<string>>(new Set());
  const name = JSON.stringify(key);
  useEffect(() => {
    setArrived(new Set());
    if (!isWanted) return;
    const source = new EventSource(`/live/${organizationId}`);
    source.addEventListener('session', (event) => {
      const session = JSON.parse((event as MessageEvent<string>).data) as Session;
      let isKnown = false;
      client.setQueryData<InfiniteData<SessionPage>>(JSON.parse(name) as unknown[], (data) => {
        if (!data) return data;
        isKnown = data.pages.some(({ sessions }) => sessions.some(({ id }) => id === session.id));
        if (!isKnown) return data;
        return {
          ...data,
          pages: data.pages.map((page) => ({
            ...page,
            sessions: page.sessions.map((row) => (row.id === session.id ? { ...row, ...session } : row)),
          })),
        };
      });
      if (!isKnown) setArrived((known) => new Set(known).add(session.id));
    });
    return () => source.close();
  }, [client, organizationId, name, isWanted]);
  return { count: arrived.size, clear: () => setArrived(new Set()) };
}
