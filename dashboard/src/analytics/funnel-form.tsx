import { useState } from 'react';
import type { EventCounts, FunnelStep, Pages } from '../api/types';
import { Button } from '../ui/controls';
import { useAnalysis } from './page';

interface Values {
  steps: FunnelStep[];
  windowMs: number;
  breakdown: string;
}

const WINDOWS: [number, string][] = [
  [600_000, '10 minutes'],
  [3_600_000, '1 hour'],
  [86_400_000, '1 day'],
  [604_800_000, '7 days'],
];
const BREAKDOWNS: [string, string][] = [
  ['', 'No breakdown'],
  ['country', 'Country'],
  ['device', 'Device'],
  ['browser', 'Browser'],
  ['os', 'Operating system'],
];
const MOST = 8;

export function FunnelForm({
  steps,
  windowMs,
  breakdown,
  onChange,
}: Values & { onChange: (change: Partial<Values>) => void }) {
  const events = useAnalysis<EventCounts>('events', { bucket: 'day' });
  const pages = useAnalysis<Pages>('pages', { limit: 100 });
  const choices = events.data?.rows ?? [];
  const replace = (index: number, step: FunnelStep) =>
    onChange({ steps: steps.map((known, at) => (at === index ? step : known)) });
  const remove = (index: number) => onChange({ steps: steps.filter((_, at) => at !== index) });
  const move = (index: number) => {
    const next = [...steps];
    const [moved] = next.splice(index, 1);
    if (moved) next.splice(index - 1, 0, moved);
    onChange({ steps: next });
  };
  return (
    <div className="funnel-form">
      <datalist id="known-pages">
        {pages.data?.rows.map(({ page }) => (
          <option key={page} value={page} />
        ))}
      </datalist>
      <ol>
        {steps.map((step, index) => (
          <li key={index}>
            <i className="step-number">{index + 1}</i>
            <StepFields step={step} choices={choices} onChange={(next) => replace(index, next)} />
            <span className="step-buttons">
              {index > 0 && (
                <Button small look="quiet" label={`Move step ${index + 1} up`} onClick={() => move(index)}>
                  ↑
                </Button>
              )}
              <Button
                small
                look="quiet"
                icon="close"
                label={`Remove step ${index + 1}`}
                onClick={() => remove(index)}
              />
            </span>
          </li>
        ))}
      </ol>
      {steps.length < MOST && (
        <Button icon="plus" onClick={() => onChange({ steps: [...steps, { type: 'pageview' }] })}>
          Add a step
        </Button>
      )}
      <div className="funnel-options">
        <label className="labelled">
          Within
          <select
            className="field"
            value={windowMs}
            onChange={(event) => onChange({ windowMs: Number(event.target.value) })}
          >
            {WINDOWS.map(([ms, text]) => (
              <option key={ms} value={ms}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <label className="labelled">
          Break down by
          <select className="field" value={breakdown} onChange={(event) => onChange({ breakdown: event.target.value })}>
            {BREAKDOWNS.map(([name, text]) => (
              <option key={name} value={name}>
                {text}
              </option>
            ))}
          </select>
        </label>
      </div>
    </div>
  );
}

interface StepProps {
  step: FunnelStep;
  choices: EventCounts['rows'];
  onChange: (step: FunnelStep) => void;
}

/** An event, and a part of the page's address if it happens on a page. */
function StepFields({ step, choices, onChange }: StepProps) {
  const [url, setUrl] = useState(step.url ?? '');
  const value = step.name ? `${step.type}:${step.name}` : step.type;
  const known = new Map<string, Pick<FunnelStep, 'type' | 'name'>>([
    ['pageview', { type: 'pageview' }],
    ...choices.map((row): [string, Pick<FunnelStep, 'type' | 'name'>] => [
      row.name ? `${row.type}:${row.name}` : row.type,
      row,
    ]),
  ]);
  if (!known.has(value)) known.set(value, { type: step.type, name: step.name ?? null });
  const apply = () => url !== (step.url ?? '') && onChange({ ...step, url: url || undefined });
  return (
    <span className="step-fields">
      <select
        className="field"
        aria-label="Event"
        value={value}
        onChange={(event) => {
          const chosen = known.get(event.target.value);
          if (chosen) onChange({ type: chosen.type, name: chosen.name ?? undefined, url: step.url });
        }}
      >
        {[...known].map(([key, { type, name }]) => (
          <option key={key} value={key}>
            {name ?? type.replaceAll('_', ' ')}
          </option>
        ))}
      </select>
      <input
        className="field"
        aria-label="Part of the page's address"
        placeholder="on any page"
        list="known-pages"
        value={url}
        onChange={(event) => setUrl(event.target.value)}
        onBlur={apply}
        onKeyDown={(event) => event.key === 'Enter' && apply()}
      />
    </span>
  );
}
