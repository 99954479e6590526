/** Cohorts on the page of people: those that are saved, and a form that saves one. */
import { useState, type FormEvent } from 'react';
import { Problem } from '../accounts/problem';
import type { Cohort, PersonTest } from '../api/types';
import { useSearch } from '../router';
import { useCohorts, useForgetCohort, useSaveCohort } from '../sessions/cohorts';
import { alsoIs, readGroups, type Group } from '../sessions/conditions';
import { useSigned } from '../signin/session';
import { ChangeDialog } from '../ui/change-dialog';
import { Button, Popover } from '../ui/controls';
import { Loaded } from '../ui/states';
import { tell } from '../ui/toast';

const DAYS = [7, 30, 90, 180, 366];

export function Cohorts() {
  const cohorts = useCohorts();
  const { mayWatch } = useSigned();
  const [removed, setRemoved] = useState<Cohort | null>(null);
  if (!mayWatch) return null;
  return (
    <>
      <Popover
        title="Cohorts"
        button={(open, isOpen) => (
          <Button icon="user" onClick={open} aria-expanded={isOpen}>
            Cohorts
          </Button>
        )}
      >
        {(close) => (
          <>
            <Loaded query={cohorts} height={40}>
              {(data) =>
                data.cohorts.map((cohort) => (
                  <Row key={cohort.id} cohort={cohort} close={close} remove={() => (close(), setRemoved(cohort))} />
                ))
              }
            </Loaded>
            <SaveForm close={close} />
          </>
        )}
      </Popover>
      {removed && <Remove cohort={removed} onClose={() => setRemoved(null)} />}
    </>
  );
}

function Remove({ cohort, onClose }: { cohort: Cohort; onClose: () => void }) {
  const forget = useForgetCohort(cohort, () => {
    tell('The cohort is removed.');
    onClose();
  });
  return (
    <ChangeDialog title="Remove the cohort?" action="Remove" look="danger" change={forget} onClose={onClose}>
      <p>
        <b className="foreign">{cohort.name}</b> is removed{cohort.isShared && ' for everybody in your organization'}.
        Dashboards, saved views and links that use it stop working.
      </p>
    </ChangeDialog>
  );
}

function Row({ cohort, close, remove }: { cohort: Cohort; close: () => void; remove: () => void }) {
  const [, change] = useSearch();
  const { isAdmin } = useSigned();
  const show = () => {
    change({ where: alsoIs(undefined, 'cohort', cohort.id) });
    close();
  };
  return (
    <div className="row">
      <button type="button" className="item" onClick={show}>
        <span className="cut foreign">{cohort.name}</span>
        {cohort.isShared && <span className="count">shared</span>}
      </button>
      {(cohort.isOwn || isAdmin) && (
        <Button small look="quiet" icon="close" label={`Remove ${cohort.name}`} onClick={remove} />
      )}
    </div>
  );
}

/** The tests that a form asks for; all must hold. */
function testsOf(form: FormData, where: Group[]): PersonTest[] {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const tests: PersonTest[] = [];
  if (where.length) tests.push({ of: 'sessions', where: where as unknown as PersonTest['where'] });
  if (text('event')) tests.push({ of: 'events', name: text('event'), times: Number(text('times')) || 1 });
  // A date without a time would begin in UTC.
  const [after, before] = ['after', 'before'].map((name) => Date.parse(`${text(name)}T00:00`));
  if (after || before)
    tests.push({ of: 'firstSeen', after: after || undefined, before: before || undefined } as PersonTest);
  return tests;
}

function SaveForm({ close }: { close: () => void }) {
  const [search, change] = useSearch();
  const [isEmpty, setEmpty] = useState(false);
  const given = readGroups(search.get('where'));
  // A cohort has no other cohort in it.
  const where = given.filter((group) => !group.some(({ field }) => field === 'cohort'));
  const save = useSaveCohort((saved) => {
    change({ where: alsoIs(undefined, 'cohort', saved.id) });
    close();
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get('name')).trim();
    const groups = testsOf(form, where).map((test) => [test]);
    setEmpty(!groups.length);
    if (!name || !groups.length) return;
    const definition = { days: Number(form.get('days')), groups };
    save.mutate({ name, definition, isShared: form.has('shared') });
  };
  return (
    <form className="picker cohort-form" onSubmit={submit}>
      <label className="labelled">
        Save a cohort as
        <input className="field" name="name" required maxLength={100} placeholder="Bought twice" autoComplete="off" />
      </label>
      <label className="labelled">
        People seen in the last
        <select className="field" name="days" defaultValue="90">
          {DAYS.map((days) => (
            <option key={days} value={days}>
              {days} days
            </option>
          ))}
        </select>
      </label>
      {where.length < given.length && (
        <p className="muted">Conditions on cohorts are left out: a cohort cannot contain another cohort.</p>
      )}
      <p className="muted">
        {where.length
          ? `At least one of their sessions matches the ${where.length < given.length ? 'other ' : ''}conditions of this page, and:`
          : 'Set conditions on this page to use them, too.'}
      </p>
      <div className="row">
        <label className="labelled">
          Did the event
          <input className="field" name="event" maxLength={200} placeholder="purchase" autoComplete="off" />
        </label>
        <label className="labelled">
          At least
          <input className="field" name="times" type="number" min={1} max={100_000} defaultValue={1} />
        </label>
      </div>
      <div className="row">
        <label className="labelled">
          First seen from
          <input className="field" name="after" type="date" />
        </label>
        <label className="labelled">
          Before
          <input className="field" name="before" type="date" />
        </label>
      </div>
      <label className="check">
        <input type="checkbox" name="shared" /> Share with the organization
      </label>
      {isEmpty && <p className="muted">Give at least one condition, event or date.</p>}
      <Problem error={save.error} />
      <Button type="submit" look="primary" small disabled={save.isPending}>
        Save
      </Button>
    </form>
  );
}
