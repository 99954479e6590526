import type { FormEvent } from 'react';
import { Problem } from '../accounts/problem';
import type { SavedFilter } from '../api/types';
import { navigate, useSearch } from '../router';
import { useSigned } from '../signin/session';
import { Button, Popover } from '../ui/controls';
import { Loaded } from '../ui/states';
import { useForget, useSave, useSavedFilters } from './saved';

/** The saved filters, and a form that saves the current ones. */
export function SavedFilters() {
  const saved = useSavedFilters();
  const [search] = useSearch();
  const current = saved.data?.filters.find(({ query }) => query === search.toString());
  return (
    <Popover
      title="Saved filters"
      button={(open, isOpen) => (
        <Button icon="save" onClick={open} aria-expanded={isOpen}>
          <span className="cut foreign">{current?.name ?? 'Saved'}</span>
        </Button>
      )}
    >
      {(close) => (
        <>
          <Loaded query={saved} height={40}>
            {({ filters }) => filters.map((filter) => <Row key={filter.id} filter={filter} close={close} />)}
          </Loaded>
          <SaveForm query={search.toString()} close={close} />
        </>
      )}
    </Popover>
  );
}

function Row({ filter, close }: { filter: SavedFilter; close: () => void }) {
  const forget = useForget();
  const { isAdmin } = useSigned();
  const mayDelete = filter.isOwn || isAdmin;
  return (
    <>
      <div className="row">
        <button type="button" className="item" onClick={() => (navigate(`#/sessions?${filter.query}`), close())}>
          <span className="cut foreign">{filter.name}</span>
          {filter.isShared && <span className="count">shared</span>}
        </button>
        {mayDelete && (
          <Button
            small
            look="quiet"
            icon="close"
            label={`Delete ${filter.name}`}
            disabled={forget.isPending}
            onClick={() => forget.mutate(filter)}
          />
        )}
      </div>
      <Problem error={forget.error} />
    </>
  );
}

function SaveForm({ query, close }: { query: string; close: () => void }) {
  const save = useSave(close);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get('name')).trim();
    if (name) save.mutate({ name, query, isShared: form.has('shared') });
  };
  if (!query) return <p className="menu-title">Set a filter to save it.</p>;
  return (
    <form className="picker" onSubmit={submit}>
      <label className="labelled">
        Save the current filters as
        <input className="field" name="name" maxLength={100} placeholder="Angry on mobile" autoComplete="off" />
      </label>
      <label className="check">
        <input type="checkbox" name="shared" /> Share with the organization
      </label>
      <Problem error={save.error} />
      <Button type="submit" look="primary" small disabled={save.isPending}>
        Save
      </Button>
    </form>
  );
}
