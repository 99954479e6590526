import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call, get } from '../api/client';
import { ago, fullTime } from '../format';
import { useTimeZone } from '../settings';
import { addPasskey, hasPasskeys, whyNot } from '../signin/passkey';
import { useWays } from '../signin/ways';
import { ChangeDialog } from '../ui/change-dialog';
import { Button, Card } from '../ui/controls';
import { Empty, Loaded } from '../ui/states';
import { tell } from '../ui/toast';
import { browserOf } from './browser';
import type { Passkey } from '../api/types';

const KEY = ['passkeys'];

type Open = { kind: 'rename' | 'remove'; passkey: Passkey } | null;

/** Asks for the list again after a change. */
function useChange<A, T>(change: (given: A) => Promise<T>, done: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess() {
      void client.invalidateQueries({ queryKey: KEY });
      done();
    },
  });
}

/** One's passkeys. Nothing if this browser or the server has no passkeys, and there is none to remove. */
export function Passkeys() {
  const canAdd = hasPasskeys(useWays());
  const [open, setOpen] = useState<Open>(null);
  const query = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => get<{ passkeys: Passkey[] }>('/auth/passkeys', {}, signal),
  });
  const add = useChange(
    () => addPasskey(browserOf(navigator.userAgent)),
    () => tell('The passkey is added. You can sign in with it from now on.'),
  );
  if (!canAdd && !query.data?.passkeys.length) return null;
  const close = () => setOpen(null);
  return (
    <Card
      title="Passkeys"
      flush
      actions={
        canAdd && (
          <Button small icon="plus" disabled={add.isPending} onClick={() => add.mutate(undefined)}>
            {add.isPending ? 'Waiting for the device…' : 'Add a passkey'}
          </Button>
        )
      }
    >
      {add.error && (
        <div className="body">
          <p className="problem" role="alert">
            {whyNot(add.error)}
          </p>
        </div>
      )}
      <Loaded query={query} height={120}>
        {({ passkeys }) =>
          passkeys.length ? (
            <PasskeyTable passkeys={passkeys} onOpen={setOpen} />
          ) : (
            <Empty icon="keys" title="No passkeys yet">
              With a passkey you sign in by fingerprint, face or PIN, without a password. The passkey stays on this
              device, on a security key or in your password manager.
            </Empty>
          )
        }
      </Loaded>
      {open?.kind === 'rename' && <RenameDialog passkey={open.passkey} onClose={close} />}
      {open?.kind === 'remove' && <RemoveDialog passkey={open.passkey} onClose={close} />}
    </Card>
  );
}

function PasskeyTable({ passkeys, onOpen }: { passkeys: Passkey[]; onOpen: (open: Open) => void }) {
  const zone = useTimeZone();
  return (
    <div className="scroll-x">
      <table className="table cards">
        <thead>
          <tr>
            <th>Name</th>
            <th>Added</th>
            <th>Last used</th>
            <th>
              <span className="hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {passkeys.map((passkey) => (
            <tr key={passkey.id} data-passkey={passkey.name}>
              <td className="foreign">
                <b>{passkey.name}</b>
              </td>
              <td data-label="Added" className="muted">
                {fullTime(passkey.createdAt, zone)}
              </td>
              <td data-label="Last used" className="muted">
                {passkey.lastUsedAt ? ago(passkey.lastUsedAt, Date.now(), zone) : 'never'}
              </td>
              <td className="right">
                <span className="row key-actions">
                  <Button small onClick={() => onOpen({ kind: 'rename', passkey })}>
                    Rename
                  </Button>
                  <Button small look="danger" onClick={() => onOpen({ kind: 'remove', passkey })}>
                    Remove
                  </Button>
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface Asking {
  passkey: Passkey;
  onClose: () => void;
}

function RenameDialog({ passkey: { id, name }, onClose }: Asking) {
  const [next, setNext] = useState(name);
  const rename = useChange(() => call(`/auth/passkeys/${id}`, { method: 'PUT', json: { name: next } }), onClose);
  return (
    <ChangeDialog
      title="Rename the passkey"
      action="Rename"
      look="primary"
      change={rename}
      disabled={!next.trim() || next.trim() === name}
      onClose={onClose}
    >
      <label className="labelled">
        Name
        <input
          className="field"
          value={next}
          maxLength={100}
          autoFocus
          onChange={(event) => setNext(event.target.value)}
        />
      </label>
    </ChangeDialog>
  );
}

function RemoveDialog({ passkey: { id, name }, onClose }: Asking) {
  const remove = useChange(() => call(`/auth/passkeys/${id}`, { method: 'DELETE' }), onClose);
  return (
    <ChangeDialog title="Remove the passkey?" action="Remove" look="danger" change={remove} onClose={onClose}>
      <p>
        Nobody can sign in with <b className="foreign">{name}</b> after this. Your device still keeps it: remove it
        there, too. If you lost the device, also end your other sign-ins below.
      </p>
    </ChangeDialog>
  );
}
