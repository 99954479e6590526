import { useId, type ReactNode } from 'react';
import { ALL_MARKETING_PAGES, MARKETING_PAGES } from '../admin/pages';
import { hasPage, LABELS, withPage, type Draft, type Field, type Problem } from './draft';

/** What every field of the form gets. */
export interface FormProps {
  draft: Draft;
  problem: Problem | null;
  change: (changes: Partial<Draft>) => void;
}

type TextField = { [F in Field]: Draft[F] extends boolean ? never : string extends Draft[F] ? F : never }[Field];
type FlagField = { [F in Field]: Draft[F] extends boolean ? F : never }[Field];

export function Flag({ field, about, form }: { field: FlagField; about: ReactNode; form: FormProps }) {
  return (
    <label className="check explained">
      <input
        type="checkbox"
        name={field}
        checked={form.draft[field]}
        onChange={({ target }) => form.change({ [field]: target.checked })}
      />
      <span>
        <b>{LABELS[field]}</b> <span className="muted">{about}</span>
      </span>
    </label>
  );
}

type ChoiceField = 'ipAddress' | 'consentSignals' | 'publicLinks';

interface ChoiceProps<F extends ChoiceField> {
  field: F;
  options: readonly (readonly [value: Draft[F], label: string, about: string])[];
  form: FormProps;
}

export function Choice<F extends ChoiceField>({ field, options, form }: ChoiceProps<F>) {
  return (
    <fieldset className="scopes">
      <legend className="hidden">{LABELS[field]}</legend>
      {options.map(([value, label, about]) => (
        <label key={value} className="check explained">
          <input
            type="radio"
            name={field}
            value={value}
            checked={form.draft[field] === value}
            onChange={() => form.change({ [field]: value })}
          />
          <span>
            <b>{label}</b> <span className="muted">{about}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** A box for each page that the role marketing may open. */
export function PageList({ form: { draft, change } }: { form: FormProps }) {
  const { marketingPages: open } = draft;
  return (
    <fieldset className="scopes">
      <legend className="hidden">{LABELS.marketingPages}</legend>
      {ALL_MARKETING_PAGES.map((page) => (
        <label key={page} className="check">
          <input
            type="checkbox"
            name="marketingPages"
            value={page}
            checked={hasPage(open, page)}
            onChange={({ target }) => change({ marketingPages: withPage(open, page, target.checked) })}
          />
          {MARKETING_PAGES[page]}
        </label>
      ))}
    </fieldset>
  );
}

interface TextProps {
  field: TextField;
  about: ReactNode;
  form: FormProps;
  placeholder?: string;
}

export const Lines = (props: TextProps) => (
  <Labelled {...props}>
    {(shared) => (
      <textarea {...shared} className="field mono" rows={3} spellCheck={false} placeholder={props.placeholder} />
    )}
  </Labelled>
);

export const Line = (props: TextProps) => (
  <Labelled {...props}>
    {(shared) => <input {...shared} className="field mono" spellCheck={false} placeholder={props.placeholder} />}
  </Labelled>
);

export const NumberField = ({ unit, min, max, step, ...props }: TextProps & NumberRange) => (
  <Labelled {...props}>
    {(shared) => (
      <span className="row">
        <input
          {...shared}
          className="field number-field"
          type="number"
          min={min}
          max={max}
          step={step}
          placeholder={props.placeholder}
        />
        {unit}
      </span>
    )}
  </Labelled>
);

interface NumberRange {
  unit: string;
  min: number;
  max: number;
  step: number | 'any';
}

interface Shared {
  id: string;
  name: string;
  value: string;
  'aria-describedby': string;
  'aria-invalid'?: true;
  onChange: (event: { target: { value: string } }) => void;
}

/** A field with its label, its explanation and its problem. */
function Labelled({ field, about, form, children }: TextProps & { children: (shared: Shared) => ReactNode }) {
  const id = useId();
  const { draft, problem, change } = form;
  const isWrong = problem?.field === field;
  return (
    <div className="labelled">
      <label htmlFor={id}>{LABELS[field]}</label>
      {children({
        id,
        name: field,
        value: draft[field],
        'aria-describedby': isWrong ? `${id}-about ${id}-problem` : `${id}-about`,
        'aria-invalid': isWrong || undefined,
        onChange: ({ target }) => change({ [field]: target.value }),
      })}
      <small id={`${id}-about`}>{about}</small>
      {isWrong && (
        <p className="problem" id={`${id}-problem`} role="alert">
          {problem.text}
        </p>
      )}
    </div>
  );
}
