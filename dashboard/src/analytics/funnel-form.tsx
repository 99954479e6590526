import { useState } from 'react';
import type { EventCounts, FunnelStep, Pages } from '../api/types';
import { StepConditions } from './step-conditions';
import { Button } from '../ui/controls';
import { BreakdownField } from './breakdown';
import { useAnalysis } from './page';

export type By = 'session' | 'person';

interface Values {
  steps: FunnelStep[];
  by: By;
  windowMs: number;
  breakdown: string;
}

const WINDOWS: Record<By, [number, string][]> = {
  session: [
    [600_000, '10 minutes'],
    [3_600_000, '1 hour'],
    [86_400_000, '1 day'],
    [604_800_000, '7 days'],
  ],
  person: [
    [3_600_000, '1 hour'],
    [86_400_000, '1 day'],
    [604_800_000, '7 days'],
    [1_209_600_000, '14 days'],
    [2_592_000_000, '30 days'],
    [7_776_000_000, '90 days'],
  ],
};
const MOST = 8;

export function FunnelForm({
  steps,
  by,
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
          Count
          <select
            className="field"
            value={by}
            onChange={(event) => onChange({ by: event.target.value === 'person' ? 'person' : 'session' })}
          >
            <option value="session">Sessions: all steps in one</option>
            <option value="person">People: steps in any of their sessions</option>
          </select>
        </label>
        <label className="labelled">
          Within
          <select
            className="field"
            value={windowMs}
            onChange={(event) => onChange({ windowMs: Number(event.target.value) })}
          >
            {WINDOWS[by].map(([ms, text]) => (
              <option key={ms} value={ms}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <BreakdownField value={breakdown} onChange={(next) => onChange({ breakdown: next })} />
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
      <StepConditions step={step} onChange={(where) => onChange({ ...step, where })} />
    </span>
  );
}
