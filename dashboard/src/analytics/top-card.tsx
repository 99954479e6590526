import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import type { Dimension, Top } from '../api/types';
import { count, country, percent } from '../format';
import { Card, Segments } from '../ui/controls';
import { Loaded } from '../ui/states';
import { alsoIs } from '../sessions/conditions';
import { useFilters } from '../sessions/filters';
import { AddToDashboard } from '../boards/add-to';
import { CsvButton, TileBody } from './answer-table';
import { useAnalysis, useSessionsLink } from './page';
import { MOST_TOP, topTable } from './tables';

/** The filter that shows the sessions behind a row. */
const FILTERS: Record<Dimension, string> = {
  page: 'url',
  entryPage: 'url',
  exitPage: 'url',
  referrer: 'referrer',
  country: 'country',
  device: 'device',
  browser: 'browser',
  os: 'os',
  eventType: 'eventType',
  eventName: 'eventName',
  channel: 'where',
  referrerGroup: 'where',
  utmSource: 'where',
  utmMedium: 'where',
  utmCampaign: 'where',
};
const SHOWN = 8;

/** The server's name for a missing value. */
const isNone = (value: string): boolean => !value || value === '(none)';

function labelOf(dimension: Dimension, value: string): string {
  if (isNone(value))
    return dimension === 'referrer' || dimension === 'referrerGroup'
      ? 'Direct'
      : dimension.startsWith('utm')
        ? 'none'
        : 'unknown';
  if (dimension === 'country') return country(value);
  return dimension === 'referrer' ? value.replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '') : value;
}

export function TopCard({
  title,
  dimensions,
  className,
}: {
  title: string;
  dimensions: readonly (readonly [Dimension, string])[];
  className: string;
}) {
  const [dimension, setDimension] = useState(dimensions[0]?.[0] ?? 'page');
  const label = dimensions.find(([name]) => name === dimension)?.[1] ?? '';
  const tileTitle = dimensions.length > 1 ? `${title} by ${label.toLowerCase()}` : title;
  const { query: filters } = useFilters();
  // All of them: the file has them, too.
  const query = useAnalysis<Top>('top', { dimension, limit: MOST_TOP });
  return (
    <Card
      className={className}
      title={title}
      actions={
        <div className="row">
          {dimensions.length > 1 && (
            <Segments label={title} value={dimension} onChange={setDimension} options={dimensions} />
          )}
          {query.data && <CsvButton table={topTable(dimension, query.data)} />}
          <AddToDashboard
            small
            tile={{ kind: 'top', title: tileTitle, size: 'half', parameters: { dimension } }}
            filter={filters}
          />
        </div>
      }
    >
      <TopRows query={query} dimension={dimension} />
    </Card>
  );
}

/** The most frequent values, in a dashboard. */
export function TopTile({ dimension }: { dimension: Dimension }) {
  const query = useAnalysis<Top>('top', { dimension, limit: MOST_TOP });
  return (
    <TileBody tables={query.data && [topTable(dimension, query.data)]} measured={query.data}>
      <TopRows query={query} dimension={dimension} />
    </TileBody>
  );
}

function TopRows({ query, dimension }: { query: UseQueryResult<Top>; dimension: Dimension }) {
  const [isLong, setLong] = useState(false);
  const sessionsLink = useSessionsLink();
  const { filter } = useFilters();
  const linkOf = (value: string) => {
    if (isNone(value)) return sessionsLink();
    const name = FILTERS[dimension];
    return sessionsLink({ [name]: name === 'where' ? alsoIs(filter.where, dimension, value) : value });
  };
  return (
    <div className={`top-rows ${isLong ? 'long' : ''}`}>
      <Loaded query={query} height={SHOWN * 34}>
        {({ rows: all }) => {
          const rows = isLong ? all : all.slice(0, SHOWN);
          const total = rows.reduce((sum, { sessions }) => sum + sessions, 0);
          const most = Math.max(1, ...rows.map(({ sessions }) => sessions));
          return (
            <>
              <div className="bars">
                {rows.map(({ value, sessions }) => (
                  <a
                    key={value}
                    className="bar"
                    style={{ '--share': `${(sessions / most) * 100}%` } as React.CSSProperties}
                    href={linkOf(value)}
                  >
                    <span className="cut foreign" title={labelOf(dimension, value)}>
                      {labelOf(dimension, value)}
                    </span>
                    <span className="number">{count(sessions)}</span>
                    <span className="share">{percent(sessions / Math.max(1, total), 0)}</span>
                  </a>
                ))}
              </div>
              {!rows.length && <p className="muted nothing">No data in this time range.</p>}
              {all.length > SHOWN && (
                <button type="button" className="button quiet small more-rows" onClick={() => setLong(!isLong)}>
                  {isLong ? 'Show fewer' : 'Show more'}
                </button>
              )}
            </>
          );
        }}
      </Loaded>
    </div>
  );
}
