import { useState } from 'react';
import { useSearch } from '../router';
import { useSigned } from '../signin/session';
import { Button, Segments } from '../ui/controls';
import { AlertDialog } from './alert-dialog';
import { AlertTable, RemoveAlert } from './alert-table';
import type { Alert } from './types';
import { AddWebhook } from './webhook-dialogs';
import { Webhooks } from './webhooks';
import '../admin/admin.css';
import './alerts.css';

const VIEWS = [
  ['alerts', 'Alerts'],
  ['webhooks', 'Webhooks'],
] as const;

/** What is open over the page. */
export type Open = { kind: 'new' } | { kind: 'webhook' } | { kind: 'edit' | 'remove'; alert: Alert } | null;

/** What the organization wants to be told of, and where. */
export default function AlertsPage() {
  const { isAdmin } = useSigned();
  const [search, change] = useSearch();
  const [open, setOpen] = useState<Open>(null);
  const view = search.get('view') === 'webhooks' ? 'webhooks' : 'alerts';
  const close = () => setOpen(null);
  return (
    <div className="page">
      <div className="page-head">
        <h1>Alerts</h1>
        <Segments
          label="View"
          value={view}
          options={VIEWS}
          onChange={(next) => change({ view: next === 'alerts' ? null : next, webhook: null })}
        />
        {isAdmin && view === 'alerts' && (
          <Button look="primary" icon="plus" onClick={() => setOpen({ kind: 'new' })}>
            New alert
          </Button>
        )}
        {isAdmin && view === 'webhooks' && (
          <Button look="primary" icon="plus" onClick={() => setOpen({ kind: 'webhook' })}>
            New webhook
          </Button>
        )}
        <p>
          {view === 'alerts'
            ? 'Alerts are evaluated once a minute. An alert sends one message when its condition starts to hold, and none again until it has ended.'
            : 'CROW sends a message up to eight times within about 30 hours, until the webhook answers with 2xx.'}
        </p>
      </div>
      {view === 'alerts' ? <AlertTable onOpen={setOpen} /> : <Webhooks />}
      {open?.kind === 'new' && <AlertDialog onClose={close} />}
      {open?.kind === 'edit' && <AlertDialog alert={open.alert} onClose={close} />}
      {open?.kind === 'remove' && <RemoveAlert alert={open.alert} onClose={close} />}
      {open?.kind === 'webhook' && <AddWebhook onClose={close} />}
    </div>
  );
}
