import type { EventCounts, Retention } from '../api/types';
import { count, day, percent } from '../format';
import { useSearch } from '../router';
import { useTimeZone } from '../settings';
import { useFilters } from '../sessions/filters';
import { Card, Segments } from '../ui/controls';
import { Empty, Loaded } from '../ui/states';
import { BreakdownField, valueText } from './breakdown';
import { retentionTables } from './tables';
import { TileBody } from './answer-table';
import { AnalyticsPage, useAnalysis } from './page';
import { link } from '../router';

const PERIODS = { day: 86_400_000, week: 604_800_000, month: 2_629_800_000 } as const;
type Period = keyof typeof PERIODS;
/** Maximum number of rows. */
const MOST_COHORTS = 14;

/** Days up to two weeks, then weeks, then months. */
export function periodOf(from: number, to: number): Period {
  const days = (to - from) / PERIODS.day;
  return days <= MOST_COHORTS ? 'day' : days <= 100 ? 'week' : 'month';
}

/** Asks who returns, at this place. */
function useRetention() {
  const [search] = useSearch();
  const zone = useTimeZone();
  const { times } = useFilters();
  const asked = search.get('period') ?? '';
  const period = Object.hasOwn(PERIODS, asked) ? (asked as Period) : periodOf(times.from, times.to);
  const breakdown = search.get('breakdown') ?? '';
  const start = eventOf('start', search);
  const back = eventOf('return', search);
  const parameters = { period: asked || undefined, breakdown: breakdown || undefined, ...start, ...back };
  const query = useAnalysis<Retention>('retention', {
    period,
    cohorts: MOST_COHORTS,
    timezone: zone,
    breakdown,
    ...start,
    ...back,
  });
  return { query, period, zone, end: times.to, breakdown, parameters };
}

/** Cohorts in a dashboard. */
export function RetentionTile() {
  const { query, period, zone, end } = useRetention();
  return (
    <TileBody tables={query.data && retentionTables(query.data, zone)} measured={query.data}>
      <Loaded query={query} height={360}>
        {(data) => (
          <>
            <Cohorts cohorts={data.cohorts} period={period} zone={zone} end={end} />
            {data.breakdown.map(({ value, cohorts }) => (
              <div key={value}>
                <h3 className="foreign">{valueText(value)}</h3>
                <Cohorts cohorts={cohorts} period={period} zone={zone} end={end} />
              </div>
            ))}
          </>
        )}
      </Loaded>
    </TileBody>
  );
}

export default function RetentionPage() {
  const [, change] = useSearch();
  const { query, period, zone, end, breakdown, parameters } = useRetention();
  return (
    <AnalyticsPage
      title="Retention"
      measured={query.data}
      tables={query.data && retentionTables(query.data, zone)}
      page="retention"
      tile={{ kind: 'retention', title: 'Retention', size: 'full', parameters }}
      about="How many of the people who started in this time range came back. A person is an identified user, or a browser."
      actions={
        <Segments
          label="Period"
          value={period}
          onChange={(next) => change({ period: next })}
          options={[
            ['day', 'Days'],
            ['week', 'Weeks'],
            ['month', 'Months'],
          ]}
        />
      }
    >
      <div className="stack">
        <Card>
          <div className="funnel-options">
            <EventField label="Starts with" none="any session" name="start" />
            <EventField label="Returns with" none="any session" name="return" />
            <BreakdownField value={breakdown} onChange={(next) => change({ breakdown: next })} />
          </div>
        </Card>
        <Card title="By first period" flush>
          <Loaded query={query} height={360}>
            {(data) => <Cohorts cohorts={data.cohorts} period={period} zone={zone} end={end} />}
          </Loaded>
        </Card>
        {query.data?.breakdown.map(({ value, cohorts }) => (
          <Card key={value} title={<span className="foreign">{valueText(value)}</span>} flush>
            <Cohorts cohorts={cohorts} period={period} zone={zone} end={end} />
          </Card>
        ))}
      </div>
    </AnalyticsPage>
  );
}

/** With which event people start or return, as the server and the address name it; empty: with a session. */
function eventOf(side: 'start' | 'return', search: URLSearchParams): Record<string, string> {
  const names = [`${side}Type`, `${side}Name`];
  return Object.fromEntries(names.map((name) => [name, search.get(name) ?? '']).filter(([, value]) => value));
}

function EventField({ label, none, name }: { label: string; none: string; name: 'start' | 'return' }) {
  const [search, change] = useSearch();
  const events = useAnalysis<EventCounts>('events', { bucket: 'day' });
  const { [`${name}Type`]: type = '', [`${name}Name`]: own } = eventOf(name, search);
  const value = own ? `${type}:${own}` : type;
  const choose = (event: string) => {
    const [chosen, ...rest] = event.split(':');
    change({ [`${name}Type`]: chosen, [`${name}Name`]: rest.join(':') });
  };
  const known = new Set((events.data?.rows ?? []).map((row) => (row.name ? `${row.type}:${row.name}` : row.type)));
  if (value) known.add(value);
  return (
    <label className="labelled">
      {label}
      <select className="field" value={value} onChange={({ target }) => choose(target.value)}>
        <option value="">{none}</option>
        {[...known].map((event) => (
          <option key={event} value={event}>
            {event.includes(':') ? event.slice(event.indexOf(':') + 1) : event.replaceAll('_', ' ')}
          </option>
        ))}
      </select>
    </label>
  );
}

function Cohorts({
  cohorts,
  period,
  zone,
  end,
}: {
  cohorts: Retention['cohorts'];
  period: Period;
  zone: string;
  end: number;
}) {
  if (!cohorts.some(({ size }) => size))
    return (
      <Empty icon="retention" title="No people in this time range">
        No session in this time range has a user or a visitor id. Call <code>tracker.identify(userId)</code> when
        someone signs in.
      </Empty>
    );
  const endOf = (index: number) => cohorts[index + 1]?.start ?? end;
  const width = Math.max(...cohorts.map(({ returned }) => returned.length));
  return (
    <div className="scroll-x">
      <table className="table retention">
        <thead>
          <tr>
            <th>Start</th>
            <th className="right">People</th>
            {Array.from({ length: width }, (_, index) => (
              <th key={index}>{index === 0 ? `Same ${period}` : `+${index}`}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cohorts.map(({ start, size, returned }, row) => (
            <tr key={start}>
              <td className="number">{day(start, zone)}</td>
              <td className="right">
                <a className="link" href={link('/sessions', { from: start, to: endOf(row) })}>
                  {count(size)}
                </a>
              </td>
              {Array.from({ length: width }, (_, index) => (
                <Cell
                  key={index}
                  people={returned[index]}
                  size={size}
                  from={cohorts[row + index]?.start ?? start}
                  to={endOf(row + index)}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ people, size, from, to }: { people: number | undefined; size: number; from: number; to: number }) {
  if (people === undefined || !size) return <td />;
  const share = people / size;
  return (
    <td className="heat">
      <a
        href={link('/sessions', { from, to })}
        style={{ '--heat': `${Math.round(6 + share * 39)}%` } as React.CSSProperties}
        title={`${people} of ${size}`}
      >
        {percent(share, 0)}
      </a>
    </td>
  );
}
