import { useEffect, useRef } from 'react';
import { ListCsv } from '../analytics/list-csv';
import type { Person } from '../api/types';
import { serverNow } from '../api/client';
import { ago, country, fullTime } from '../format';
import { link, navigate, useSearch } from '../router';
import { Conditions } from '../sessions/condition-chips';
import { emptyAtEnd, mayGoOn } from '../sessions/further';
import { useListKeys } from '../sessions/use-list-keys';
import { useTimeZone } from '../settings';
import { Button, Card } from '../ui/controls';
import { Empty, Failed, Skeleton } from '../ui/states';
import { Cohorts } from './cohorts';
import { personLink, usePeople, usePeopleSource } from './use-people';
import '../admin/admin.css';
import '../sessions/sessions.css';
import './people.css';

/** Users, and browsers of which no user is known. */
export default function PeoplePage() {
  const [search, change] = useSearch();
  return (
    <div className="page">
      <div className="page-head">
        <h1>People</h1>
        <ListCsv list="people" {...usePeopleSource()} />
        <p>
          Users, and unidentified visitors. Conditions test the newest session of each person. A cohort tests all
          sessions of its days.
        </p>
      </div>
      <div className="stack">
        <div className="row people-filters">
          <input
            className="field"
            id="search"
            type="search"
            aria-label="Id or property"
            placeholder="Id or property"
            maxLength={200}
            value={search.get('who') ?? ''}
            onChange={({ target }) => change({ who: target.value }, { replace: true })}
          />
          <Conditions value={search.get('where') ?? undefined} onChange={(where) => change({ where })} />
          <Cohorts />
        </div>
        <List />
      </div>
    </div>
  );
}

const hrefOf = (person: Person): string => personLink(person) ?? link(`/sessions/${person.sessionId}`);

function List() {
  const query = usePeople();
  const { people, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const body = useRef<HTMLTableSectionElement>(null);
  const selected = useListKeys(
    people.length,
    (index) => body.current?.children[index]?.scrollIntoView({ block: 'nearest' }),
    (index) => people[index] && navigate(hrefOf(people[index])),
  );
  const empty = emptyAtEnd(query.data?.pages.map((page) => page.people.length));
  const goesOn = mayGoOn(query, empty);
  // The server looks at so many sessions at a time. Until somebody is found, it goes on for a few pages.
  useEffect(() => {
    if (!people.length && goesOn) void fetchNextPage();
  }, [people.length, goesOn, fetchNextPage]);
  if (query.isError && !query.data) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const again = () => void (query.isFetchNextPageError ? fetchNextPage() : query.refetch());
  const isSearching = query.isPending || (!people.length && (goesOn || isFetchingNextPage));
  return (
    <Card flush>
      {isSearching ? (
        <Skeleton height={320} />
      ) : !people.length ? (
        !hasNextPage && <Nothing />
      ) : (
        <div className="scroll-x">
          <table className="table cards people">
            <thead>
              <tr>
                <th>Who</th>
                <th>Properties</th>
                <th>Country</th>
                <th>Device</th>
                <th className="right">Last seen</th>
              </tr>
            </thead>
            <tbody ref={body}>
              {people.map((person, index) => (
                <Row key={person.sessionId} person={person} isSelected={index === selected} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {query.isError && <Failed error={query.error} retry={again} />}
      {!isSearching && hasNextPage && !query.isError && (
        <div className="more-letters">
          {!people.length && <p className="muted">Nobody found in the newest sessions.</p>}
          <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {people.length ? 'Show more' : 'Search further'}
          </Button>
        </div>
      )}
    </Card>
  );
}

function Row({ person, isSelected }: { person: Person; isSelected: boolean }) {
  const zone = useTimeZone();
  const { userId, visitorId, deviceType, browser, os } = person;
  const traits = Object.entries(person.traits ?? {});
  return (
    <tr className={isSelected ? 'selected' : ''}>
      <td className="who">
        <a className="link foreign cut" href={hrefOf(person)}>
          {userId ?? visitorId ?? 'Unknown'}
        </a>
        {person.kind === 'visitor' && <small className="muted">visitor</small>}
      </td>
      <td data-label="Properties" className="traits">
        <span className="cut foreign">
          {traits.length
            ? traits
                .slice(0, 4)
                .map(([name, value]) => `${name}: ${shown(value)}`)
                .join(' · ')
            : '–'}
        </span>
      </td>
      <td data-label="Country">{person.country ? country(person.country) : '–'}</td>
      <td data-label="Device">{[deviceType, browser, os].filter(Boolean).join(', ') || '–'}</td>
      <td data-label="Last seen" className="right">
        <time title={fullTime(person.lastSeenAt, zone)}>{ago(person.lastSeenAt, serverNow(), zone)}</time>
      </td>
    </tr>
  );
}

/** A value of a property as a text. */
export const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function Nothing() {
  const [search, change] = useSearch();
  if (!search.get('who') && !search.get('where'))
    return (
      <Empty icon="user" title="Nobody yet">
        A visitor appears with the first session. Call <code>tracker.identify(userId)</code> when someone signs in, and
        earlier sessions of the same browser belong to the user.
      </Empty>
    );
  return (
    <Empty
      icon="user"
      title="Nobody matches"
      actions={<Button onClick={() => change({ who: null, where: null })}>Clear filters</Button>}
    >
      Search for another id or property, or remove a condition.
    </Empty>
  );
}
