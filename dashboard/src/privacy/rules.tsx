import type { IssueRule } from '../api/types';
import { Button, Card } from '../ui/controls';
import type { FormProps } from './fields';
import { NO_RULE, rulesOf, textOfRules } from './draft';

const CONDITIONS = [
  ['type', 'Type', 'TypeError'],
  ['message', 'Message', 'Loading chunk * failed*'],
  ['file', 'Path of the script', '/assets/checkout-*.js'],
  ['function', 'Function', 'pay'],
  ['page', 'Path of the page', '/cart/*'],
  ['release', 'Release', '2.*'],
] as const;

const MOST = 50;

/** How errors are grouped: rules in their order. */
export function Rules({ form }: { form: FormProps }) {
  const rules = rulesOf(form.draft.issueRules);
  const set = (next: IssueRule[]) => form.change({ issueRules: textOfRules(next) });
  const change = (index: number, changes: Partial<IssueRule>) =>
    set(rules.map((rule, at) => (at === index ? { ...rule, ...changes } : rule)));
  const moved = (index: number): IssueRule[] => {
    const [rule, ...others] = [rules[index], ...rules.filter((_, at) => at !== index)];
    return rule ? [...others.slice(0, index - 1), rule, ...others.slice(index - 1)] : rules;
  };
  return (
    <Card title="Error grouping">
      <p className="muted lead">
        The first rule whose conditions all match names the issue. Errors with the same name become one issue. Rules
        apply to errors that arrive after you save; earlier ones keep their issue. In conditions, <code>*</code> stands
        for any text. The name may contain <code>{'{type}'}</code>, <code>{'{message}'}</code>, <code>{'{file}'}</code>,{' '}
        <code>{'{function}'}</code>, <code>{'{page}'}</code> and <code>{'{default}'}</code>. The name{' '}
        <code>default</code> groups errors as if there were no rules.
      </p>
      <ol className="rules">
        {rules.map((rule, index) => (
          <Rule
            key={index}
            rule={rule}
            number={index + 1}
            change={(changes) => change(index, changes)}
            up={() => set(moved(index))}
            remove={() => set(rules.filter((_, at) => at !== index))}
          />
        ))}
      </ol>
      {form.problem?.field === 'issueRules' && (
        <p className="problem" role="alert">
          {form.problem.text}
        </p>
      )}
      {rules.length < MOST && <Button onClick={() => set([...rules, NO_RULE])}>Add a rule</Button>}
    </Card>
  );
}

interface RuleProps {
  rule: IssueRule;
  number: number;
  change: (changes: Partial<IssueRule>) => void;
  up: () => void;
  remove: () => void;
}

function Rule({ rule, number, change, up, remove }: RuleProps) {
  return (
    <li>
      <fieldset className="rule">
        <legend>Rule {number}</legend>
        {CONDITIONS.map(([name, label, example]) => (
          <label key={name}>
            {label}
            <input
              className="field mono"
              name="issueRules"
              value={rule[name] ?? ''}
              placeholder={example}
              maxLength={200}
              spellCheck={false}
              onChange={({ target }) => change({ [name]: target.value || null })}
            />
          </label>
        ))}
        <label>
          Reported by
          <select
            className="field"
            value={String(rule.isHandled ?? '')}
            onChange={({ target }) => change({ isHandled: target.value ? target.value === 'true' : null })}
          >
            <option value="">Either</option>
            <option value="true">Your code (caught)</option>
            <option value="false">The browser (not caught)</option>
          </select>
        </label>
        <label>
          Name of the issue
          <input
            className="field mono"
            value={rule.fingerprint}
            placeholder="checkout {type}"
            maxLength={200}
            spellCheck={false}
            onChange={({ target }) => change({ fingerprint: target.value })}
          />
        </label>
        <span className="row">
          <Button small disabled={number === 1} onClick={up}>
            Move up
          </Button>
          <Button small onClick={remove}>
            Remove rule {number}
          </Button>
        </span>
      </fieldset>
    </li>
  );
}
