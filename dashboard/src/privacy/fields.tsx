import { useId, type ReactNode } from 'react';
import { LABELS, type Draft, type Field, type Problem } from './draft';

/** What every field of the form gets. */
export interface FormProps {
  draft: Draft;
  problem: Problem | null;
  change: (changes: Partial<Draft>) => void;
}

type TextField = 'samplePercent' | 'queryParameters' | 'assetHosts';
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

interface ChoiceProps<F extends 'ipAddress' | 'consentSignals'> {
  field: F;
  options: readonly (readonly [value: Draft[F], label: string, about: string])[];
  form: FormProps;
}

export function Choice<F extends 'ipAddress' | 'consentSignals'>({ field, options, form }: ChoiceProps<F>) {
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

interface TextProps {
  field: TextField;
  about: ReactNode;
  form: FormProps;
  placeholder?: string;
  /** Lines to show; 0 is a number in one line. */
  lines?: number;
  unit?: string;
}

export function Text({ field, about, form, placeholder, lines = 0, unit }: TextProps) {
  const id = useId();
  const { draft, problem, change } = form;
  const isWrong = problem?.field === field;
  const shared = {
    name: field,
    value: draft[field],
    'aria-describedby': `${id}-about ${isWrong ? `${id}-problem` : ''}`.trim(),
    'aria-invalid': isWrong || undefined,
    onChange: ({ target }: { target: { value: string } }) => change({ [field]: target.value }),
  };
  return (
    <div className="labelled">
      <label htmlFor={id}>{LABELS[field]}</label>
      {lines ? (
        <textarea
          {...shared}
          id={id}
          className="field mono"
          rows={lines}
          spellCheck={false}
          placeholder={placeholder}
        />
      ) : (
        <span className="row">
          <input {...shared} id={id} className="field number-field" type="number" min={0} max={100} step="any" />
          {unit}
        </span>
      )}
      <small id={`${id}-about`}>{about}</small>
      {isWrong && (
        <p className="problem" id={`${id}-problem`} role="alert">
          {problem.text}
        </p>
      )}
    </div>
  );
}
