import type { FunnelStep } from '../api/types';
import { Conditions } from '../sessions/condition-chips';
import { readGroups, type Group } from '../sessions/conditions';

/** What must hold of the properties of an event. Only custom events have properties. */
export function StepConditions({
  step: { type, where },
  onChange,
}: {
  step: Pick<FunnelStep, 'type' | 'where'>;
  onChange: (where: Group[] | undefined) => void;
}) {
  if (type !== 'custom') return null;
  return (
    <span className="row step-where">
      <Conditions
        isOfEvent
        value={where?.length ? JSON.stringify(where) : undefined}
        onChange={(text) => onChange(text ? readGroups(text) : undefined)}
      />
    </span>
  );
}
