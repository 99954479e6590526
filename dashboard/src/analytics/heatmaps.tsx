import type { HeatKind, Heatmap, Pages, ViewportClass } from '../api/types';
import { plural } from '../format';
import { useSearch } from '../router';
import { Card, Segments } from '../ui/controls';
import { Empty, Loaded } from '../ui/states';
import { HeatView } from './heat-view';
import { heatmapTables } from './tables';
import { TileBody } from './answer-table';
import { AnalyticsPage, useAnalysis, useSessionsLink } from './page';
import { PagePicker } from './page-picker';

const KINDS: [HeatKind, string][] = [
  ['click', 'Clicks'],
  ['rage', 'Rage'],
  ['dead', 'Dead'],
  ['scroll', 'Scroll'],
];
const VIEWPORTS: [ViewportClass, string][] = [
  ['desktop', 'Desktop'],
  ['tablet', 'Tablet'],
  ['mobile', 'Mobile'],
];
const BEHIND: Record<HeatKind, Record<string, string>> = {
  click: { eventType: 'click' },
  rage: { rageClicks: 'true' },
  dead: { deadClicks: 'true' },
  scroll: {},
};

export default function HeatmapsPage() {
  const [search, change] = useSearch();
  const pages = useAnalysis<Pages>('pages', { limit: 50 });
  const page = search.get('page') || pages.data?.rows[0]?.page || '';
  const kind = (search.get('kind') ?? 'click') as HeatKind;
  const viewport = (search.get('viewport') ?? 'desktop') as ViewportClass;
  const query = useAnalysis<Heatmap>('heatmap', { page, kind, viewport }, page !== '');
  const sessionsLink = useSessionsLink();
  return (
    <AnalyticsPage
      title="Heatmaps"
      measured={query.data}
      tables={query.data && heatmapTables(query.data)}
      page="heatmaps"
      tile={
        page
          ? { kind: 'heatmap', title: `Heatmap of ${page}`, size: 'half', parameters: { page, kind, viewport } }
          : null
      }
      about="Where visitors click and how far they scroll, drawn over the recorded page."
      actions={
        <>
          <PagePicker value={page} onChange={(next) => change({ page: next })} />
          <Segments label="Kind" value={kind} onChange={(next) => change({ kind: next })} options={KINDS} />
          <Segments
            label="Viewport"
            value={viewport}
            onChange={(next) => change({ viewport: next })}
            options={VIEWPORTS}
          />
        </>
      }
    >
      {pages.data?.rows.length === 0 ? (
        <Empty icon="heatmap" title="No pages in this time range">
          Choose a longer time range, or remove a filter.
        </Empty>
      ) : (
        <Loaded query={query} height={560}>
          {(data) => (
            <Card
              title={<span className="cut foreign">{data.page}</span>}
              actions={
                <a className="link" href={sessionsLink({ url: data.page, ...BEHIND[kind] })}>
                  {kind === 'scroll'
                    ? plural(data.sessions, 'session')
                    : `${plural(data.count, 'click')} in ${plural(data.sessions, 'session')}`}
                </a>
              }
              flush
            >
              <Heat data={data} />
            </Card>
          )}
        </Loaded>
      )}
    </AnalyticsPage>
  );
}

/** A heatmap in a dashboard. */
export function HeatmapTile() {
  const [search] = useSearch();
  const asked = Object.fromEntries(['page', 'kind', 'viewport'].map((name) => [name, search.get(name)]));
  const query = useAnalysis<Heatmap>('heatmap', asked);
  return (
    <TileBody tables={query.data && heatmapTables(query.data)} measured={query.data}>
      <Loaded query={query} height={420}>
        {(data) => <Heat data={data} />}
      </Loaded>
    </TileBody>
  );
}

function Heat({ data }: { data: Heatmap }) {
  if (data.sessions) return <HeatView data={data} />;
  return (
    <Empty icon="heatmap" title="No data for this page">
      Choose another kind, viewport or page.
    </Empty>
  );
}
