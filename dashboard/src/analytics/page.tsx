import type { ReactNode } from 'react';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { get, type Params } from '../api/client';
import type { Measured } from '../api/types';
import { percent } from '../format';
import { FilterBar } from '../sessions/filter-bar';
import { linkParams, useFilters } from '../sessions/filters';
import { link, useSearch } from '../router';
import { SavedFilters } from '../sessions/saved-filters';
import { useSigned } from '../signin/session';
import { AddToDashboard } from '../boards/add-to';
import type { NewTile } from '../boards/types';
import { AnswerTables } from './answer-table';
import type { Table } from './csv';
import './analytics.css';

/** The frame of an analytics page: its title and its filters. */
export function AnalyticsPage({
  title,
  about,
  actions,
  measured,
  tables,
  page,
  tile,
  children,
}: {
  title: string;
  about?: string;
  actions?: ReactNode;
  measured?: Measured | undefined;
  /** The answer as tables; none before it is there. */
  tables?: readonly Table[] | undefined;
  /** The page that saved views belong to. */
  page: string;
  /** What a dashboard asks to show the same, besides the filters; null: nothing yet. */
  tile: NewTile | null;
  children: ReactNode;
}) {
  const { query } = useFilters();
  return (
    <div className="page">
      <div className="page-head">
        <h1>{title}</h1>
        {measured && (
          <span className="muted measured" title="Time the server took">
            {measured.sampleRate < 1 ? `estimated from ${percent(measured.sampleRate)} of the sessions, ` : ''}
            {Math.max(1, Math.round(measured.tookMs))} ms
          </span>
        )}
        {about && <p>{about}</p>}
      </div>
      <div className="analytics-filters">
        <FilterBar>
          {actions}
          <SavedFilters page={page} />
          {tile && <AddToDashboard tile={tile} filter={query} />}
        </FilterBar>
      </div>
      {children}
      {tables && <AnswerTables tables={tables} />}
    </div>
  );
}

/** Sends a question about the matching sessions. */
export function useAnalysis<T>(name: string, params: Params = {}, isWanted = true): UseQueryResult<T> {
  const { organizationId } = useSigned();
  const { query } = useFilters();
  const asked = { ...query, ...params };
  return useQuery({
    queryKey: ['analytics', organizationId, name, asked],
    queryFn: ({ signal }) => get<T>(`/analytics/${organizationId}/${name}`, asked, signal),
    placeholderData: (before) => before,
    enabled: isWanted,
  });
}

/** Links to the sessions behind a number: the current filters and more. */
export function useSessionsLink(): (more?: Record<string, string | number | undefined>) => string {
  const [search] = useSearch();
  return (more) => link('/sessions', linkParams(search, more));
}
