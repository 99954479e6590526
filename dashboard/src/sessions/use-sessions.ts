import { useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { address } from '../api/client';
import type { Session, SessionPage } from '../api/types';
import { useSigned } from '../signin/session';
import { usePages } from '../ui/pages';
import { isOfCohort } from './conditions';
import { isKept, useFilters, type Filter } from './filters';

const PAGE = 100;

/** What the list asks for. A relative range has no end, so it includes sessions that start now. */
export function useSessionsSource() {
  const { organizationId } = useSigned();
  const { listQuery, times } = useFilters();
  return { path: `/sessions/${organizationId}`, params: { ...listQuery, to: times.range ? undefined : times.to } };
}

/** Matching sessions, newest first, page by page. Open sessions are updated live. */
export function useSessions() {
  const { organizationId } = useSigned();
  const { filter, times } = useFilters();
  const { path, params: asked } = useSessionsSource();
  const key = ['sessions', organizationId, asked];
  const result = usePages<SessionPage>(key, path, { ...asked, limit: PAGE });
  const rows = useMemo(() => result.data?.pages.flatMap(({ sessions }) => sessions) ?? [], [result.data]);
  const arrived = useLiveList(liveAddress(organizationId, filter), key, result.isSuccess && times.range !== null);
  return { ...result, rows, arrived };
}

/** The stream of the sessions that fit; of all of them if the server cannot tell while they live. */
function liveAddress(organizationId: string, filter: Filter): string {
  const isKnown = !isOfCohort(filter.where) && !Object.keys(filter).some(isKept);
  return address(`/live/${organizationId}`, isKnown ? filter : {});
}

/** Follows sessions. Known rows are updated in place, and leave when they fit no more. New ones are only counted, so that the list does not jump. */
function useLiveList(stream: string, key: unknown[], isWanted: boolean): { count: number; clear: () => void } {
  const client = useQueryClient();
  const [arrived, setArrived] = useState<ReadonlySet<string>>(new Set());
  const name = JSON.stringify(key);
  useEffect(() => {
    setArrived(new Set());
    if (!isWanted) return;
    const source = new EventSource(stream);
    const change = (of: (rows: Session[]) => Session[]) =>
      client.setQueryData<InfiniteData<SessionPage>>(
        JSON.parse(name) as unknown[],
        (data) => data && { ...data, pages: data.pages.map((page) => ({ ...page, sessions: of(page.sessions) })) },
      );
    source.addEventListener('session', (event) => {
      const session = JSON.parse((event as MessageEvent<string>).data) as Session;
      let isKnown = false;
      change((rows) => {
        if (!rows.some(({ id }) => id === session.id)) return rows;
        isKnown = true;
        return rows.map((row) => (row.id === session.id ? { ...row, ...session } : row));
      });
      if (!isKnown) setArrived((known) => new Set(known).add(session.id));
    });
    source.addEventListener('other', (event) => {
      const { id: other } = JSON.parse((event as MessageEvent<string>).data) as { id: string };
      change((rows) => (rows.some(({ id }) => id === other) ? rows.filter(({ id }) => id !== other) : rows));
      setArrived((known) => (known.has(other) ? new Set([...known].filter((id) => id !== other)) : known));
    });
    return () => source.close();
  }, [client, stream, name, isWanted]);
  return { count: arrived.size, clear: () => setArrived(new Set()) };
}
