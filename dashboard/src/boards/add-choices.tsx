import { useState, type FormEvent } from 'react';
import { Problem } from '../accounts/problem';
import { link } from '../router';
import { Button } from '../ui/controls';
import { Loaded } from '../ui/states';
import { tell } from '../ui/toast';
import { MAX_TILES, tileOf } from './question';
import type { Dashboard, NewTile } from './types';
import { useAddTile, useBoards, useCreate } from './use-boards';

const MAX_TEXT = 100;

/** The dashboards that may get a tile, and a form for a new one. */
export default function Choices({
  tile,
  filter,
  close,
}: {
  tile: NewTile;
  filter: Record<string, string | number>;
  close: () => void;
}) {
  const [title, setTitle] = useState(tile.title.slice(0, MAX_TEXT));
  const boards = useBoards();
  const add = useAddTile();
  const create = useCreate();
  const added = tileOf({ ...tile, title: title.trim() }, filter);
  const done = ({ id, name }: Dashboard) => {
    tell(`Added to ${name}.`, { href: link(`/dashboards/${id}`), label: 'Open' });
    close();
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name')).trim();
    if (name) create.mutate({ name, isShared: false, lastHours: null, where: [], tiles: [added] }, { onSuccess: done });
  };
  const isPending = add.isPending || create.isPending;
  return (
    <>
      <label className="labelled picker">
        Title of the tile
        <input
          className="field"
          name="title"
          maxLength={MAX_TEXT}
          value={title}
          autoComplete="off"
          onChange={(event) => setTitle(event.target.value)}
        />
      </label>
      <Loaded query={boards} height={40}>
        {({ dashboards }) =>
          dashboards
            .filter(({ isOwn }) => isOwn)
            .map(({ id, name, tiles }) => (
              <button
                key={id}
                type="button"
                className="item"
                disabled={isPending || tiles >= MAX_TILES}
                onClick={() => add.mutate({ id, tile: added }, { onSuccess: done })}
              >
                <span className="cut foreign">{name}</span>
                <span className="count">{tiles}</span>
              </button>
            ))
        }
      </Loaded>
      <form className="picker" onSubmit={submit}>
        <label className="labelled">
          New dashboard
          <input className="field" name="name" maxLength={MAX_TEXT} placeholder="Checkout" autoComplete="off" />
        </label>
        <Problem error={add.error ?? create.error} />
        <Button type="submit" look="primary" small disabled={isPending}>
          Create
        </Button>
      </form>
    </>
  );
}
