import { Conditions } from '../sessions/condition-chips';
import { readGroups } from '../sessions/conditions';
import { RANGES } from '../sessions/filters';
import { Button, Segments } from '../ui/controls';
import { KIND_LABELS } from './tile';
import type { Draft, Tile } from './types';

const HOUR = 3_600_000;
const MAX_TEXT = 100;

/** Name, range, conditions, and who sees a dashboard. */
export function Editor({ draft, onChange }: { draft: Draft; onChange: (draft: Draft) => void }) {
  const { name, isShared, lastHours, where } = draft;
  const ranges = RANGES.map(([, label, ms]): [number, string] => [ms / HOUR, label]);
  if (lastHours !== null && !ranges.some(([hours]) => hours === lastHours))
    ranges.push([lastHours, `Last ${lastHours} hours`]);
  return (
    <div className="board-fields">
      <label className="labelled">
        Name
        <input
          className="field"
          maxLength={MAX_TEXT}
          value={name}
          onChange={(event) => onChange({ ...draft, name: event.target.value })}
        />
      </label>
      <label className="labelled">
        Time range
        <select
          className="field"
          value={lastHours ?? ''}
          onChange={(event) => onChange({ ...draft, lastHours: Number(event.target.value) || null })}
        >
          <option value="">Chosen by the viewer, or 7 days</option>
          {ranges.map(([hours, label]) => (
            <option key={hours} value={hours}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <div className="row board-where" role="group" aria-label="Conditions for all tiles">
        <Conditions
          value={where?.length ? JSON.stringify(where) : undefined}
          onChange={(text) => onChange({ ...draft, where: readGroups(text ?? undefined) })}
        />
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={isShared}
          onChange={(event) => onChange({ ...draft, isShared: event.target.checked })}
        />{' '}
        Share with the organization
      </label>
    </div>
  );
}

/** Title, place and width of one tile. */
export function TileEditor({
  tiles,
  index,
  onChange,
}: {
  tiles: Tile[];
  index: number;
  onChange: (tiles: Tile[]) => void;
}) {
  const tile = tiles[index];
  if (!tile) return null;
  const name = tile.title || KIND_LABELS[tile.kind];
  const replace = (next: Tile) => onChange(tiles.map((one, at) => (at === index ? next : one)));
  const move = (by: number) => {
    const next = tiles.filter((_, at) => at !== index);
    next.splice(index + by, 0, tile);
    onChange(next);
  };
  return (
    <div className="row board-tile-edit">
      <input
        className="field grow"
        aria-label={`Title of ${name}`}
        maxLength={MAX_TEXT}
        placeholder={KIND_LABELS[tile.kind]}
        value={tile.title}
        onChange={(event) => replace({ ...tile, title: event.target.value })}
      />
      <Segments
        label={`Width of ${name}`}
        value={tile.size}
        onChange={(size) => replace({ ...tile, size })}
        options={[
          ['half', 'Half'],
          ['full', 'Full'],
        ]}
      />
      <Button small look="quiet" label={`Move ${name} up`} disabled={index === 0} onClick={() => move(-1)}>
        ↑
      </Button>
      <Button
        small
        look="quiet"
        label={`Move ${name} down`}
        disabled={index === tiles.length - 1}
        onClick={() => move(1)}
      >
        ↓
      </Button>
      <Button
        small
        look="quiet"
        icon="close"
        label={`Remove ${name}`}
        onClick={() => onChange(tiles.filter((_, at) => at !== index))}
      />
    </div>
  );
}
