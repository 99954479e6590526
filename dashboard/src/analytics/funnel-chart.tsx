import { useState } from 'react';
import type { Funnel } from '../api/types';
import { count, duration, exactCount, percent } from '../format';
import { link } from '../router';
import { Card } from '../ui/controls';
import { Icon } from '../ui/icons';
import { Empty } from '../ui/states';
import { valueText } from './breakdown';

export function FunnelChart({ data }: { data: Funnel }) {
  const [chosen, setChosen] = useState<{ step: number; kind: 'reached' | 'dropped' } | null>(null);
  const who = data.by === 'person' ? 'people' : 'sessions';
  const first = data.steps[0]?.sessions ?? 0;
  const last = data.steps.at(-1)?.sessions ?? 0;
  if (!first)
    return (
      <Card>
        <Empty
          icon="funnel"
          title={data.by === 'person' ? 'Nobody reaches the first step' : 'No session reaches the first step'}
        >
          Choose a longer time range, or another first step.
        </Empty>
      </Card>
    );
  const sample = chosen && data.sampleSessions.find(({ step }) => step === chosen.step);
  return (
    <div className="stack">
      <Card
        title={
          <>
            <b className="figure-small number">{percent(last / first)}</b>{' '}
            <span className="muted">
              of {count(first)} {who} complete all steps
            </span>
          </>
        }
      >
        <ol className="funnel">
          {data.steps.map((step, index) => (
            <li key={index}>
              <div className="funnel-label">
                <i className="step-number">{index + 1}</i>
                <b className="cut foreign">{step.label}</b>
                {typeof step.medianMsFromPrevious === 'number' && index > 0 && (
                  <span className="muted">
                    <Icon name="clock" size={13} /> {duration(step.medianMsFromPrevious)}
                  </span>
                )}
              </div>
              <div className="funnel-bar">
                <button
                  type="button"
                  className="reached"
                  style={{ width: `${Math.max(0.4, (step.sessions / first) * 100)}%` }}
                  aria-label={`${step.sessions} ${who} reached ${step.label}`}
                  aria-pressed={chosen?.step === index && chosen.kind === 'reached'}
                  onClick={() => setChosen({ step: index, kind: 'reached' })}
                />
              </div>
              <div className="funnel-numbers number">
                <button
                  type="button"
                  className="plain link"
                  title={exactCount(step.sessions)}
                  onClick={() => setChosen({ step: index, kind: 'reached' })}
                >
                  {count(step.sessions)}
                </button>
                <span className="muted">{percent(step.sessions / first)}</span>
                {index > 0 && step.dropOff > 0 && (
                  <button
                    type="button"
                    className="plain dropped"
                    onClick={() => setChosen({ step: index, kind: 'dropped' })}
                  >
                    −{count((data.steps[index - 1]?.sessions ?? 0) - step.sessions)} dropped off
                  </button>
                )}
              </div>
            </li>
          ))}
        </ol>
      </Card>
      {chosen && (
        <Sample
          title={`${chosen.kind === 'reached' ? 'Reached' : 'Dropped off before'} “${data.steps[chosen.step]?.label}”`}
          ids={(chosen.kind === 'reached' ? sample?.reached : sample?.dropped) ?? []}
        />
      )}
      {data.breakdown.length > 0 && <Breakdown data={data} />}
    </div>
  );
}

function Sample({ title, ids }: { title: string; ids: string[] }) {
  return (
    <Card title={title}>
      {!ids.length && <p className="muted">No examples.</p>}
      <ul className="sample">
        {ids.map((id) => (
          <li key={id}>
            <a className="button small" href={link(`/sessions/${id}`)}>
              <Icon name="play" size={12} /> <span className="mono">{id.slice(-8)}</span>
            </a>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Breakdown({ data: { steps, breakdown } }: { data: Funnel }) {
  return (
    <Card title="Breakdown" flush>
      <div className="scroll-x">
        <table className="table cards">
          <thead>
            <tr>
              <th>Value</th>
              {steps.map(({ label }, index) => (
                <th key={index} className="right">
                  {label}
                </th>
              ))}
              <th className="right">Conversion</th>
            </tr>
          </thead>
          <tbody>
            {breakdown.map(({ value, steps: sessions }) => (
              <tr key={value}>
                <td className="foreign" data-label="Value">
                  {valueText(value)}
                </td>
                {sessions.map((reached, index) => (
                  <td key={index} className="right" data-label={steps[index]?.label}>
                    {count(reached)}
                  </td>
                ))}
                <td className="right" data-label="Conversion">
                  <b>{percent((sessions.at(-1) ?? 0) / Math.max(1, sessions[0] ?? 0))}</b>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
