import { call, serverNow } from '../api/client';
import { ago, fullTime } from '../format';
import { useTimeZone } from '../settings';
import { useSigned } from '../signin/session';
import { ChangeDialog } from '../ui/change-dialog';
import { Button, Card } from '../ui/controls';
import { Empty, Loaded } from '../ui/states';
import { tell } from '../ui/toast';
import type { Open } from './page';
import type { Alert } from './types';
import { useAlerts, useChange, usePaths, useTargets } from './use-alerts';
import { isAboutIssues, sentenceOf, UNKNOWN, valueOf } from './words';

/** The alerts with their state, those that fire first. */
export function AlertTable({ onOpen }: { onOpen: (open: Open) => void }) {
  const query = useAlerts();
  return (
    <Card flush>
      <Loaded query={query} height={240}>
        {({ alerts }) => (alerts.length ? <Rows alerts={alerts} onOpen={onOpen} /> : <Nothing onOpen={onOpen} />)}
      </Loaded>
    </Card>
  );
}

function Nothing({ onOpen }: { onOpen: (open: Open) => void }) {
  const { isAdmin } = useSigned();
  const button = (
    <Button look="primary" icon="plus" onClick={() => onOpen({ kind: 'new' })}>
      New alert
    </Button>
  );
  return (
    <Empty icon="bell" title="No alerts yet" actions={isAdmin && button}>
      Get a message when a new error appears, or a number rises or falls: by mail, in Slack, or by a webhook of yours.
    </Empty>
  );
}

function Rows({ alerts, onOpen }: { alerts: Alert[]; onOpen: (open: Open) => void }) {
  const { isAdmin } = useSigned();
  const sorted = [...alerts].sort((a, b) => Number(b.state === 'firing') - Number(a.state === 'firing'));
  return (
    <div className="scroll-x">
      <table className="table cards alerts">
        <thead>
          <tr>
            <th>Alert</th>
            <th>State</th>
            <th className="right">Now</th>
            <th className="right">Last message</th>
            <th>Notifies</th>
            {isAdmin && (
              <th>
                <span className="hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {sorted.map((alert) => (
            <Row key={alert.id} alert={alert} onOpen={isAdmin ? onOpen : undefined} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ alert, onOpen }: { alert: Alert; onOpen?: (open: Open) => void }) {
  const zone = useTimeZone();
  return (
    <tr data-alert={alert.id} className={alert.isEnabled ? '' : 'revoked'}>
      <td className="what">
        <b className="foreign">{alert.name}</b>
        <small className="muted foreign">{sentenceOf(alert.rule)}</small>
      </td>
      <td data-label="State">
        <State alert={alert} />
      </td>
      <td data-label="Now" className="right number">
        {alert.rule && isAboutIssues(alert.rule.number) ? '–' : valueOf(alert)}
      </td>
      <td data-label="Last message" className="right muted">
        {alert.firedAt === null ? (
          'never'
        ) : (
          <time title={fullTime(alert.firedAt, zone)}>{ago(alert.firedAt, serverNow(), zone)}</time>
        )}
      </td>
      <td data-label="Notifies" className="foreign">
        <Targets alert={alert} />
      </td>
      {onOpen && (
        <td className="right">
          <span className="row key-actions">
            <Button small aria-label={`Edit ${alert.name}`} onClick={() => onOpen({ kind: 'edit', alert })}>
              Edit
            </Button>
            <Button
              small
              look="danger"
              aria-label={`Remove ${alert.name}`}
              onClick={() => onOpen({ kind: 'remove', alert })}
            >
              Remove
            </Button>
          </span>
        </td>
      )}
    </tr>
  );
}

function State({ alert: { isEnabled, failure, firingSince, evaluatedAt } }: { alert: Alert }) {
  const zone = useTimeZone();
  if (!isEnabled) return <span className="badge">off</span>;
  if (failure !== null)
    return (
      <span className="state">
        <span className="badge amber">failed</span>
        <small className="muted">{failure}</small>
      </span>
    );
  if (firingSince !== null)
    return (
      <span className="state">
        <span className="badge red">firing</span>
        <small className="muted" title={fullTime(firingSince, zone)}>
          since {ago(firingSince, serverNow(), zone)}
        </small>
      </span>
    );
  return evaluatedAt === null ? (
    <span className="badge">waiting</span>
  ) : (
    <span className="badge green" title={`Evaluated at ${fullTime(evaluatedAt, zone)}`}>
      ok
    </span>
  );
}

function Targets({ alert: { targets } }: { alert: Alert }) {
  const known = useTargets();
  if (!targets.length) return <span className="muted">nobody</span>;
  const nameOf = (id: string) => known.find((one) => one.id === id)?.name ?? UNKNOWN;
  return <>{targets.map(({ id }) => nameOf(id)).join(', ')}</>;
}

/** Takes an alert away. */
export function RemoveAlert({ alert, onClose }: { alert: Alert; onClose: () => void }) {
  const { alerts } = usePaths();
  const remove = useChange(
    () => call(`${alerts}/${encodeURIComponent(alert.id)}`, { method: 'DELETE' }),
    () => {
      tell('The alert is removed.');
      onClose();
    },
  );
  return (
    <ChangeDialog title="Remove the alert?" action="Remove" look="danger" change={remove} onClose={onClose}>
      <p>
        Nobody is told of <b className="foreign">{alert.name}</b> any more. Messages that wait are still sent.
      </p>
    </ChangeDialog>
  );
}
