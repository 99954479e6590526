import { barrierOf } from '../admin/pages';
import { useSigned } from '../signin/session';
import { Button, Popover } from '../ui/controls';
import { MAX_TILES, PAGE_OF } from './question';
import type { NewTile, TileKind } from './types';

const top = (dimension: string, title: string): NewTile => ({
  kind: 'top',
  title,
  size: 'half',
  parameters: { dimension },
});

/** Tiles that need no further choice. */
const READY: NewTile[] = [
  { kind: 'overview', title: 'Overview', size: 'full', parameters: {} },
  { kind: 'events', title: 'All events', size: 'half', parameters: {} },
  top('page', 'Pages'),
  top('channel', 'Channels'),
  top('referrerGroup', 'Sources'),
  top('utmCampaign', 'Campaigns'),
  top('country', 'Countries'),
  top('device', 'Devices'),
  top('browser', 'Browsers'),
  top('eventName', 'Named events'),
  { kind: 'retention', title: 'Retention', size: 'full', parameters: {} },
  { kind: 'vitals', title: 'Web vitals', size: 'full', parameters: {} },
  { kind: 'journeys', title: 'Journeys', size: 'full', parameters: {} },
  { kind: 'sessions', title: 'Newest sessions', size: 'half', parameters: {} },
  { kind: 'sessions', title: 'Sessions with errors', size: 'half', parameters: { errors: true } },
  { kind: 'people', title: 'People', size: 'half', parameters: {} },
  { kind: 'issues', title: 'Open errors', size: 'half', parameters: { status: 'open', sort: 'count' } },
];

/** The page that shows what a tile asks. To whom it is closed, the tile says nothing. */
const pageOf = (kind: TileKind): string => PAGE_OF[kind] ?? (kind === 'people' ? 'people' : 'overview');

/** Chooses one more tile of a dashboard that has so many. */
export function AddTile({ tiles, onAdd }: { tiles: number; onAdd: (tile: NewTile) => void }) {
  const rights = useSigned();
  const ready = READY.filter(({ kind }) => !barrierOf(pageOf(kind), rights));
  if (tiles >= MAX_TILES) return <span className="muted">A dashboard has at most {MAX_TILES} tiles.</span>;
  return (
    <Popover
      side="right"
      title="Add a tile"
      button={(open, isOpen) => (
        <Button icon="plus" onClick={open} aria-expanded={isOpen}>
          Add a tile
        </Button>
      )}
    >
      {(close) => (
        <>
          {ready.map((tile) => (
            <button key={tile.title} type="button" className="item" onClick={() => (onAdd(tile), close())}>
              {tile.title}
            </button>
          ))}
          <p className="menu-title">
            For a funnel, a heatmap or a tile with filters, set up its page and press Dashboard there.
          </p>
        </>
      )}
    </Popover>
  );
}
