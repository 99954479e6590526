import { StepConditions } from '../analytics/step-conditions';
import type { FunnelStep } from '../api/types';
import { Button } from '../ui/controls';

const MOST = 8;

/** Events of another type have other properties. */
function changed(field: 'type' | 'name' | 'url', value: string): Partial<FunnelStep> {
  if (field === 'type') return { type: value, where: undefined };
  return field === 'name' ? { name: value || undefined } : { url: value || undefined };
}

/** The steps of a funnel, in order. */
export function Steps({ steps, onChange }: { steps: FunnelStep[]; onChange: (steps: FunnelStep[]) => void }) {
  const replace = (index: number, next: Partial<FunnelStep>) =>
    onChange(steps.map((step, at) => (at === index ? { ...step, ...next } : step)));
  return (
    <fieldset className="scopes">
      <legend>Steps</legend>
      {steps.map((step, index) => (
        <div key={index} className="row alert-step">
          {(
            [
              ['type', 'Type', 'pageview'],
              ['name', 'Name', 'any name'],
              ['url', 'Page', 'any page'],
            ] as const
          ).map(([field, label, placeholder]) => (
            <input
              key={field}
              className="field grow"
              aria-label={`${label} of step ${index + 1}`}
              placeholder={placeholder}
              maxLength={200}
              value={step[field] ?? ''}
              onChange={({ target }) => replace(index, changed(field, target.value))}
            />
          ))}
          <StepConditions step={step} onChange={(where) => replace(index, { where })} />
          {steps.length > 2 && (
            <Button
              small
              look="quiet"
              icon="close"
              label={`Remove step ${index + 1}`}
              onClick={() => onChange(steps.filter((_, at) => at !== index))}
            />
          )}
        </div>
      ))}
      {steps.length < MOST && (
        <span>
          <Button small icon="plus" onClick={() => onChange([...steps, { type: 'click' }])}>
            Add a step
          </Button>
        </span>
      )}
    </fieldset>
  );
}
