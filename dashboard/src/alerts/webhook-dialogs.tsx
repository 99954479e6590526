import { useState, type FormEvent } from 'react';
import { Problem } from '../accounts/problem';
import { call } from '../api/client';
import { ChangeDialog } from '../ui/change-dialog';
import { Button, CopyButton, Dialog, Segments } from '../ui/controls';
import { tell } from '../ui/toast';
import type { NewWebhook, Webhook } from './types';
import { useChange, usePaths } from './use-alerts';

const KINDS = [
  ['standard', 'Signed'],
  ['slack', 'Slack'],
] as const;

/** Adds a webhook, and shows its secret. */
export function AddWebhook({ onClose }: { onClose: () => void }) {
  const { webhooks } = usePaths();
  const [form, setForm] = useState<{ kind: Webhook['kind']; name: string; url: string }>({
    kind: 'standard',
    name: '',
    url: '',
  });
  const [made, setMade] = useState<NewWebhook>();
  const add = useChange(
    () => call<NewWebhook>(webhooks, { method: 'POST', json: form }),
    (webhook) => (webhook.secret ? setMade(webhook) : onClose()),
  );
  if (made?.secret) return <Secret secret={made.secret} onClose={onClose} />;
  const isReady = !!form.name.trim() && !!form.url.trim();
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (isReady) add.mutate(undefined);
  };
  return (
    <Dialog
      title="New webhook"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={!isReady || add.isPending} onClick={() => submit()}>
            Add
          </Button>
        </>
      }
    >
      <form className="stack" onSubmit={submit} noValidate>
        <Segments label="Kind" value={form.kind} options={KINDS} onChange={(kind) => setForm({ ...form, kind })} />
        <label className="labelled">
          Name
          <input
            className="field"
            maxLength={100}
            autoComplete="off"
            autoFocus
            placeholder={form.kind === 'slack' ? '#shop' : 'On call'}
            value={form.name}
            onChange={({ target }) => setForm({ ...form, name: target.value })}
          />
        </label>
        <label className="labelled">
          URL
          <input
            className="field"
            type="url"
            maxLength={2_000}
            autoComplete="off"
            placeholder={form.kind === 'slack' ? 'https://hooks.slack.com/services/…' : 'https://example.com/crow'}
            value={form.url}
            onChange={({ target }) => setForm({ ...form, url: target.value })}
          />
          <small>
            {form.kind === 'slack'
              ? 'Whoever has this URL can write to the channel. It is not shown again.'
              : 'It gets JSON with a signature of Standard Webhooks. The secret is shown once.'}
          </small>
        </label>
        <button type="submit" hidden />
      </form>
      <Problem error={add.error} />
    </Dialog>
  );
}

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Dialog
      title="The secret of the webhook"
      onClose={onClose}
      footer={
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <p>Verify the signature of each message with it. It is shown only now.</p>
      <code className="new-key">{secret}</code>
      <CopyButton text={secret} label="Copy the secret" />
    </Dialog>
  );
}

/** Gives a webhook a new secret. */
export function RotateWebhook({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { webhooks } = usePaths();
  const [secret, setSecret] = useState<string>();
  const rotate = useChange(
    () => call<NewWebhook>(`${webhooks}/${encodeURIComponent(webhook.id)}/rotate`, { method: 'POST' }),
    (made) => setSecret(made.secret ?? undefined),
  );
  if (secret) return <Secret secret={secret} onClose={onClose} />;
  return (
    <ChangeDialog title="Rotate the secret?" action="Rotate" look="primary" change={rotate} onClose={onClose}>
      <p>
        <b className="foreign">{webhook.name}</b> gets a new secret. For 24 hours each message has two signatures: one
        with the new secret, and one with the old one.
      </p>
    </ChangeDialog>
  );
}

/** Takes a webhook away. */
export function RemoveWebhook({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { webhooks } = usePaths();
  const remove = useChange(
    () => call(`${webhooks}/${encodeURIComponent(webhook.id)}`, { method: 'DELETE' }),
    () => {
      tell('The webhook is removed.');
      onClose();
    },
  );
  return (
    <ChangeDialog title="Remove the webhook?" action="Remove" look="danger" change={remove} onClose={onClose}>
      <p>
        Alerts do not tell <b className="foreign">{webhook.name}</b> any more, and its messages are removed.
      </p>
    </ChangeDialog>
  );
}
