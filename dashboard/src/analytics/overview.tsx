import { useMemo, useState } from 'react';
import type { Bucket, Overview, Totals } from '../api/types';
import { count, duration, percent } from '../format';
import { useFilters } from '../sessions/filters';
import { useTimeZone } from '../settings';
import { TimeChart } from '../ui/chart';
import { partialOf } from './buckets';
import { changeOf } from './change';
import { Card, Segments } from '../ui/controls';
import { Empty, Loaded } from '../ui/states';
import { BUCKETS, bucketOf } from './buckets';
import { TileBody } from './answer-table';
import { AnalyticsPage, useAnalysis, useSessionsLink } from './page';
import { overviewTables } from './tables';
import { TopCard } from './top-card';

type Metric = 'sessions' | 'visitors' | 'pageviews';

export default function OverviewPage() {
  const { times } = useFilters();
  const zone = useTimeZone();
  const bucket = bucketOf(times.from, times.to);
  const query = useAnalysis<Overview>('overview', { bucket, timezone: zone });
  return (
    <AnalyticsPage
      title="Overview"
      measured={query.data}
      tables={query.data && overviewTables(query.data, zone)}
      page="overview"
      tile={{ kind: 'overview', title: 'Overview', size: 'full', parameters: {} }}
    >
      <Loaded query={query} height={430}>
        {(data) => <Whole data={data} bucket={bucket} />}
      </Loaded>
      <div className="grid">
        <TopCard
          className="half"
          title="Pages"
          dimensions={[
            ['page', 'Visited'],
            ['entryPage', 'Entry'],
            ['exitPage', 'Exit'],
          ]}
        />
        <TopCard
          className="half"
          title="Sources"
          dimensions={[
            ['channel', 'Channel'],
            ['referrerGroup', 'Source'],
            ['referrer', 'Referrer'],
          ]}
        />
        <TopCard
          className="half"
          title="Campaigns"
          dimensions={[
            ['utmSource', 'Source'],
            ['utmMedium', 'Medium'],
            ['utmCampaign', 'Campaign'],
          ]}
        />
        <TopCard className="half" title="Countries" dimensions={[['country', 'Country']]} />
        <TopCard
          className="half"
          title="Technology"
          dimensions={[
            ['browser', 'Browser'],
            ['os', 'OS'],
            ['device', 'Device'],
          ]}
        />
        <TopCard
          className="half"
          title="Events"
          dimensions={[
            ['eventName', 'Name'],
            ['eventType', 'Type'],
          ]}
        />
      </div>
    </AnalyticsPage>
  );
}

/** The numbers and the chart, in a dashboard. */
export function OverviewTile() {
  const { times } = useFilters();
  const zone = useTimeZone();
  const bucket = bucketOf(times.from, times.to);
  const query = useAnalysis<Overview>('overview', { bucket, timezone: zone });
  return (
    <TileBody tables={query.data && overviewTables(query.data, zone)} measured={query.data}>
      <Loaded query={query} height={430}>
        {(data) => <Whole data={data} bucket={bucket} />}
      </Loaded>
    </TileBody>
  );
}

function Whole({ data, bucket }: { data: Overview; bucket: keyof typeof BUCKETS }) {
  if (data.totals.sessions) return <Numbers data={data} bucket={bucket} />;
  return (
    <Empty icon="overview" title="No sessions in this time range">
      Choose a longer time range, or remove a filter.
    </Empty>
  );
}

const TILES: [
  name: keyof Totals,
  label: string,
  show: (value: number) => string,
  isGoodUp: boolean | null,
  more?: Record<string, string>,
][] = [
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
  const { change, times: range } = useFilters();
  const zone = useTimeZone();
  const sessionsLink = useSessionsLink();
  const { times, series } = useMemo(() => lines(data, metric, range, BUCKETS[bucket]), [data, metric, range, bucket]);
  return (
    <div className="stack overview">
      <div className="tiles">
        {TILES.map(([name, label, show, isGoodUp, more]) => (
          <a key={name} className="tile" href={sessionsLink(more)}>
            <span className="muted">{label}</span>
            <b className="number">{show(data.totals[name])}</b>
            <Delta now={data.totals[name]} before={data.previous[name]} show={show} isGoodUp={isGoodUp} />
          </a>
        ))}
      </div>
      <Card
        title="Over time"
        actions={
          <Segments
            label="Metric"
            value={metric}
            onChange={setMetric}
            options={[
              ['sessions', 'Sessions'],
              ['visitors', 'Visitors'],
              ['pageviews', 'Page views'],
            ]}
          />
        }
      >
        <TimeChart
          times={times}
          series={series}
          timeZone={zone}
          bucketMs={BUCKETS[bucket]}
          onSelect={(from, to) => change({ from, to, range: null })}
        />
      </Card>
    </div>
  );
}

function lines(
  { series, previousSeries }: Overview,
  metric: Metric,
  { from, to }: { from: number; to: number },
  bucketMs: number,
) {
  const before = from - (to - from);
  const at = (buckets: Bucket[], index: number) => buckets[index]?.[metric] ?? null;
  return {
    times: series.map(({ t }) => t),
    series: [
      {
        label: 'This period',
        color: '--accent',
        values: series.map((_, index) => at(series, index)),
        partial: partialOf(series, from, to, bucketMs),
      },
      {
        label: 'Previous period',
        color: '--muted',
        isDashed: true,
        values: series.map((_, index) => at(previousSeries, index)),
        partial: partialOf(previousSeries, before, from, bucketMs),
      },
    ],
  };
}

/** Change against the previous period; colour says whether it is good, the sign says so without colour. */
function Delta({
  now,
  before,
  show,
  isGoodUp,
}: {
  now: number;
  before: number;
  show: (value: number) => string;
  isGoodUp: boolean | null;
}) {
  const { direction, text } = changeOf(now, before);
  const look = direction === null || isGoodUp === null ? 'muted' : (direction === 'up') === isGoodUp ? 'good' : 'bad';
  return (
    <span className={`delta ${look}`} title={`${show(before)} in the previous period`}>
      {text}
    </span>
  );
}
