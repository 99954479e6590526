import { lazy, Suspense, type ComponentType } from 'react';
import type { Dimension } from '../api/types';
import { Within, link, useSearch } from '../router';
import { useSigned } from '../signin/session';
import { Empty, Skeleton } from '../ui/states';
import { PAGE_OF } from './question';
import type { Tile } from './types';

/** Each drawing comes with the page that has it. */
const DRAWINGS: Partial<Record<Tile['kind'], ComponentType>> = {
  overview: lazy(() => import('../analytics/overview').then(({ OverviewTile }) => ({ default: OverviewTile }))),
  events: lazy(() => import('../analytics/events').then(({ EventsTile }) => ({ default: EventsTile }))),
  funnel: lazy(() => import('../analytics/funnels').then(({ FunnelTile }) => ({ default: FunnelTile }))),
  journeys: lazy(() => import('../analytics/journeys').then(({ JourneysTile }) => ({ default: JourneysTile }))),
  heatmap: lazy(() => import('../analytics/heatmaps').then(({ HeatmapTile }) => ({ default: HeatmapTile }))),
  retention: lazy(() => import('../analytics/retention').then(({ RetentionTile }) => ({ default: RetentionTile }))),
  vitals: lazy(() => import('../analytics/vitals').then(({ VitalsTile }) => ({ default: VitalsTile }))),
  pages: lazy(() => import('./lists').then(({ PagesTile }) => ({ default: PagesTile }))),
  sessions: lazy(() => import('./lists').then(({ SessionsTile }) => ({ default: SessionsTile }))),
  people: lazy(() => import('./lists').then(({ PeopleTile }) => ({ default: PeopleTile }))),
  issues: lazy(() => import('./lists').then(({ IssuesTile }) => ({ default: IssuesTile }))),
  top: Top,
};

const TopTile = lazy(() => import('../analytics/top-card').then((module) => ({ default: module.TopTile })));

function Top() {
  const [search] = useSearch();
  return <TopTile dimension={(search.get('dimension') ?? 'page') as Dimension} />;
}

/** What a tile is called that has no title. */
export const KIND_LABELS: Record<Tile['kind'], string> = {
  overview: 'Overview',
  top: 'Most frequent values',
  events: 'Events',
  funnel: 'Funnel',
  journeys: 'Journeys',
  heatmap: 'Heatmap',
  pages: 'Pages',
  retention: 'Retention',
  vitals: 'Web vitals',
  sessions: 'Sessions',
  people: 'People',
  issues: 'Errors',
  unknown: 'Unknown tile',
};

/** A tile's question with the range and the conditions of its dashboard, answered and drawn. */
export function Drawing({ tile, search }: { tile: Tile; search: URLSearchParams }) {
  const Drawn = DRAWINGS[tile.kind];
  if (tile.parameters === null)
    return (
      <Empty icon="shield" title="You cannot see this tile">
        You need the role member to see this tile. Ask an admin of your organization.
      </Empty>
    );
  if (!Drawn) return <Empty title="This tile comes from another version of CROW" />;
  return (
    <Within value={search}>
      <Suspense fallback={<Skeleton height={240} />}>
        <Drawn />
      </Suspense>
    </Within>
  );
}

/** The page that shows more about a tile. */
export function useMore({ kind }: Tile, search: URLSearchParams): string | undefined {
  const { mayWatch } = useSigned();
  const page = PAGE_OF[kind];
  return page && (mayWatch || kind !== 'issues') ? link(`/${page}`, search) : undefined;
}
