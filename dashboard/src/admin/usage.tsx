import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../api/client';
import type { Usage, UsageDay } from '../api/types';
import { day, exactCount } from '../format';
import { useSigned } from '../signin/session';
import { TimeChart } from '../ui/chart';
import { Card } from '../ui/controls';
import { Loaded } from '../ui/states';

const DAY = 86_400_000;

/** What is counted, with its title. */
const KINDS = {
  events: 'Events',
  sessions: 'Sessions',
  interactions: 'Interactions',
  modelCalls: 'Model calls',
  tokens: 'Tokens',
} as const satisfies Partial<Record<keyof UsageDay, string>>;

type Kind = keyof typeof KINDS;

const ALL_KINDS = Object.keys(KINDS) as Kind[];

/** What the organization used in the last 30 days. Days are those of UTC. */
export function UsageCard() {
  const { organizationId } = useSigned();
  const query = useQuery({
    queryKey: ['usage', organizationId],
    queryFn: ({ signal }) => get<Usage>(`/admin/${organizationId}/usage`, {}, signal),
  });
  return (
    <Card title="Usage, last 30 days">
      <Loaded query={query} height={280}>
        {({ days }) => <Days days={days} />}
      </Loaded>
    </Card>
  );
}

function Days({ days }: { days: UsageDay[] }) {
  const [kind, setKind] = useState<Kind>('events');
  const series = [{ label: KINDS[kind], color: '--accent', values: days.map((each) => each[kind]) }];
  return (
    <>
      <div className="tiles health-tiles">
        {ALL_KINDS.map((each) => (
          <button key={each} type="button" className="tile" aria-pressed={each === kind} onClick={() => setKind(each)}>
            <span className="muted">{KINDS[each]}</span>
            <b className="number">{exactCount(days.reduce((sum, one) => sum + one[each], 0))}</b>
          </button>
        ))}
      </div>
      <TimeChart times={days.map(({ t }) => t)} series={series} timeZone="UTC" bucketMs={DAY} height={160} />
      <p className="muted small-text">
        By day in UTC. Erased sessions are not counted any more; their events and interactions are. Tokens include those
        of calls that have not ended.
      </p>
      <details>
        <summary>As a table</summary>
        <div className="scroll-x">
          <table className="table cards">
            <thead>
              <tr>
                <th>Day</th>
                {ALL_KINDS.map((each) => (
                  <th key={each} className="right">
                    {KINDS[each]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {[...days].reverse().map((one) => (
                <tr key={one.t}>
                  <td data-label="Day">{day(one.t, 'UTC')}</td>
                  {ALL_KINDS.map((each) => (
                    <td key={each} data-label={KINDS[each]} className="right number">
                      {exactCount(one[each])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}
