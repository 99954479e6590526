import type { VitalName, Vitals } from '../api/types';
import { count, duration, percent } from '../format';
import { Card } from '../ui/controls';
import { Empty, Loaded } from '../ui/states';
import { AnalyticsPage, useAnalysis, useSessionsLink } from './page';

const NAMES: Record<VitalName, [title: string, about: string, good: number, poor: number]> = {
  LCP: ['Largest paint', 'When the main content is there', 2500, 4000],
  INP: ['Interaction', 'How long a click waits for its effect', 200, 500],
  CLS: ['Layout shift', 'How much the page jumps', 0.1, 0.25],
  FCP: ['First paint', 'When anything is seen', 1800, 3000],
  TTFB: ['First byte', 'When the server answers', 800, 1800],
  load: ['Loaded', 'When everything has loaded', 3000, 6000],
};

const show = (name: VitalName, value: number) => (name === 'CLS' ? value.toFixed(2) : duration(value));
export const rate = (name: VitalName, value: number): 'green' | 'amber' | 'red' => (value <= NAMES[name][2] ? 'green' : value <= NAMES[name][3] ? 'amber' : 'red');

export default function VitalsPage() {
  const query = useAnalysis<Vitals>('vitals');
  return (
    <AnalyticsPage title="Web vitals" measured={query.data} about="How fast your pages were for the people who visited them. The large number is the 75th percentile: three of four visits were faster.">
      <Loaded query={query} height={420}>
        {(data) => (data.metrics.every(({ count: measured }) => !measured) ? <Empty icon="vitals" title="Nothing was measured">The SDK measures in browsers, once a page. Look at a longer time range.</Empty> : <Metrics data={data} />)}
      </Loaded>
    </AnalyticsPage>
  );
}

function Metrics({ data }: { data: Vitals }) {
  const sessionsLink = useSessionsLink();
  return (
    <div className="stack">
      <div className="grid">
        {data.metrics.filter(({ count: measured, name }) => measured && name in NAMES).map(({ name, p50, p75, p95, rating, count: measured }) => {
          const total = Math.max(1, rating.good + rating.needsImprovement + rating.poor);
          return (
            <Card key={name} className="third vital">
              <div className="row">
                <h2 className="grow">{NAMES[name][0]}</h2>
                <span className="muted mono">{name}</span>
              </div>
              <p className="muted">{NAMES[name][1]}</p>
              <b className={`figure number ${rate(name, p75)}`}>{show(name, p75)}</b>
              <div className="rating" role="img" aria-label={`good ${percent(rating.good / total)}, fair ${percent(rating.needsImprovement / total)}, poor ${percent(rating.poor / total)}`}>
                <i className="green" style={{ flexGrow: rating.good }} />
                <i className="amber" style={{ flexGrow: rating.needsImprovement }} />
                <i className="red" style={{ flexGrow: rating.poor }} />
              </div>
              <div className="row muted small-text">
                <span>{percent(rating.good / total, 0)} good</span>
                <span className="grow" />
                <span>half {show(name, p50)}, 95% {show(name, p95)}</span>
              </div>
              <a className="small-text link" href={sessionsLink({ eventType: 'performance' })}>{count(measured)} measured</a>
            </Card>
          );
        })}
      </div>
      <Card title="By page, 75th percentile" flush>
        <div className="scroll-x">
          <table className="table">
            <thead>
              <tr><th>Page</th><th className="right">LCP</th><th className="right">INP</th><th className="right">CLS</th></tr>
            </thead>
            <tbody>
              {data.pages.map((row) => (
                <tr key={row.page}>
                  <td className="cut"><a className="link" href={sessionsLink({ url: row.page })}>{row.page}</a></td>
                  {(['LCP', 'INP', 'CLS'] as const).map((name) => {
                    const value = row[name];
                    return <td key={name} className="right">{value === null ? '–' : <span className={`badge ${rate(name, value)}`}>{show(name, value)}</span>}</td>;
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Card>
    </div>
  );
}
