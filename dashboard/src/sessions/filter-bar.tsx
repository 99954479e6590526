import { useRef, useState, type ReactNode } from 'react';
import { CollectionName, CollectionPicker } from '../collections/pick';
import { count, country } from '../format';
import { useTags } from '../kept/use-kept';
import { useSigned } from '../signin/session';
import { Button, Popover } from '../ui/controls';
import { useFocusAfterRemoval } from '../ui/focus';
import { Icon } from '../ui/icons';
import { Skeleton } from '../ui/states';
import { FIELDS, filtersOf, reading, useFilters, type FilterField } from './filters';
import { Conditions } from './condition-chips';
import { RangePicker } from './range-picker';
import { useFacets } from './use-facets';
import { SavedFilters } from './saved-filters';

/** The time range, the active filters, and a control to add more. */
export function FilterBar({ children, isSaving = false }: { children?: ReactNode; isSaving?: boolean }) {
  const { filter, change } = useFilters();
  const set = FIELDS.filter(({ name, isOfList }) => filter[name] !== undefined && (isSaving || !isOfList));
  const bar = useRef<HTMLDivElement>(null);
  useFocusAfterRemoval(bar, '.add-filter');
  const clear = () => change(Object.fromEntries(Object.keys(filter).map((name) => [name, null])));
  return (
    <div className="filter-bar" ref={bar}>
      <RangePicker />
      <AddFilter isOfList={isSaving} />
      {set.map((field) => (
        <FilterChip key={field.name} field={field} value={filter[field.name] ?? ''} />
      ))}
      <Conditions value={filter.where} onChange={(where) => change({ where })} />
      {(set.length > 0 || filter.where) && (
        <Button small look="quiet" onClick={clear}>
          Clear
        </Button>
      )}
      {isSaving && <SavedFilters page="sessions" />}
      {children}
    </div>
  );
}

function FilterChip({ field, value }: { field: FilterField; value: string }) {
  const { change } = useFilters();
  const [label, text] = reading(field, value);
  return (
    <Popover
      title={field.label}
      button={(open) => (
        <span className="chip">
          <button type="button" className="cut" onClick={open}>
            {label && `${label}: `}
            <b className="foreign">{field.kind === 'collection' ? <CollectionName id={value} /> : text}</b>
          </button>
          <button
            type="button"
            aria-label={`Remove the filter ${label} ${text}`}
            onClick={() => change({ [field.name]: null })}
          >
            <Icon name="close" size={14} />
          </button>
        </span>
      )}
    >
      {(close) => <ValuePicker field={field} value={value} close={close} />}
    </Popover>
  );
}

function AddFilter({ isOfList }: { isOfList: boolean }) {
  return (
    <Popover
      title="Add a filter"
      button={(open, isOpen) => (
        <Button icon="filter" className="add-filter" onClick={open} aria-expanded={isOpen}>
          Filter
        </Button>
      )}
    >
      {(close) => <FieldPicker isOfList={isOfList} close={close} />}
    </Popover>
  );
}

function FieldPicker({ isOfList, close }: { isOfList: boolean; close: () => void }) {
  const signed = useSigned();
  const { filter } = useFilters();
  const [field, setField] = useState<FilterField>();
  if (field) return <ValuePicker field={field} value={filter[field.name] ?? ''} close={close} />;
  const fields = filtersOf(signed).filter((each) => isOfList || !each.isOfList);
  return (
    <>
      {fields.map((each) => (
        <button key={each.name} type="button" className="item" onClick={() => setField(each)}>
          <Icon name={each.icon} size={16} /> {each.label}
          {filter[each.name] && <span className="count">set</span>}
        </button>
      ))}
    </>
  );
}

function ValuePicker({ field, value, close }: { field: FilterField; value: string; close: () => void }) {
  const { change } = useFilters();
  const choose = (next: string) => {
    change({ [field.name]: next || null });
    close();
  };
  if (field.kind === 'flag') {
    return (
      <>
        {field.flags?.map((text, index) => (
          <button key={text} type="button" className="item" onClick={() => choose(index === 0 ? 'true' : 'false')}>
            {text}
          </button>
        ))}
      </>
    );
  }
  if (field.kind === 'facet') return <FacetPicker field={field} choose={choose} />;
  if (field.kind === 'collection') return <CollectionPicker choose={choose} />;
  if (field.kind === 'tag') return <TagPicker choose={choose} />;
  if (field.kind === 'duration') return <DurationPicker value={value} choose={choose} />;
  return <TextPicker field={field} value={value} choose={choose} />;
}

function TextPicker({ field, value, choose }: { field: FilterField; value: string; choose: (value: string) => void }) {
  return (
    <form
      className="picker"
      onSubmit={(event) => (
        event.preventDefault(),
        choose(String(new FormData(event.currentTarget).get('value')).trim())
      )}
    >
      <label className="labelled">
        {field.label}
        <input className="field" name="value" defaultValue={value} placeholder={field.placeholder} autoComplete="off" />
      </label>
      <Button type="submit" look="primary" small>
        Apply
      </Button>
    </form>
  );
}

/** The tags that sessions have. */
function TagPicker({ choose }: { choose: (value: string) => void }) {
  const tags = useTags();
  return (
    <>
      {tags.map(({ tag, sessions }) => (
        <button key={tag} type="button" className="item" onClick={() => choose(tag)}>
          <span className="cut">{tag}</span>
          <span className="count">{count(sessions)}</span>
        </button>
      ))}
      {!tags.length && <p className="menu-title">No session has a tag yet.</p>}
    </>
  );
}

const DURATIONS: [string, number][] = [
  ['10 s', 10_000],
  ['1 min', 60_000],
  ['5 min', 300_000],
  ['15 min', 900_000],
  ['30 min', 1_800_000],
];

function DurationPicker({ value, choose }: { value: string; choose: (value: string) => void }) {
  return (
    <>
      {DURATIONS.map(([text, ms]) => (
        <button key={ms} type="button" className="item" onClick={() => choose(String(ms))}>
          {text}
        </button>
      ))}
      <form
        className="picker"
        onSubmit={(event) => (
          event.preventDefault(),
          choose(String(Number(new FormData(event.currentTarget).get('seconds')) * 1000))
        )}
      >
        <label className="labelled">
          Seconds
          <input
            className="field"
            name="seconds"
            type="number"
            min={1}
            defaultValue={value ? Number(value) / 1000 : ''}
          />
        </label>
        <Button type="submit" look="primary" small>
          Apply
        </Button>
      </form>
    </>
  );
}

/** Existing values with their counts. Other values can be typed. */
function FacetPicker({ field, choose }: { field: FilterField; choose: (value: string) => void }) {
  const [typed, setTyped] = useState('');
  const facets = useFacets(field.name);
  const values = (field.facet && facets.data?.facets[field.facet]) || [];
  const shown = values.filter(
    ({ value }) =>
      value.toLowerCase().includes(typed.toLowerCase()) ||
      (field.name === 'country' && country(value).toLowerCase().includes(typed.toLowerCase())),
  );
  return (
    <form
      onSubmit={(event) => (
        event.preventDefault(),
        choose(shown[0] && typed !== shown[0].value ? shown[0].value : typed.trim())
      )}
    >
      <input
        className="field picker-search"
        aria-label={field.label}
        placeholder={`${field.label}…`}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {facets.isPending && (
        <div className="picker">
          <Skeleton height={20} />
          <Skeleton height={20} />
        </div>
      )}
      {shown.slice(0, 50).map(({ value, count: sessions }) => (
        <button key={value} type="button" className="item" onClick={() => choose(value)}>
          <span className="cut foreign">{field.name === 'country' ? country(value) : value}</span>
          <span className="count">{count(sessions)}</span>
        </button>
      ))}
      {!facets.isPending && !shown.length && (
        <p className="menu-title">{typed ? 'Press Enter to use this value.' : 'No values in this time range.'}</p>
      )}
    </form>
  );
}
