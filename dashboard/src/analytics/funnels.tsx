import { useQuery } from '@tanstack/react-query';
import { call } from '../api/client';
import type { Funnel, FunnelStep } from '../api/types';
import { useSearch } from '../router';
import { useFilters } from '../sessions/filters';
import { useSigned } from '../signin/session';
import { Card } from '../ui/controls';
import { Empty, Loaded } from '../ui/states';
import { FunnelChart } from './funnel-chart';
import { FunnelForm, type By } from './funnel-form';
import { funnelTables } from './tables';
import { TileBody } from './answer-table';
import { AnalyticsPage } from './page';

export const DEFAULT_WINDOW = 3_600_000;
/** Of people, who come back on other days. */
const WINDOW_OF_PEOPLE = 604_800_000;

/** Steps of the URL, without invalid ones. */
export function readSteps(text: string | null): FunnelStep[] {
  try {
    const steps = JSON.parse(text ?? '[]') as FunnelStep[];
    return Array.isArray(steps) ? steps.filter((step) => typeof step?.type === 'string') : [];
  } catch {
    return [];
  }
}

/** Asks for the funnel of this place. */
function useFunnel() {
  const { organizationId } = useSigned();
  const { query: all, times } = useFilters();
  const [search] = useSearch();
  const steps = readSteps(search.get('steps'));
  const by: By = search.get('by') === 'person' ? 'person' : 'session';
  const windowMs = Number(search.get('window')) || (by === 'person' ? WINDOW_OF_PEOPLE : DEFAULT_WINDOW);
  const breakdown = search.get('breakdown') ?? '';
  const { from: _from, to: _to, ...filter } = all;
  const parameters = { steps, by, windowMs, ...(breakdown && { breakdown }) };
  const asked = { from: times.from, to: times.to, filter, ...parameters };
  const query = useQuery({
    queryKey: ['funnel', organizationId, asked],
    queryFn: ({ signal }) =>
      call<Funnel>(`/analytics/${organizationId}/funnel`, { method: 'POST', json: asked, signal }),
    enabled: steps.length >= 2,
    placeholderData: (before) => before,
  });
  return { query, steps, by, windowMs, breakdown, parameters };
}

/** A funnel in a dashboard. */
export function FunnelTile() {
  const { query } = useFunnel();
  return (
    <TileBody tables={query.data && funnelTables(query.data)} measured={query.data}>
      <Loaded query={query} height={300}>
        {(data) => <FunnelChart data={data} />}
      </Loaded>
    </TileBody>
  );
}

export default function FunnelsPage() {
  const [, change] = useSearch();
  const { query, steps, by, windowMs, breakdown, parameters } = useFunnel();
  return (
    <AnalyticsPage
      title="Funnels"
      measured={steps.length >= 2 ? query.data : undefined}
      tables={steps.length >= 2 && query.data ? funnelTables(query.data) : undefined}
      page="funnels"
      tile={steps.length < 2 ? null : { kind: 'funnel', title: 'Funnel', size: 'full', parameters }}
      about="How many sessions or people complete the steps in this order, and where they drop off."
    >
      <div className="funnel-page">
        <Card title="Steps">
          <FunnelForm
            steps={steps}
            by={by}
            windowMs={windowMs}
            breakdown={breakdown}
            onChange={(next) =>
              change({
                ...(next.steps && { steps: JSON.stringify(next.steps) }),
                ...(next.by && { by: next.by, window: null }),
                ...(next.windowMs !== undefined && { window: next.windowMs }),
                ...(next.breakdown !== undefined && { breakdown: next.breakdown }),
              })
            }
          />
        </Card>
        {steps.length < 2 ? (
          <Card>
            <Empty icon="funnel" title="Choose at least two steps">
              For example a page view, then a click, then an event your app tracks. The funnel is part of this page’s
              address, so you can share it.
            </Empty>
          </Card>
        ) : (
          <Loaded query={query} height={420}>
            {(data) => <FunnelChart data={data} />}
          </Loaded>
        )}
      </div>
    </AnalyticsPage>
  );
}
