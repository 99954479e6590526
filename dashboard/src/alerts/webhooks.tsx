import { useState } from 'react';
import { call, serverNow } from '../api/client';
import { ago, exactCount, fullTime } from '../format';
import { useSearch } from '../router';
import { useTimeZone } from '../settings';
import { useSigned } from '../signin/session';
import { Button, Card } from '../ui/controls';
import { More } from '../ui/pages';
import { Empty, Failed, Loaded, Skeleton } from '../ui/states';
import { tell } from '../ui/toast';
import type { Delivery, Webhook } from './types';
import { useAlerts, useChange, useDeliveries, usePaths, useWebhooks } from './use-alerts';
import { RemoveWebhook, RotateWebhook } from './webhook-dialogs';
import { eventOf } from './words';

/** The webhooks, and the messages for the one of the address. */
export function Webhooks() {
  const query = useWebhooks();
  const [search, change] = useSearch();
  const shown = search.get('webhook');
  return (
    <div className="stack">
      <Card flush>
        <Loaded query={query} height={200}>
          {({ webhooks }) =>
            webhooks.length ? (
              <Rows
                webhooks={webhooks}
                shown={shown}
                onShow={(id) => change({ webhook: id === shown ? null : id }, { replace: true })}
              />
            ) : (
              <Empty icon="bell" title="No webhooks yet">
                A webhook is an address of yours that CROW calls, or one of Slack. Each message of the other kind is
                signed, so that you know who sent it.
              </Empty>
            )
          }
        </Loaded>
      </Card>
      {query.data?.webhooks
        .filter(({ id }) => id === shown)
        .map((webhook) => (
          <Messages key={webhook.id} webhook={webhook} />
        ))}
    </div>
  );
}

interface RowsProps {
  webhooks: Webhook[];
  shown: string | null;
  onShow: (id: string) => void;
}

function Rows({ webhooks, shown, onShow }: RowsProps) {
  const [open, setOpen] = useState<{ kind: 'rotate' | 'remove'; webhook: Webhook } | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <div className="scroll-x">
        <table className="table cards alerts">
          <thead>
            <tr>
              <th>Webhook</th>
              <th>Kind</th>
              <th>State</th>
              <th>
                <span className="hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {webhooks.map((webhook) => (
              <tr key={webhook.id} data-webhook={webhook.id} className={webhook.id === shown ? 'selected' : ''}>
                <td className="what">
                  <b className="foreign">{webhook.name}</b>
                  <small className="muted mono foreign">{webhook.shownUrl}</small>
                </td>
                <td data-label="Kind">{webhook.kind === 'slack' ? 'Slack' : 'Signed'}</td>
                <td data-label="State">
                  <State webhook={webhook} />
                </td>
                <td className="right">
                  <Actions
                    webhook={webhook}
                    isShown={webhook.id === shown}
                    onShow={() => onShow(webhook.id)}
                    onOpen={(kind) => setOpen({ kind, webhook })}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {open?.kind === 'rotate' && <RotateWebhook webhook={open.webhook} onClose={close} />}
      {open?.kind === 'remove' && <RemoveWebhook webhook={open.webhook} onClose={close} />}
    </>
  );
}

function State({ webhook: { isEnabled, failingSince } }: { webhook: Webhook }) {
  const zone = useTimeZone();
  const since = failingSince !== null && (
    <small className="muted" title={fullTime(failingSince, zone)}>
      failing since {ago(failingSince, serverNow(), zone)}
    </small>
  );
  const [look, word] = !isEnabled
    ? ['red', 'disabled']
    : failingSince !== null
      ? ['amber', 'failing']
      : ['green', 'ok'];
  return (
    <span className="state">
      <span className={`badge ${look}`}>{word}</span>
      {since}
    </span>
  );
}

interface ActionsProps {
  webhook: Webhook;
  isShown: boolean;
  onShow: () => void;
  onOpen: (kind: 'rotate' | 'remove') => void;
}

function Actions({ webhook: { id, name, kind, isEnabled }, isShown, onShow, onOpen }: ActionsProps) {
  const { isAdmin } = useSigned();
  const { webhooks } = usePaths();
  const path = `${webhooks}/${encodeURIComponent(id)}`;
  const test = useChange(
    () => call(`${path}/test`, { method: 'POST' }),
    () => {
      tell('A test is on its way.');
      if (!isShown) onShow();
    },
  );
  const enable = useChange(() => call(path, { method: 'PUT', json: { isEnabled: !isEnabled } }));
  return (
    <span className="row key-actions">
      <Button small aria-pressed={isShown} aria-label={`Messages for ${name}`} onClick={onShow}>
        Messages
      </Button>
      {isAdmin && (
        <>
          {isEnabled && (
            <Button small disabled={test.isPending} aria-label={`Test ${name}`} onClick={() => test.mutate(undefined)}>
              Test
            </Button>
          )}
          <Button
            small
            disabled={enable.isPending}
            aria-label={`${isEnabled ? 'Disable' : 'Enable'} ${name}`}
            onClick={() => enable.mutate(undefined)}
          >
            {isEnabled ? 'Disable' : 'Enable'}
          </Button>
          {kind === 'standard' && (
            <Button small aria-label={`Rotate the secret of ${name}`} onClick={() => onOpen('rotate')}>
              Rotate
            </Button>
          )}
          <Button small look="danger" aria-label={`Remove ${name}`} onClick={() => onOpen('remove')}>
            Remove
          </Button>
        </>
      )}
    </span>
  );
}

/** The messages of the last 30 days for a webhook. */
function Messages({ webhook }: { webhook: Webhook }) {
  const query = useDeliveries(webhook.id);
  const { deliveries } = query;
  return (
    <Card title={`Messages for ${webhook.name}`} flush>
      {query.isError && !query.data ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Skeleton height={160} />
      ) : !deliveries.length ? (
        <Empty icon="letters" title="No messages yet">
          Messages are kept for 30 days. Send a test to see one.
        </Empty>
      ) : (
        <div className="scroll-x">
          <table className="table cards alerts">
            <thead>
              <tr>
                <th>Message</th>
                <th>State</th>
                <th className="right">Attempts</th>
                <th className="right">Created</th>
                <th>
                  <span className="hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {deliveries.map((delivery) => (
                <Message key={delivery.id} webhook={webhook} delivery={delivery} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <More query={query} />
    </Card>
  );
}

const LOOKS = { pending: 'amber', delivered: 'green', exhausted: 'red', cancelled: '' } as const;

function Message({ webhook, delivery }: { webhook: Webhook; delivery: Delivery }) {
  const { isAdmin } = useSigned();
  const zone = useTimeZone();
  const { webhooks } = usePaths();
  const alerts = useAlerts().data?.alerts ?? [];
  const of = [webhook.id, delivery.id].map(encodeURIComponent);
  const replay = useChange(
    () => call(`${webhooks}/${of[0]}/deliveries/${of[1]}/replay`, { method: 'POST' }),
    () => tell('The message is sent again.'),
  );
  const name = alerts.find(({ id }) => id === delivery.alertId)?.name;
  const isWaiting = delivery.state === 'pending' && delivery.attempts > 0 && delivery.nextAt !== null;
  return (
    <tr data-delivery={delivery.id}>
      <td className="what">
        <b>{eventOf(delivery)}</b> {name && <span className="foreign">{name}</span>}
        <small className="muted mono">{delivery.id}</small>
      </td>
      <td data-label="State">
        <span className="state">
          <span className={`badge ${LOOKS[delivery.state]}`}>{delivery.state}</span>
          {delivery.failure ? (
            <small className="muted">{delivery.failure}</small>
          ) : (
            delivery.status !== null && <small className="muted">HTTP status {delivery.status}</small>
          )}
          {isWaiting && delivery.nextAt !== null && (
            <small className="muted">again at {fullTime(delivery.nextAt, zone)}</small>
          )}
        </span>
      </td>
      <td data-label="Attempts" className="right number">
        {exactCount(delivery.attempts)}
      </td>
      <td data-label="Created" className="right muted">
        <time title={fullTime(delivery.createdAt, zone)}>{ago(delivery.createdAt, serverNow(), zone)}</time>
      </td>
      <td className="right">
        {isAdmin && webhook.isEnabled && (
          <Button
            small
            disabled={replay.isPending}
            aria-label={`Replay ${delivery.id}`}
            onClick={() => replay.mutate(undefined)}
          >
            Replay
          </Button>
        )}
      </td>
    </tr>
  );
}
