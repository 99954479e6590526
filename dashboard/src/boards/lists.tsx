/** Tiles that list something: the first rows, and a link to each. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { pagesOf, serverNow, type Params } from '../api/client';
import type { Issue, Pages, Person, Session } from '../api/types';
import { useAnalysis, useSessionsLink } from '../analytics/page';
import { TileBody } from '../analytics/answer-table';
import { firstOf, type Table } from '../analytics/csv';
import { ListCsv } from '../analytics/list-csv';
import { tableOf, type ListName, type ListPage } from '../analytics/lists';
import { MOST_TOP } from '../analytics/tables';
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
/** Pages that are asked for until there are so many rows. */
const PATIENCE = 30;
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

interface ListTileProps<R> {
  list: ListName;
  lineOf: (row: R) => Line;
  empty?: ReactNode;
}

/** With conditions, a page may have fewer rows than there are, even none. */
async function firstRows(list: ListName, path: string, params: Params, signal: AbortSignal): Promise<ListPage> {
  const rows: object[] = [];
  const first: ListPage = { [list]: rows };
  let pages = 0;
  for await (const page of pagesOf<ListPage>(path, params, signal)) {
    rows.push(...(page[list] ?? []));
    first.nextCursor = page.nextCursor ?? null;
    pages += 1;
    if (rows.length >= ROWS || pages === PATIENCE) break;
  }
  return first;
}

/** The first rows of a list that has the parameters of this place. The file has all of them. */
function ListTile<R extends object>({ list, lineOf, empty }: ListTileProps<R>) {
  const { organizationId } = useSigned();
  const { times } = useFilters();
  const [search] = useSearch();
  const zone = useTimeZone();
  const own = Object.fromEntries([...search].filter(([name]) => !RANGE.includes(name)));
  // A relative range has no end, so that it includes what comes now.
  const range = list === 'people' ? {} : { from: times.from, to: times.range ? undefined : times.to };
  const path = `/${list}/${encodeURIComponent(organizationId)}`;
  const params = { ...own, ...range };
  const query = useQuery({
    queryKey: [list, organizationId, 'tile', params],
    queryFn: ({ signal }) => firstRows(list, path, { limit: ROWS, ...params }, signal),
    placeholderData: (before) => before,
  });
  const rows = query.data?.[list];
  const table: Table | undefined = rows && { ...tableOf(list, rows, zone), isCut: Boolean(query.data?.nextCursor) };
  return (
    <TileBody tables={table && [table]} csv={<ListCsv small list={list} path={path} params={params} />}>
      <Loaded query={query} height={240}>
        {(page) => <Lines lines={((page[list] ?? []) as R[]).map(lineOf)} empty={empty} />}
      </Loaded>
    </TileBody>
  );
}

export function SessionsTile() {
  const zone = useTimeZone();
  const { mayWatch } = useSigned();
  const lineOf = (session: Session): Line => ({
    key: session.id,
    href: mayWatch ? link(`/sessions/${session.id}`) : undefined,
    title: nameOf(session),
    about: session.initialUrl ? pathOf(session.initialUrl) : '',
    number: `${duration(session.durationMs)}, ${ago(session.startedAt, serverNow(), zone)}`,
  });
  return <ListTile list="sessions" lineOf={lineOf} />;
}

export function PeopleTile() {
  const zone = useTimeZone();
  const { mayWatch } = useSigned();
  const lineOf = (person: Person): Line => ({
    key: person.sessionId,
    href: (mayWatch && personLink(person)) || undefined,
    title: person.userId ?? person.visitorId ?? 'Unknown',
    about: [person.country, person.deviceType, person.browser].filter(Boolean).join(', '),
    number: ago(person.lastSeenAt, serverNow(), zone),
  });
  return (
    <ListTile
      list="people"
      lineOf={lineOf}
      empty={<Empty title="Nobody matches">This list has no time range. Remove conditions to see more.</Empty>}
    />
  );
}

export const IssuesTile = () => (
  <ListTile
    list="issues"
    lineOf={(issue: Issue) => ({
      key: issue.id,
      href: link(`/errors/${encodeURIComponent(issue.id)}`),
      title: titleOf(issue),
      about: issue.message ?? '',
      number: count(issue.count),
    })}
  />
);

export function PagesTile() {
  const query = useAnalysis<Pages>('pages', { limit: MOST_TOP });
  const sessionsLink = useSessionsLink();
  const table: Table | undefined = query.data && {
    name: firstOf('pages', query.data.rows.length, MOST_TOP),
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
