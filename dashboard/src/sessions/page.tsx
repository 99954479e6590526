import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { ListCsv } from '../analytics/list-csv';
import { AddToDashboard } from '../boards/add-to';
import { DownloadPerson } from '../access/person';
import { DeletePerson } from '../erasures/delete-menu';
import { count } from '../format';
import { link, navigate, useSearch } from '../router';
import { useTimeZone } from '../settings';
import { useChoice } from '../store';
import { useServerNow } from '../session/live';
import { useSigned } from '../signin/session';
import { Button, Popover, useRested } from '../ui/controls';
import { Icon } from '../ui/icons';
import { Empty, Failed, Skeleton } from '../ui/states';
import { COLUMNS, shownColumns } from './columns';
import { FilterBar } from './filter-bar';
import { useFilters } from './filters';
import { emptyAtEnd, mayGoOn } from './further';
import { useFacets } from './use-facets';
import { Row } from './row';
import { useListKeys } from './use-list-keys';
import { useSessions, useSessionsSource } from './use-sessions';
import './sessions.css';

const ROW = 46;
const PHONE_ROW = 76;

export function SessionsPage() {
  const { mayWatch } = useSigned();
  const { filter, listQuery } = useFilters();
  return (
    <div className="sessions">
      <div className="sessions-head">
        <div className="page-head">
          <h1>
            Sessions <Total />
          </h1>
          {mayWatch && <SearchField />}
          <ColumnPicker />
        </div>
        <FilterBar isSaving>
          <AddToDashboard
            tile={{ kind: 'sessions', title: 'Sessions', size: 'half', parameters: {} }}
            filter={listQuery}
          />
          <ListCsv list="sessions" {...useSessionsSource()} />
          <DownloadPerson userId={filter.userId} visitorId={filter.visitorId} />
          <DeletePerson userId={filter.userId} visitorId={filter.visitorId} />
        </FilterBar>
      </div>
      <List />
    </div>
  );
}

/** The number of matching sessions. */
function Total() {
  const { data } = useFacets();
  const { filter } = useFilters();
  // They are counted without what people keep with sessions.
  if (filter.tag || filter.watched || filter.collection) return null;
  return (
    <span className="muted total number">{data ? `${data.isExact ? '' : 'about '}${count(data.total)}` : ''}</span>
  );
}

function SearchField() {
  const [search, change] = useSearch();
  const [typed, setTyped] = useState(search.get('text') ?? '');
  const rested = useRested(typed.trim());
  const asked = search.get('text') ?? '';
  useEffect(() => {
    if (rested !== asked) change({ text: rested }, { replace: true });
    // oxlint-disable-next-line exhaustive-deps -- only what was typed changes the place.
  }, [rested]);
  useEffect(() => {
    if (!asked) setTyped('');
  }, [asked]);
  return (
    <label className="search-field">
      <Icon name="search" size={16} />
      <span className="hidden">Search</span>
      <input
        id="search"
        className="field"
        type="search"
        placeholder="Search users, pages, ids"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <kbd>/</kbd>
    </label>
  );
}

function ColumnPicker() {
  const [shown, setShown] = useChoice(shownColumns);
  const toggle = (name: string) =>
    setShown(shown.includes(name) ? shown.filter((other) => other !== name) : [...shown, name]);
  return (
    <div className="column-picker">
      <Popover
        side="right"
        title="Columns"
        button={(open, isOpen) => <Button icon="columns" label="Columns" onClick={open} aria-expanded={isOpen} />}
      >
        {() =>
          COLUMNS.map(({ name, label }) => (
            <label key={name} className="item check">
              <input
                type="checkbox"
                checked={shown.includes(name)}
                disabled={name === 'who'}
                onChange={() => toggle(name)}
              />
              {label}
            </label>
          ))
        }
      </Popover>
    </div>
  );
}

function List() {
  const list = useSessions();
  const zone = useTimeZone();
  const [shown] = useChoice(shownColumns);
  const columns = COLUMNS.filter(({ name }) => shown.includes(name) || name === 'who');
  const scroller = useRef<HTMLDivElement>(null);
  const isPhone = useIsPhone();
  const now = useServerNow();
  const { rows, hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (isPhone ? PHONE_ROW : ROW),
    overscan: 12,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  useEffect(() => virtual.measure(), [isPhone, virtual]);
  const selected = useListKeys(
    rows.length,
    (index) => virtual.scrollToIndex(index, { align: 'auto' }),
    (index) => rows[index] && navigate(link(`/sessions/${rows[index].id}`)),
  );

  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const empty = emptyAtEnd(list.data?.pages.map(({ sessions }) => sessions.length));
  const goesOn = mayGoOn(list, empty);
  useEffect(() => {
    if (goesOn && last > rows.length - 40) void fetchNextPage();
  }, [last, rows.length, goesOn, fetchNextPage]);

  if (list.isError && !rows.length) return <Failed error={list.error} retry={() => void list.refetch()} />;
  const again = () => void (list.isFetchNextPageError ? fetchNextPage() : list.refetch());
  const template = columns.map(({ width }) => width).join(' ');
  return (
    <div
      className="list"
      ref={scroller}
      style={{ '--columns': template } as React.CSSProperties}
      tabIndex={-1}
      role="table"
      aria-label="Sessions"
      aria-rowcount={hasNextPage ? -1 : rows.length + 1}
      aria-busy={list.isPending}
    >
      <div className="list-head" role="row">
        {columns.map(({ name, label, isRight }) => (
          <span key={name} role="columnheader" className={isRight ? 'right' : ''}>
            {label}
          </span>
        ))}
      </div>
      {list.arrived.count > 0 && (
        <button type="button" className="arrived" onClick={() => (list.arrived.clear(), void list.refetch())}>
          {list.arrived.count === 1 ? '1 new session' : `${list.arrived.count} new sessions`}
        </button>
      )}
      {list.isPending &&
        Array.from({ length: 14 }, (_, index) => (
          <div key={index} className="list-row waiting">
            <Skeleton height={18} width={`${88 - ((index * 17) % 40)}%`} />
          </div>
        ))}
      {list.isSuccess && !rows.length && !hasNextPage && <Nothing />}
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start, size, key }) => {
          const session = rows[index];
          return (
            session && (
              <Row
                key={key}
                session={session}
                columns={columns}
                top={start}
                height={size}
                isSelected={index === selected}
                index={index}
                now={now}
                zone={zone}
              />
            )
          );
        })}
      </div>
      {isFetchingNextPage && (
        <div className="list-row waiting">
          <Skeleton height={18} width="60%" />
        </div>
      )}
      {list.isError && <Failed error={list.error} retry={again} />}
      {list.isSuccess && hasNextPage && !isFetchingNextPage && !goesOn && (
        <p className="list-end">
          {rows.length ? 'No further session found yet' : 'No session found yet'}{' '}
          <Button small onClick={() => void fetchNextPage()}>
            Search further
          </Button>
        </p>
      )}
      {list.isSuccess && rows.length > 0 && !hasNextPage && (
        <p className="list-end">{rows.length === 1 ? '1 session' : `${rows.length} sessions`} in this time range</p>
      )}
    </div>
  );
}

function Nothing() {
  const { mayWatch } = useSigned();
  const { filter, times, change } = useFilters();
  const hasFilter = Object.keys(filter).length > 0;
  if (hasFilter) {
    return (
      <Empty
        title="No session matches"
        actions={
          <Button onClick={() => change(Object.fromEntries(Object.keys(filter).map((name) => [name, null])))}>
            Clear the filters
          </Button>
        }
      >
        A session must match every filter. Remove one, or choose a longer time range.
      </Empty>
    );
  }
  return (
    <Empty
      icon="sessions"
      title="No sessions in this time range"
      actions={
        <>
          {times.range !== '90d' && (
            <Button onClick={() => change({ range: '90d', from: null, to: null })}>Show 90 days</Button>
          )}
          {mayWatch && (
            <Button look="primary" onClick={() => navigate(link('/setup'))}>
              Install the SDK
            </Button>
          )}
        </>
      }
    >
      A session appears here seconds after someone opens a page with the SDK.
    </Empty>
  );
}

function useIsPhone(): boolean {
  const [isPhone, setPhone] = useState(() => matchMedia('(max-width: 820px)').matches);
  useEffect(() => {
    const query = matchMedia('(max-width: 820px)');
    const changed = () => setPhone(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  return isPhone;
}
