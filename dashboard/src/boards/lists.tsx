/** Tiles that list something: the first rows, and a link to each. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { get, serverNow } from '../api/client';
import type { IssuePage, Pages, PeoplePage, SessionPage } from '../api/types';
import { useAnalysis, useSessionsLink } from '../analytics/page';
import { TileBody } from '../analytics/answer-table';
import { timeCell, type Table } from '../analytics/csv';
import { ago, count, duration, pathOf } from '../format';
import { titleOf } from '../issues/parts';
import { personLink } from '../people/use-people';
import { link, useSearch } from '../router';
import { useFilters } from '../sessions/filters';
import { nameOf } from '../sessions/visitor';
import { useTimeZone } from '../settings';
import { useSigned } from '../signin/session';
import { Empty, Loaded } from '../ui/states';

const ROWS = 10;
/** Parameters of a place that no list takes: its range is added as the list takes it. */
const RANGE = ['range', 'from', 'to'];

interface Line {
  key: string;
  href: string | undefined;
  title: string;
  about: string;
  number: ReactNode;
}

const NOTHING = <Empty title="Nothing in this time range">Choose a longer time range.</Empty>;

function Lines({ lines, empty = NOTHING }: { lines: Line[]; empty?: ReactNode }) {
  if (!lines.length) return empty;
  return (
    <ul className="board-lines">
      {lines.map(({ key, href, title, about, number }) => (
        <li key={key} className="row">
          <span className="grow">
            {href ? (
              <a className="link foreign cut" href={href}>
                {title}
              </a>
            ) : (
              <span className="foreign cut">{title}</span>
            )}
            <small className="muted foreign cut">{about}</small>
          </span>
          <span className="muted number">{number}</span>
        </li>
      ))}
    </ul>
  );
}

/** The first rows of a list that has the parameters of this place. */
function useRows<T>(kind: 'sessions' | 'people' | 'issues') {
  const { organizationId } = useSigned();
  const { times } = useFilters();
  const [search] = useSearch();
  const own = Object.fromEntries([...search].filter(([name]) => !RANGE.includes(name)));
  // A relative range has no end, so that it includes what comes now.
  const range = kind === 'people' ? {} : { from: times.from, to: times.range ? undefined : times.to };
  const asked = { limit: ROWS, ...own, ...range };
  return useQuery({
    queryKey: [kind, organizationId, 'tile', asked],
    queryFn: ({ signal }) => get<T>(`/${kind}/${encodeURIComponent(organizationId)}`, asked, signal),
    placeholderData: (before) => before,
  });
}

export function SessionsTile() {
  const query = useRows<SessionPage>('sessions');
  const zone = useTimeZone();
  const { mayWatch } = useSigned();
  const rows = query.data?.sessions;
  const table: Table | undefined = rows && {
    name: 'sessions',
    columns: ['started', 'session', 'duration ms', 'pages', 'country'],
    rows: rows.map((it) => [timeCell(it.startedAt, zone), it.id, it.durationMs, it.counts.pageviews, it.country]),
  };
  return (
    <TileBody tables={table && [table]}>
      <Loaded query={query} height={240}>
        {({ sessions }) => (
          <Lines
            lines={sessions.map((session) => ({
              key: session.id,
              href: mayWatch ? link(`/sessions/${session.id}`) : undefined,
              title: nameOf(session),
              about: session.initialUrl ? pathOf(session.initialUrl) : '',
              number: `${duration(session.durationMs)}, ${ago(session.startedAt, serverNow(), zone)}`,
            }))}
          />
        )}
      </Loaded>
    </TileBody>
  );
}

export function PeopleTile() {
  const query = useRows<PeoplePage>('people');
  const zone = useTimeZone();
  const { mayWatch } = useSigned();
  const rows = query.data?.people;
  const table: Table | undefined = rows && {
    name: 'people',
    columns: ['last seen', 'user', 'visitor', 'country'],
    rows: rows.map((it) => [timeCell(it.lastSeenAt, zone), it.userId, it.visitorId, it.country]),
  };
  return (
    <TileBody tables={table && [table]}>
      <Loaded query={query} height={240}>
        {({ people }) => (
          <Lines
            lines={people.map((person) => ({
              key: person.sessionId,
              href: (mayWatch && personLink(person)) || undefined,
              title: person.userId ?? person.visitorId ?? 'Unknown',
              about: [person.country, person.deviceType, person.browser].filter(Boolean).join(', '),
              number: ago(person.lastSeenAt, serverNow(), zone),
            }))}
            empty={<Empty title="Nobody matches">This list has no time range. Remove conditions to see more.</Empty>}
          />
        )}
      </Loaded>
    </TileBody>
  );
}

export function IssuesTile() {
  const query = useRows<IssuePage>('issues');
  const rows = query.data?.issues;
  const table: Table | undefined = rows && {
    name: 'errors',
    columns: ['error', 'message', 'occurrences', 'people'],
    rows: rows.map((it) => [titleOf(it), it.message, it.count, it.people]),
  };
  return (
    <TileBody tables={table && [table]}>
      <Loaded query={query} height={240}>
        {({ issues }) => (
          <Lines
            lines={issues.map((issue) => ({
              key: issue.id,
              href: link(`/errors/${encodeURIComponent(issue.id)}`),
              title: titleOf(issue),
              about: issue.message ?? '',
              number: count(issue.count),
            }))}
          />
        )}
      </Loaded>
    </TileBody>
  );
}

export function PagesTile() {
  const query = useAnalysis<Pages>('pages', { limit: 100 });
  const sessionsLink = useSessionsLink();
  const table: Table | undefined = query.data && {
    name: 'pages',
    columns: ['page', 'page views'],
    rows: query.data.rows.map(({ page, pageviews }) => [page, pageviews]),
  };
  return (
    <TileBody tables={table && [table]} measured={query.data}>
      <Loaded query={query} height={240}>
        {({ rows }) => (
          <Lines
            lines={rows.slice(0, ROWS).map(({ page, pageviews }) => ({
              key: page,
              href: sessionsLink({ url: page }),
              title: page,
              about: '',
              number: count(pageviews),
            }))}
          />
        )}
      </Loaded>
    </TileBody>
  );
}
