import type { Vitals } from '../api/types';
import { count, percent } from '../format';
import { useSearch } from '../router';
import { Card } from '../ui/controls';
import { Empty, Loaded } from '../ui/states';
import { vitalsTables } from './tables';
import { TileBody } from './answer-table';
import { AnalyticsPage, useAnalysis, useSessionsLink } from './page';
import { look, NAMES, show } from './ratings';

type Metric = Vitals['metrics'][number];

export default function VitalsPage() {
  const query = useAnalysis<Vitals>('vitals');
  return (
    <AnalyticsPage
      title="Web vitals"
      measured={query.data}
      tables={query.data && vitalsTables(query.data)}
      page="vitals"
      tile={{ kind: 'vitals', title: 'Web vitals', size: 'full', parameters: {} }}
      about="How fast your pages were for your visitors. The large number is the 75th percentile: three of four visits were faster."
    >
      <Loaded query={query} height={420}>
        {(data) => <Measurements data={data} />}
      </Loaded>
    </AnalyticsPage>
  );
}

/** Web vitals in a dashboard. */
export function VitalsTile() {
  const [search] = useSearch();
  const query = useAnalysis<Vitals>('vitals', { page: search.get('page') ?? undefined });
  return (
    <TileBody tables={query.data && vitalsTables(query.data)} measured={query.data}>
      <Loaded query={query} height={420}>
        {(data) => <Measurements data={data} />}
      </Loaded>
    </TileBody>
  );
}

function Measurements({ data }: { data: Vitals }) {
  if (data.metrics.some(({ count: measured }) => measured)) return <Metrics data={data} />;
  return (
    <Empty icon="vitals" title="No measurements in this time range">
      The SDK measures each page in the browser. Choose a longer time range.
    </Empty>
  );
}

function Metrics({ data }: { data: Vitals }) {
  const sessionsLink = useSessionsLink();
  return (
    <div className="stack">
      <div className="grid">
        {data.metrics
          .filter(({ count: measured, name }) => measured && name in NAMES)
          .map((metric) => (
            <MetricCard key={metric.name} metric={metric} sessions={sessionsLink({ eventType: 'performance' })} />
          ))}
      </div>
      <Card title="By page, 75th percentile" flush>
        <div className="scroll-x">
          <table className="table cards">
            <thead>
              <tr>
                <th>Page</th>
                <th className="right">LCP</th>
                <th className="right">INP</th>
                <th className="right">CLS</th>
              </tr>
            </thead>
            <tbody>
              {data.pages.map((row) => (
                <tr key={row.page}>
                  <td className="cut">
                    <a className="link foreign" href={sessionsLink({ url: row.page })}>
                      {row.page}
                    </a>
                  </td>
                  {(['LCP', 'INP', 'CLS'] as const).map((name) => (
                    <td key={name} data-label={name} className="right">
                      <span className={`badge ${look(name, row[name])}`}>{show(name, row[name])}</span>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Card>
    </div>
  );
}

function MetricCard({
  metric: { name, p50, p75, p95, rating, count: measured },
  sessions,
}: {
  metric: Metric;
  sessions: string;
}) {
  const [title, about] = NAMES[name] ?? [name];
  return (
    <Card className="third vital">
      <div className="row">
        <h2 className="grow">{title}</h2>
        <span className="muted mono">{name}</span>
      </div>
      <p className="muted">{about}</p>
      <b className={`figure number ${look(name, p75)}`}>{show(name, p75)}</b>
      {rating && <RatingBar rating={rating} />}
      <div className="row muted small-text">
        <span className="grow">
          p50 {show(name, p50)}, p95 {show(name, p95)}
        </span>
        <a className="link" href={sessions}>
          {count(measured)} measured
        </a>
      </div>
    </Card>
  );
}

function RatingBar({ rating }: { rating: NonNullable<Metric['rating']> }) {
  const parts = [
    ['green', 'good', rating.good],
    ['amber', 'fair', rating.needsImprovement],
    ['red', 'poor', rating.poor],
  ] as const;
  const total = Math.max(1, rating.good + rating.needsImprovement + rating.poor);
  return (
    <div
      className="rating"
      role="img"
      aria-label={parts.map(([, word, measured]) => `${word} ${percent(measured / total, 0)}`).join(', ')}
    >
      {parts.map(([colour, word, measured]) => (
        <i
          key={word}
          className={colour}
          style={{ flexGrow: measured }}
          title={`${word} ${percent(measured / total, 0)}`}
        />
      ))}
    </div>
  );
}
