import { useMemo } from 'react';
import type { EventCounts } from '../api/types';
import { count, exactCount } from '../format';
import { useSearch } from '../router';
import { useFilters } from '../sessions/filters';
import { useTimeZone } from '../settings';
import { TimeChart } from '../ui/chart';
import { Button, Card } from '../ui/controls';
import { Empty, Loaded } from '../ui/states';
import { BUCKETS, bucketOf, partialOf } from './buckets';
import { eventTables } from './tables';
import { TileBody } from './answer-table';
import { AnalyticsPage, useAnalysis, useSessionsLink } from './page';

export default function EventsPage() {
  const { times } = useFilters();
  const [search, change] = useSearch();
  const zone = useTimeZone();
  const bucket = bucketOf(times.from, times.to);
  const chosen = { type: search.get('type') ?? undefined, name: search.get('name') ?? undefined };
  const all = useAnalysis<EventCounts>('events', { bucket, timezone: zone });
  const one = useAnalysis<EventCounts>('events', { bucket, timezone: zone, ...chosen }, chosen.type !== undefined);
  const shown = chosen.type === undefined ? all : one;
  const title = chosen.type === undefined ? 'All events' : (chosen.name ?? chosen.type);
  return (
    <AnalyticsPage
      title="Events"
      measured={all.data}
      tables={all.data && eventTables(all.data, zone)}
      page="events"
      tile={{ kind: 'events', title, size: 'half', parameters: { ...chosen } }}
      about="All events by type, and by the name your app gave them."
    >
      <div className="stack">
        <Card
          title={title}
          actions={
            chosen.type !== undefined && (
              <Button small onClick={() => change({ type: null, name: null })}>
                All events
              </Button>
            )
          }
        >
          <Loaded query={shown} height={264}>
            {(data) => <EventChart data={data} label={title} zone={zone} range={times} bucketMs={BUCKETS[bucket]} />}
          </Loaded>
        </Card>
        <Card title="By type and name" flush>
          <Loaded query={all} height={320}>
            {(data) => <EventTable data={data} chosen={chosen} choose={(type, name) => change({ type, name })} />}
          </Loaded>
        </Card>
      </div>
    </AnalyticsPage>
  );
}

/** The chart of all events, or of those of one type, in a dashboard. */
export function EventsTile() {
  const { times } = useFilters();
  const [search] = useSearch();
  const zone = useTimeZone();
  const bucket = bucketOf(times.from, times.to);
  const chosen = { type: search.get('type') ?? undefined, name: search.get('name') ?? undefined };
  const query = useAnalysis<EventCounts>('events', { bucket, timezone: zone, ...chosen });
  const label = chosen.name ?? chosen.type ?? 'All events';
  return (
    <TileBody tables={query.data && eventTables(query.data, zone)} measured={query.data}>
      <Loaded query={query} height={264}>
        {(data) => <EventChart data={data} label={label} zone={zone} range={times} bucketMs={BUCKETS[bucket]} />}
      </Loaded>
    </TileBody>
  );
}

function EventChart({
  data,
  label,
  zone,
  range,
  bucketMs,
}: {
  data: EventCounts;
  label: string;
  zone: string;
  range: { from: number; to: number };
  bucketMs: number;
}) {
  const times = useMemo(() => data.series.map(({ t }) => t), [data]);
  const series = useMemo(
    () => [
      {
        label,
        color: '--plum',
        values: data.series.map((bucket) => bucket.count),
        partial: partialOf(data.series, range.from, range.to, bucketMs),
      },
    ],
    [data, label, range, bucketMs],
  );
  return <TimeChart times={times} series={series} timeZone={zone} bucketMs={bucketMs} />;
}

interface TableProps {
  data: EventCounts;
  chosen: { type: string | undefined; name: string | undefined };
  choose: (type: string, name: string | null) => void;
}

function EventTable({ data: { rows }, chosen, choose }: TableProps) {
  const sessionsLink = useSessionsLink();
  if (!rows.length)
    return (
      <Empty icon="events" title="No events in this time range">
        Choose a longer time range, or remove a filter.
      </Empty>
    );
  const most = Math.max(...rows.map((row) => row.count));
  return (
    <div className="scroll-x">
      <table className="table cards">
        <thead>
          <tr>
            <th>Event</th>
            <th>Type</th>
            <th className="right">Count</th>
            <th className="right">Sessions</th>
            <th className="share-column">Share</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ type, name = null, count: events, sessions }) => (
            <tr key={`${type} ${name}`} aria-current={chosen.type === type && (chosen.name ?? null) === name}>
              <td>
                <button type="button" className="plain link foreign" onClick={() => choose(type, name)}>
                  {name ?? type.replaceAll('_', ' ')}
                </button>
              </td>
              <td data-label="Type">
                <span className="badge foreign">{type}</span>
              </td>
              <td data-label="Count" className="right" title={exactCount(events)}>
                {count(events)}
              </td>
              <td data-label="Sessions" className="right">
                <a className="link" href={sessionsLink({ eventType: type, eventName: name ?? undefined })}>
                  {count(sessions)}
                </a>
              </td>
              <td className="share-column">
                <i className="thin-bar" style={{ width: `${(events / most) * 100}%` }} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
