import { useState, type FormEvent } from 'react';
import { Problem } from '../accounts/problem';
import { StepConditions } from '../analytics/step-conditions';
import { call } from '../api/client';
import { titleOf } from '../issues/parts';
import { Conditions } from '../sessions/condition-chips';
import { readGroups } from '../sessions/conditions';
import { Button, Dialog } from '../ui/controls';
import { Steps } from './steps';
import type { Alert, Comparison, Draft, Rule, Target, Watched } from './types';
import { useAlerts, useChange, useLatestIssues, usePaths, useTargets } from './use-alerts';
import { CONDITIONS, isAboutIssues, isCompared, NUMBERS, selectsSessions, UNKNOWN, WINDOWS } from './words';

/** Minutes. */
const LONGEST_COMPARED = 1_440;

const FIRST: Draft = {
  name: '',
  rule: { number: 'newIssue' },
  targets: [],
  tellsResolved: true,
  isEnabled: true,
};

const draftOf = (alert?: Alert): Draft =>
  alert?.rule
    ? {
        name: alert.name,
        rule: alert.rule,
        targets: alert.targets,
        tellsResolved: alert.tellsResolved,
        isEnabled: alert.isEnabled,
      }
    : FIRST;

/** Only the fields that belong to the number. */
function withNumber(number: Watched, { condition, threshold, minimum, windowMinutes, where }: Rule): Rule {
  if (isAboutIssues(number)) return { number };
  const isConversion = number === 'conversion';
  const keeps = condition && !(isConversion && isCompared(condition));
  return {
    number,
    condition: keeps ? condition : isConversion ? 'below' : 'above',
    threshold: threshold ?? 10,
    minimum: minimum ?? 20,
    windowMinutes: windowMinutes ?? 60,
    ...(isConversion && { steps: [{ type: 'pageview' }, { type: 'click' }] }),
    ...(number === 'event' && { eventType: 'custom' }),
    ...(selectsSessions(number) && { where }),
  };
}

/** Windows that are compared with those before are shorter than others can be. */
const withCondition = (condition: Comparison, { windowMinutes = 60 }: Rule): Partial<Rule> => ({
  condition,
  windowMinutes: isCompared(condition) ? Math.min(windowMinutes, LONGEST_COMPARED) : windowMinutes,
});

/** Adds an alert, or changes one. */
export function AlertDialog({ alert, onClose }: { alert?: Alert; onClose: () => void }) {
  const { alerts } = usePaths();
  const [draft, setDraft] = useState(draftOf(alert));
  const { rule } = draft;
  const save = useChange(
    (json: Draft) =>
      alert
        ? call(`${alerts}/${encodeURIComponent(alert.id)}`, { method: 'PUT', json })
        : call(alerts, { method: 'POST', json }),
    onClose,
  );
  const change = (next: Partial<Rule>) => setDraft({ ...draft, rule: { ...rule, ...next } });
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (draft.name.trim()) save.mutate({ ...draft, name: draft.name.trim() });
  };
  return (
    <Dialog
      title={alert ? 'Edit alert' : 'New alert'}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={!draft.name.trim() || save.isPending} onClick={() => submit()}>
            Save
          </Button>
        </>
      }
    >
      <form className="stack" onSubmit={submit} noValidate>
        <label className="labelled">
          Name
          <input
            className="field"
            maxLength={100}
            autoComplete="off"
            autoFocus
            placeholder="Checkout"
            value={draft.name}
            onChange={({ target }) => setDraft({ ...draft, name: target.value })}
          />
        </label>
        <label className="labelled">
          What
          <select
            className="field"
            value={rule.number}
            onChange={({ target }) => setDraft({ ...draft, rule: withNumber(target.value as Watched, rule) })}
          >
            {NUMBERS.map(([number, label]) => (
              <option key={number} value={number}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <Subject rule={rule} onChange={change} />
        {!isAboutIssues(rule.number) && <Condition rule={rule} onChange={change} />}
        {selectsSessions(rule.number) && (
          <div className="row alert-where" role="group" aria-label="Which sessions count">
            <Conditions
              value={rule.where?.length ? JSON.stringify(rule.where) : undefined}
              onChange={(text) => change({ where: readGroups(text) })}
            />
          </div>
        )}
        <Whom targets={draft.targets} onChange={(targets) => setDraft({ ...draft, targets })} />
        <div className="alert-options">
          {!isAboutIssues(rule.number) && (
            <label className="check">
              <input
                type="checkbox"
                checked={draft.tellsResolved}
                onChange={({ target }) => setDraft({ ...draft, tellsResolved: target.checked })}
              />
              Also notify when it ends
            </label>
          )}
          <label className="check">
            <input
              type="checkbox"
              checked={draft.isEnabled}
              onChange={({ target }) => setDraft({ ...draft, isEnabled: target.checked })}
            />
            Enabled
          </label>
        </div>
        <button type="submit" hidden />
      </form>
      <Problem error={save.error} />
    </Dialog>
  );
}

interface Part {
  rule: Rule;
  onChange: (next: Partial<Rule>) => void;
}

/** Which event, error or funnel. */
function Subject({ rule, onChange }: Part) {
  const issues = useLatestIssues(rule.number === 'issue');
  if (rule.number === 'event')
    return (
      <div className="alert-fields">
        <label className="labelled">
          Type of the event
          <input
            className="field"
            maxLength={200}
            value={rule.eventType ?? ''}
            onChange={({ target }) => onChange({ eventType: target.value, eventWhere: undefined })}
          />
        </label>
        <label className="labelled">
          Name of the event
          <input
            className="field"
            maxLength={200}
            placeholder="any"
            value={rule.eventName ?? ''}
            onChange={({ target }) => onChange({ eventName: target.value || undefined })}
          />
        </label>
        <StepConditions
          step={{ type: rule.eventType ?? '', where: rule.eventWhere }}
          onChange={(eventWhere) => onChange({ eventWhere })}
        />
      </div>
    );
  if (rule.number === 'issue') {
    const isKnown = !rule.issueId || issues.some(({ id }) => id === rule.issueId);
    return (
      <label className="labelled">
        Error
        <select
          className="field"
          value={rule.issueId ?? ''}
          onChange={({ target }) => onChange({ issueId: target.value || undefined })}
        >
          <option value="">Choose one of the latest errors</option>
          {!isKnown && <option value={rule.issueId}>{rule.issueId}</option>}
          {issues.map((issue) => (
            <option key={issue.id} value={issue.id}>
              {`${titleOf(issue)}: ${issue.message}`.slice(0, 90)}
            </option>
          ))}
        </select>
      </label>
    );
  }
  if (rule.number === 'conversion') return <Steps steps={rule.steps ?? []} onChange={(steps) => onChange({ steps })} />;
  return null;
}

function Condition({ rule, onChange }: Part) {
  const isConversion = rule.number === 'conversion';
  const condition = rule.condition ?? 'above';
  const compares = isCompared(condition);
  const number = (text: string) => (text === '' ? undefined : Number(text));
  const windows = WINDOWS.filter(([minutes]) => !compares || minutes <= LONGEST_COMPARED);
  return (
    <>
      <div className="alert-fields">
        <label className="labelled">
          When it
          <select
            className="field"
            value={condition}
            onChange={({ target }) => onChange(withCondition(target.value as Comparison, rule))}
          >
            {CONDITIONS.filter(([one]) => !isConversion || !isCompared(one)).map(([one, label]) => (
              <option key={one} value={one}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <label className="labelled">
          {compares || isConversion ? 'Percent' : 'Number'}
          <input
            className="field"
            type="number"
            min={0}
            value={rule.threshold ?? ''}
            onChange={({ target }) => onChange({ threshold: number(target.value) })}
          />
        </label>
        <label className="labelled">
          Within
          <select
            className="field"
            value={rule.windowMinutes ?? 60}
            onChange={({ target }) => onChange({ windowMinutes: Number(target.value) })}
          >
            {windows.map(([minutes, label]) => (
              <option key={minutes} value={minutes}>
                {label}
              </option>
            ))}
          </select>
        </label>
      </div>
      {(compares || isConversion) && (
        <label className="labelled">
          Minimum
          <input
            className="field"
            type="number"
            min={1}
            value={rule.minimum ?? ''}
            onChange={({ target }) => onChange({ minimum: number(target.value) })}
          />
          <small>
            {isConversion
              ? 'With fewer sessions that take the first step, no message is sent.'
              : 'Compared with the median of the seven windows before. Smaller numbers vary too much.'}
          </small>
        </label>
      )}
    </>
  );
}

function Whom({ targets, onChange }: { targets: Target[]; onChange: (targets: Target[]) => void }) {
  const canMail = useAlerts().data?.canMail ?? false;
  const known = useTargets();
  const offered = known.filter(({ kind }) => kind === 'webhook' || canMail);
  // Those that the alert had when it was opened stay here, so that a tick that was taken away can be set again.
  const [before] = useState(targets);
  const others = before.filter(({ id }) => !offered.some((one) => one.id === id));
  const nameOf = (id: string) => known.find((one) => one.id === id)?.name ?? UNKNOWN;
  const all = [...offered, ...others.map((one) => ({ ...one, name: nameOf(one.id) }))];
  const toggle = ({ kind, id }: Target) => {
    const rest = targets.filter((one) => one.id !== id);
    onChange(rest.length < targets.length ? rest : [...targets, { kind, id }]);
  };
  return (
    <fieldset className="scopes">
      <legend>Notify</legend>
      {all.map((target) => (
        <label key={target.id} className="check">
          <input type="checkbox" checked={targets.some(({ id }) => id === target.id)} onChange={() => toggle(target)} />
          <span>
            <span className="foreign">{target.name}</span>{' '}
            <span className="muted">{target.kind === 'webhook' ? 'webhook' : 'by mail'}</span>
          </span>
        </label>
      ))}
      {!all.length && <p className="muted">There is no webhook yet. Add one in the view Webhooks.</p>}
      {!canMail && <small className="muted">Mail is not set up on this server (query.mail).</small>}
    </fieldset>
  );
}
