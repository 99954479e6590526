import { useMemo, useState } from 'react';
import { Problem } from '../accounts/problem';
import { Within, link, navigate, usePlace } from '../router';
import { RangePicker } from '../sessions/range-picker';
import { ChangeDialog } from '../ui/change-dialog';
import { Button, Card } from '../ui/controls';
import { Empty, Loaded } from '../ui/states';
import { tell } from '../ui/toast';
import { AddTile } from './add-tile';
import { Editor, TileEditor } from './editor';
import { copyOf, rangeOf, searchOf } from './question';
import { Drawing, KIND_LABELS, useMore } from './tile';
import type { Dashboard, Draft, Tile } from './types';
import { useBoard, useCreate, useRemove, useStore } from './use-boards';
import '../analytics/analytics.css';
import './boards.css';

/** One dashboard. */
export default function BoardPage() {
  const { parts } = usePlace();
  const board = useBoard(parts[1] ?? '');
  return (
    <div className="page">
      <Loaded query={board} height={430}>
        {(data) => <Board key={data.id} board={data} />}
      </Loaded>
    </div>
  );
}

function Board({ board }: { board: Dashboard }) {
  const [draft, setDraft] = useState<Dashboard | null>(null);
  const [isRemoving, setRemoving] = useState(false);
  const { search } = usePlace();
  const shown = draft ?? board;
  const { lastHours } = shown;
  const range = useMemo(() => rangeOf(search, lastHours), [search, lastHours]);
  const place = useMemo(() => new URLSearchParams(range), [range]);
  const setTiles = (tiles: Tile[]) => setDraft({ ...shown, tiles });
  return (
    <>
      <div className="page-head">
        <a className="button quiet" href={link('/dashboards')}>
          All dashboards
        </a>
        <h1 className="foreign cut">{shown.name}</h1>
        <span className={`badge ${shown.isShared ? 'green' : ''}`}>{shown.isShared ? 'shared' : 'only you'}</span>
        {!board.isOwn && <span className="muted foreign">by {board.ownerName ?? 'unknown'}</span>}
      </div>
      <div className="analytics-filters">
        <div className="filter-bar">
          <Within value={place}>
            <RangePicker />
          </Within>
          {draft ? null : <Actions board={board} edit={() => setDraft(board)} remove={() => setRemoving(true)} />}
        </div>
      </div>
      {draft && <EditBar draft={draft} setDraft={setDraft} />}
      {shown.tiles.length ? (
        <div className="grid board">
          {keysOf(shown.tiles).map(([key, tile], index) => (
            <BoardTile
              key={key}
              tile={tile}
              board={shown}
              range={range}
              editor={draft && <TileEditor tiles={shown.tiles} index={index} onChange={setTiles} />}
            />
          ))}
        </div>
      ) : (
        <Card>
          <Nothing mayChange={board.mayChange} isEditing={draft !== null} edit={() => setDraft(board)} />
        </Card>
      )}
      {isRemoving && <Remove board={board} onClose={() => setRemoving(false)} />}
    </>
  );
}

/** A key for each tile that it keeps when it moves, so that the focus stays in it: what it asks, and its number among equals. */
function keysOf(tiles: Tile[]): [key: string, tile: Tile][] {
  const known = new Map<string, number>();
  return tiles.map((tile) => {
    const asked = `${tile.kind} ${JSON.stringify(tile.parameters)}`;
    const number = known.get(asked) ?? 0;
    known.set(asked, number + 1);
    return [`${asked} ${number}`, tile];
  });
}

function Nothing({ mayChange, isEditing, edit }: { mayChange: boolean; isEditing: boolean; edit: () => void }) {
  return (
    <Empty
      icon="dashboard"
      title="No tiles yet"
      actions={
        mayChange &&
        !isEditing && (
          <Button look="primary" icon="plus" onClick={edit}>
            Add tiles
          </Button>
        )
      }
    >
      {mayChange
        ? 'Add tiles here. Or open a page of analytics, such as Funnels, set it up, and press Dashboard there.'
        : 'Its owner has not added a tile yet.'}
    </Empty>
  );
}

/** The actions of a dashboard that is not being edited. */
function Actions({ board, edit, remove }: { board: Dashboard; edit: () => void; remove: () => void }) {
  const create = useCreate();
  const copy = () =>
    create.mutate(copyOf(board), {
      onSuccess: ({ id, name }) => {
        tell(`Saved as ${name}.`);
        navigate(link(`/dashboards/${id}`));
      },
    });
  return (
    <>
      {board.mayChange && <Button onClick={edit}>Edit</Button>}
      <Button icon="copy" disabled={create.isPending} onClick={copy}>
        Save a copy
      </Button>
      {board.mayChange && (
        <Button look="quiet" icon="erase" onClick={remove}>
          Remove
        </Button>
      )}
      <Problem error={create.error} />
    </>
  );
}

/** The form of a dashboard that is being edited. What is changed is stored by Save. */
function EditBar({ draft, setDraft }: { draft: Dashboard; setDraft: (draft: Dashboard | null) => void }) {
  const store = useStore();
  const save = () => store.mutate(draft, { onSuccess: () => (tell('The dashboard is saved.'), setDraft(null)) });
  return (
    <Card className="board-edit">
      <Editor draft={draft} onChange={(next) => setDraft({ ...draft, ...next })} />
      <Problem error={store.error} />
      <div className="row">
        <Button look="primary" disabled={store.isPending || !draft.name.trim()} onClick={save}>
          Save
        </Button>
        <Button onClick={() => setDraft(null)}>Cancel</Button>
        <span className="grow" />
        <AddTile tiles={draft.tiles.length} onAdd={(tile) => setDraft({ ...draft, tiles: [...draft.tiles, tile] })} />
      </div>
    </Card>
  );
}

function BoardTile({
  tile,
  board,
  range,
  editor,
}: {
  tile: Tile;
  board: Draft;
  range: Record<string, string>;
  editor: React.ReactNode;
}) {
  const { where } = board;
  const search = useMemo(() => searchOf(tile, where, range), [tile, where, range]);
  const more = useMore(tile, search);
  return (
    <Card
      className={`board-tile ${tile.size === 'half' ? 'half' : ''}`}
      title={<span className="foreign">{tile.title || KIND_LABELS[tile.kind]}</span>}
      actions={
        !editor &&
        more &&
        tile.parameters && (
          <a className="link" href={more}>
            Open
          </a>
        )
      }
    >
      {editor}
      <Drawing tile={tile} search={search} />
    </Card>
  );
}

function Remove({ board, onClose }: { board: Dashboard; onClose: () => void }) {
  const remove = useRemove(board, () => {
    tell('The dashboard is removed.');
    navigate(link('/dashboards'), { replace: true });
  });
  return (
    <ChangeDialog title="Remove the dashboard?" action="Remove" look="danger" change={remove} onClose={onClose}>
      <p>
        <b className="foreign">{board.name}</b> is removed{board.isShared && ' for everybody in your organization'}.
        Sessions and statistics stay.
      </p>
    </ChangeDialog>
  );
}
