import { useMemo, useState } from 'react';
import type { Bucket, Overview, Totals } from '../api/types';
import { count, duration, percent } from '../format';
import { useFilters } from '../sessions/filters';
import { useTimeZone } from '../settings';
import { TimeChart } from '../ui/chart';
import { Card, Segments } from '../ui/controls';
import { Empty, Loaded } from '../ui/states';
import { AnalyticsPage, useAnalysis, useSessionsLink } from './page';
import { TopCard } from './top-card';

type Metric = 'sessions' | 'visitors' | 'pageviews';

const HOUR = 3_600_000;
export const BUCKETS = { hour: HOUR, day: 24 * HOUR, week: 168 * HOUR } as const;

/** A chart of 24 to 90 points says enough. */
export function bucketOf(from: number, to: number): keyof typeof BUCKETS {
  const length = to - from;
  return length <= 3 * BUCKETS.day ? 'hour' : length <= 100 * BUCKETS.day ? 'day' : 'week';
}

export default function OverviewPage() {
  const { times } = useFilters();
  const zone = useTimeZone();
  const bucket = bucketOf(times.from, times.to);
  const query = useAnalysis<Overview>('overview', { bucket, timezone: zone });
  return (
    <AnalyticsPage title="Overview" measured={query.data}>
      <Loaded query={query} height={430}>
        {(data) => (data.totals.sessions === 0 ? <Empty icon="overview" title="No sessions in this time range">Look at a longer time range, or remove a filter.</Empty> : <Numbers data={data} bucket={bucket} />)}
      </Loaded>
      <div className="grid">
        <TopCard className="half" title="Pages" dimensions={[['page', 'Visited'], ['entryPage', 'Entry'], ['exitPage', 'Exit']]} />
        <TopCard className="half" title="Came from" dimensions={[['referrer', 'Referrer']]} />
        <TopCard className="third" title="Countries" dimensions={[['country', 'Country']]} />
        <TopCard className="third" title="Technology" dimensions={[['browser', 'Browser'], ['os', 'System'], ['device', 'Device']]} />
        <TopCard className="third" title="Events" dimensions={[['eventName', 'Name'], ['eventType', 'Type']]} />
      </div>
    </AnalyticsPage>
  );
}

const TILES: [name: keyof Totals, label: string, show: (value: number) => string, isGoodUp: boolean | null, more?: Record<string, string>][] = [
  ['sessions', 'Sessions', count, true],
  ['visitors', 'Visitors', count, true],
  ['pageviews', 'Page views', count, true],
  ['bounceRate', 'Bounce rate', percent, false],
  ['avgDurationMs', 'Avg. duration', duration, true],
  ['errors', 'Errors', count, false, { errors: 'true' }],
  ['rageClicks', 'Rage clicks', count, false, { rageClicks: 'true' }],
];

function Numbers({ data, bucket }: { data: Overview; bucket: keyof typeof BUCKETS }) {
  const [metric, setMetric] = useState<Metric>('sessions');
  const { change } = useFilters();
  const zone = useTimeZone();
  const sessionsLink = useSessionsLink();
  const { times, series } = useMemo(() => lines(data, metric), [data, metric]);
  return (
    <div className="stack overview">
      <div className="tiles">
        {TILES.map(([name, label, show, isGoodUp, more]) => (
          <a key={name} className="tile" href={sessionsLink(more)}>
            <span className="muted">{label}</span>
            <b className="number">{show(data.totals[name])}</b>
            <Delta now={data.totals[name]} before={data.previous[name]} isGoodUp={isGoodUp} />
          </a>
        ))}
      </div>
      <Card title="Over time" actions={<Segments label="Metric" value={metric} onChange={setMetric} options={[['sessions', 'Sessions'], ['visitors', 'Visitors'], ['pageviews', 'Page views']]} />}>
        <TimeChart times={times} series={series} timeZone={zone} bucketMs={BUCKETS[bucket]} onSelect={(from, to) => change({ from, to, range: null })} />
      </Card>
    </div>
  );
}

function lines({ series, previousSeries }: Overview, metric: Metric) {
  const at = (buckets: Bucket[], index: number) => buckets[index]?.[metric] ?? null;
  return {
    times: series.map(({ t }) => t),
    series: [
      { label: 'This period', color: '--accent', values: series.map((_, index) => at(series, index)) },
      { label: 'The one before', color: '--muted', isDashed: true, values: series.map((_, index) => at(previousSeries, index)) },
    ],
  };
}

/** Change against the period before; colour says whether it is good, the sign says so without colour. */
export function Delta({ now, before, isGoodUp }: { now: number; before: number; isGoodUp: boolean | null }) {
  if (!before) return <span className="delta muted">{now ? 'new' : 'no change'}</span>;
  const change = now / before - 1;
  if (Math.abs(change) < 0.0005) return <span className="delta muted">no change</span>;
  const look = isGoodUp === null ? 'muted' : change > 0 === isGoodUp ? 'good' : 'bad';
  return (
    <span className={`delta ${look}`} title={`${change > 0 ? 'up' : 'down'} against the period before`}>
      {change > 0 ? '▲' : '▼'} {percent(Math.abs(change))}
    </span>
  );
}
