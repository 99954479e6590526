import type { KeyboardEvent, ReactNode } from 'react';

interface Props<T extends string> {
  label: string;
  /** Id of the element that shows the chosen tab. */
  panel: string;
  value: T;
  options: readonly (readonly [T, ReactNode])[];
  onChange: (value: T) => void;
}

/** Tabs with the usual keys: one tab stop, and arrows inside. */
export function Tabs<T extends string>({ label, panel, value, options, onChange }: Props<T>) {
  const pressed = (event: KeyboardEvent<HTMLDivElement>) => {
    const at = options.findIndex(([name]) => name === value);
    const to = {
      ArrowRight: (at + 1) % options.length,
      ArrowLeft: (at + options.length - 1) % options.length,
      Home: 0,
      End: options.length - 1,
    }[event.key];
    const next = to === undefined ? undefined : options[to]?.[0];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onChange(next);
    event.currentTarget.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={label} onKeyDown={pressed}>
      {options.map(([name, text]) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-selected={value === name}
          aria-controls={panel}
          tabIndex={value === name ? 0 : -1}
          onClick={() => onChange(name)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}
