/** The editor of conditions. Nothing changes before Apply. */
import { useId, useState } from 'react';
import { country } from '../format';
import { useSigned } from '../signin/session';
import { Button, Dialog } from '../ui/controls';
import {
  choiceOf,
  choicesOf,
  fieldOf,
  FIELDS,
  problemOf,
  takesOne,
  takesValues,
  type Condition,
  type Group,
} from './conditions';
import { useCohorts } from './cohorts';
import { useFacets } from './use-facets';

/** As the server. */
const MOST = 20;
const FIRST: Condition = { field: 'country', operator: 'is' };
const FIRST_OF_EVENT: Condition = { field: 'eventProperty', operator: 'is' };

interface Props {
  groups: Group[];
  /** Only properties of one event. */
  isOfEvent: boolean;
  apply: (groups: Group[]) => void;
  close: () => void;
}

export default function ConditionEditor({ groups, isOfEvent, apply, close }: Props) {
  const first = isOfEvent ? FIRST_OF_EVENT : FIRST;
  const [draft, setDraft] = useState<Group[]>(groups.length ? groups : [[first]]);
  const all = draft.flat();
  const isReady = all.every((condition) => !problemOf(cleaned(condition)));
  const isFull = all.length >= MOST;
  const change = (index: number, group: Group) =>
    setDraft(draft.map((other, place) => (place === index ? group : other)).filter(({ length }) => length));
  return (
    <Dialog
      title={isOfEvent ? 'Properties of the event' : 'Conditions'}
      onClose={close}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button look="primary" disabled={!isReady} onClick={() => apply(draft.map((group) => group.map(cleaned)))}>
            Apply
          </Button>
        </>
      }
    >
      <div className="conditions">
        {draft.map((group, index) => (
          <fieldset key={index}>
            <legend>{index === 0 ? `${isOfEvent ? 'Events' : 'Sessions'} where` : 'and'}</legend>
            {group.map((condition, place) => (
              <Row
                key={place}
                condition={condition}
                isFirst={place === 0}
                isOfEvent={isOfEvent}
                onChange={(next) =>
                  change(
                    index,
                    next ? group.map((other, each) => (each === place ? next : other)) : group.toSpliced(place, 1),
                  )
                }
              />
            ))}
            <Button small look="quiet" icon="plus" disabled={isFull} onClick={() => change(index, [...group, first])}>
              or
            </Button>
          </fieldset>
        ))}
        <Button small icon="plus" disabled={isFull} onClick={() => setDraft([...draft, [first]])}>
          and
        </Button>
      </div>
    </Dialog>
  );
}

function Row({
  condition,
  isFirst,
  isOfEvent,
  onChange,
}: {
  condition: Condition;
  isFirst: boolean;
  isOfEvent: boolean;
  onChange: (next: Condition | null) => void;
}) {
  const { mayWatch } = useSigned();
  const field = fieldOf(condition.field);
  const choices = field ? choicesOf(field, mayWatch) : [];
  const chosen = choiceOf(condition);
  const problem = problemOf(cleaned(condition));
  const choose = (text: string) => {
    const next = choices.find((each) => each.text === text);
    if (next)
      onChange({ ...condition, operator: next.operator, not: next.not, values: kept(condition, next.operator) });
  };
  return (
    <div className="condition">
      <span className="muted joint">{isFirst ? '' : 'or'}</span>
      {!isOfEvent && (
        <select
          className="field"
          aria-label="Field"
          value={condition.field}
          onChange={({ target }) => onChange(begun(target.value))}
        >
          {FIELDS.map(([title, fields]) => (
            <optgroup key={title} label={title}>
              {fields
                .filter(({ isPersonal }) => mayWatch || !isPersonal)
                .map(({ name, label }) => (
                  <option key={name} value={name}>
                    {label}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
      )}
      {condition.field === 'eventProperty' && !isOfEvent && (
        <input
          className="field"
          aria-label="Event"
          placeholder="any event"
          maxLength={200}
          value={condition.event ?? ''}
          onChange={({ target }) => onChange({ ...condition, event: target.value || undefined })}
        />
      )}
      {field?.kind === 'property' && (
        <input
          className="field"
          aria-label="Property"
          placeholder="property"
          maxLength={64}
          value={condition.property ?? ''}
          onChange={({ target }) => onChange({ ...condition, property: target.value })}
        />
      )}
      {field?.kind !== 'flag' && (
        <select
          className="field operator"
          aria-label="Operator"
          value={chosen.text}
          onChange={({ target }) => choose(target.value)}
        >
          {choices.map(({ text }) => (
            <option key={text}>{text}</option>
          ))}
        </select>
      )}
      {takesValues(condition.operator) && <Values condition={condition} onChange={onChange} />}
      <Button small look="quiet" icon="close" label="Remove this condition" onClick={() => onChange(null)} />
      {problem && <small className="muted problem">{problem}</small>}
    </div>
  );
}

const begun = (name: string): Condition => {
  const kind = fieldOf(name)?.kind;
  if (kind === 'flag') return { field: name, operator: 'is', values: ['true'] };
  return { field: name, operator: kind === 'number' ? 'greater' : 'is' };
};

const kept = ({ values }: Condition, operator: Condition['operator']): string[] | undefined =>
  takesValues(operator) ? (takesOne(operator) ? values?.slice(0, 1) : values) : undefined;

/** Without what is only there while somebody types: empty and repeated values. */
function cleaned({ values = [], ...rest }: Condition): Condition {
  const different = new Set(values.map((value) => value.trim()).filter(Boolean));
  return { ...rest, ...(takesValues(rest.operator) && { values: [...different].slice(0, 50) }) };
}

/** One value a line. */
function Values({ condition, onChange }: { condition: Condition; onChange: (next: Condition) => void }) {
  const field = fieldOf(condition.field);
  const values = condition.values ?? [];
  const set = (next: string[]) => onChange({ ...condition, values: next });
  if (field?.kind === 'flag')
    return (
      <select className="field" aria-label="Value" value={values[0]} onChange={({ target }) => set([target.value])}>
        <option value="true">yes</option>
        <option value="false">no</option>
      </select>
    );
  if (field?.kind === 'cohort') return <CohortField value={values[0] ?? ''} onChange={(id) => set(id ? [id] : [])} />;
  if (field?.kind === 'number' || takesOne(condition.operator))
    return (
      <input
        className="field"
        aria-label="Value"
        inputMode="decimal"
        value={values[0] ?? ''}
        onChange={({ target }) => set([target.value])}
      />
    );
  return (
    <div className="values">
      <textarea
        className="field"
        aria-label="Values, one a line"
        placeholder="one value a line"
        rows={Math.min(6, Math.max(1, values.length))}
        value={values.join('\n')}
        onChange={({ target }) => set(target.value.split('\n'))}
      />
      <Suggestions condition={condition} add={(value) => set([...values.filter(Boolean), value])} />
    </div>
  );
}

function CohortField({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const cohorts = useCohorts().data?.cohorts ?? [];
  const isKnown = !value || cohorts.some(({ id }) => id === value);
  return (
    <select className="field" aria-label="Cohort" value={value} onChange={({ target }) => onChange(target.value)}>
      <option value="">{cohorts.length ? 'choose a cohort' : 'none saved yet'}</option>
      {!isKnown && <option value={value}>a private cohort</option>}
      {cohorts.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

/** Frequent values of the field that are not chosen yet. */
function Suggestions({ condition, add }: { condition: Condition; add: (value: string) => void }) {
  const id = useId();
  const field = fieldOf(condition.field);
  const facets = useFacets('where');
  const known = field?.values ?? (field?.facet ? facets.data?.facets[field.facet].map(({ value }) => value) : []) ?? [];
  const left = known.filter((value) => !condition.values?.includes(value)).slice(0, 8);
  if (!left.length) return null;
  return (
    <div className="suggestions" role="group" aria-labelledby={id}>
      <span id={id} className="hidden">
        Frequent values
      </span>
      {left.map((value) => (
        <button key={value} type="button" className="button quiet small foreign" onClick={() => add(value)}>
          {field?.facet === 'country' ? country(value) : value}
        </button>
      ))}
    </div>
  );
}
