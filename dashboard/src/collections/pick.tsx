import type { FormEvent } from 'react';
import { Problem } from '../accounts/problem';
import type { Session } from '../api/types';
import { link } from '../router';
import { Button, Popover } from '../ui/controls';
import { Loaded } from '../ui/states';
import { useCollect, useCollections, useSave } from './use-collections';

/** The collections of a session, and a button that puts it into others. */
export function InCollections({ session }: { session: Session }) {
  const of = useCollections(session.id).data?.collections ?? [];
  return (
    <>
      {of.map(({ id, name }) => (
        <a key={id} className="chip cut foreign" href={link(`/collections/${id}`)} title={`The collection ${name}`}>
          {name}
        </a>
      ))}
      <Popover
        title="Collections"
        button={(open, isOpen) => (
          <Button small look="quiet" icon="save" label="Collections" onClick={open} aria-expanded={isOpen} />
        )}
      >
        {() => <Choices session={session} known={of.map(({ id }) => id)} />}
      </Popover>
    </>
  );
}

function Choices({ session, known }: { session: Session; known: string[] }) {
  const all = useCollections();
  const collect = useCollect(session.id);
  const create = useSave(undefined, ({ id }) => collect.mutate({ id, isIn: true }));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const name = String(new FormData(form).get('name')).trim();
    if (name) create.mutate({ name, note: '' }, { onSuccess: () => form.reset() });
  };
  return (
    <>
      <Loaded query={all} height={40}>
        {({ collections }) =>
          collections.map(({ id, name, sessions }) => (
            <label key={id} className="item check">
              <input
                type="checkbox"
                checked={known.includes(id)}
                disabled={collect.isPending}
                onChange={(event) => collect.mutate({ id, isIn: event.target.checked })}
              />
              <span className="cut foreign">{name}</span>
              <span className="count">{sessions}</span>
            </label>
          ))
        }
      </Loaded>
      <form className="picker" onSubmit={submit}>
        <label className="labelled">
          New collection with this session
          <input className="field" name="name" maxLength={100} placeholder="Trouble at checkout" autoComplete="off" />
        </label>
        <Problem error={collect.error ?? create.error} />
        <Button type="submit" look="primary" small disabled={create.isPending}>
          Create
        </Button>
      </form>
    </>
  );
}

/** Chooses one of the collections. */
export function CollectionPicker({ choose }: { choose: (id: string) => void }) {
  const all = useCollections();
  return (
    <Loaded query={all} height={40}>
      {({ collections }) =>
        collections.length ? (
          collections.map(({ id, name, sessions }) => (
            <button key={id} type="button" className="item" onClick={() => choose(id)}>
              <span className="cut foreign">{name}</span>
              <span className="count">{sessions}</span>
            </button>
          ))
        ) : (
          <p className="menu-title">No collections yet.</p>
        )
      }
    </Loaded>
  );
}

/** What a collection is called; its id until that is known. */
export function CollectionName({ id }: { id: string }) {
  const all = useCollections();
  return <>{all.data?.collections.find((one) => one.id === id)?.name ?? id}</>;
}
