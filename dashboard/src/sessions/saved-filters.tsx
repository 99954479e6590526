import type { FormEvent } from 'react';
import { Problem } from '../accounts/problem';
import type { SavedFilter } from '../api/types';
import { navigate, useSearch } from '../router';
import { useSigned } from '../signin/session';
import { Button, Popover } from '../ui/controls';
import { Loaded } from '../ui/states';
import { useForget, useSave, useSavedFilters } from './saved';

/** The saved views of a page, and a form that saves the current one. */
export function SavedFilters({ page }: { page: string }) {
  const saved = useSavedFilters();
  const [search] = useSearch();
  const ofPage = saved.data?.filters.filter((filter) => filter.page === page) ?? [];
  const current = ofPage.find(({ query }) => query === search.toString());
  return (
    <Popover
      title="Saved views"
      button={(open, isOpen) => (
        <Button icon="save" onClick={open} aria-expanded={isOpen}>
          <span className="cut foreign">{current?.name ?? 'Saved'}</span>
        </Button>
      )}
    >
      {(close) => (
        <>
          <Loaded query={saved} height={40}>
            {() => ofPage.map((filter) => <Row key={filter.id} filter={filter} close={close} />)}
          </Loaded>
          <SaveForm page={page} query={search.toString()} close={close} />
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
        <button type="button" className="item" onClick={() => (navigate(`#/${filter.page}?${filter.query}`), close())}>
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

function SaveForm({ page, query, close }: { page: string; query: string; close: () => void }) {
  const save = useSave(close);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get('name')).trim();
    if (name) save.mutate({ name, page, query, isShared: form.has('shared') });
  };
  if (!query) return <p className="menu-title">Set a filter or a time range to save a view.</p>;
  return (
    <form className="picker" onSubmit={submit}>
      <label className="labelled">
        Save the current view as
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
