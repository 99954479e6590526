import type { Retention } from '../api/types';
import { count, day, percent } from '../format';
import { useSearch } from '../router';
import { useTimeZone } from '../settings';
import { Card, Segments } from '../ui/controls';
import { Empty, Loaded } from '../ui/states';
import { AnalyticsPage, useAnalysis } from './page';
import { link } from '../router';

const PERIODS = { day: 86_400_000, week: 604_800_000, month: 2_629_800_000 } as const;
type Period = keyof typeof PERIODS;

export default function RetentionPage() {
  const [search, change] = useSearch();
  const zone = useTimeZone();
  const period = (search.get('period') ?? 'week') as Period;
  const query = useAnalysis<Retention>('retention', { period, cohorts: 8, timezone: zone });
  return (
    <AnalyticsPage title="Retention" measured={query.data} about="Of the people who came for the first time in a period, how many came again later. People are told apart by the user id that your app gives with identify()." actions={<Segments label="Period" value={period} onChange={(next) => change({ period: next })} options={[['day', 'Days'], ['week', 'Weeks'], ['month', 'Months']]} />}>
      <Card title="Cohorts" flush>
        <Loaded query={query} height={360}>{(data) => <Cohorts data={data} period={period} zone={zone} />}</Loaded>
      </Card>
    </AnalyticsPage>
  );
}

function Cohorts({ data: { cohorts }, period, zone }: { data: Retention; period: Period; zone: string }) {
  if (!cohorts.some(({ size }) => size)) return <Empty icon="retention" title="Nobody to follow">No session in this time range names its user. Call <code>tracker.identify(userId)</code> when someone signs in.</Empty>;
  const width = Math.max(...cohorts.map(({ returned }) => returned.length));
  return (
    <div className="scroll-x">
      <table className="table retention">
        <thead>
          <tr>
            <th>First seen</th>
            <th className="right">People</th>
            {Array.from({ length: width }, (_, index) => <th key={index}>{index === 0 ? `Same ${period}` : `+${index}`}</th>)}
          </tr>
        </thead>
        <tbody>
          {cohorts.map(({ start, size, returned }) => (
            <tr key={start}>
              <td className="number">{day(start, zone)}</td>
              <td className="right"><a className="link" href={link('/sessions', { from: start, to: start + PERIODS[period] })}>{count(size)}</a></td>
              {Array.from({ length: width }, (_, index) => <Cell key={index} people={returned[index]} size={size} start={start + index * PERIODS[period]} length={PERIODS[period]} />)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ people, size, start, length }: { people: number | undefined; size: number; start: number; length: number }) {
  if (people === undefined || !size) return <td />;
  const share = people / size;
  return (
    <td className="heat">
      <a href={link('/sessions', { from: start, to: start + length })} style={{ '--heat': `${Math.round(6 + share * 39)}%` } as React.CSSProperties} title={`${people} of ${size}`}>
        {percent(share, 0)}
      </a>
    </td>
  );
}
