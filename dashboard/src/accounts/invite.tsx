import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { call } from '../api/client';
import { useSigned } from '../signin/session';
import { Button, Dialog } from '../ui/controls';
import { Problem } from './problem';
import { rolesFor } from './roles';
import type { HandedOut, Invitation } from '../api/types';

/** Invites somebody; `onDone` gets the link to hand on. */
export function InviteDialog({
  path,
  onDone,
  onClose,
}: {
  path: string;
  onDone: (email: string, link: HandedOut) => void;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const { isOwner } = useSigned();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState('member');
  const invite = useMutation({
    mutationFn: () => call<Invitation & HandedOut>(`${path}/invitations`, { method: 'POST', json: { email, role } }),
    onSuccess(made) {
      void client.invalidateQueries({ queryKey: ['accounts'] });
      onDone(made.email, made);
    },
  });
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (email) invite.mutate();
  };
  return (
    <Dialog
      title="Invite a person"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={!email || invite.isPending} onClick={() => submit()}>
            Invite
          </Button>
        </>
      }
    >
      <form className="stack" onSubmit={submit} noValidate>
        <label className="labelled">
          E-mail
          <input
            className="field"
            type="email"
            autoComplete="off"
            maxLength={254}
            value={email}
            autoFocus
            onChange={(event) => setEmail(event.target.value.trim())}
          />
        </label>
        <fieldset className="scopes">
          <legend>Role</legend>
          {rolesFor(isOwner).map(([name, about]) => (
            <label key={name} className="check">
              <input type="radio" name="role" value={name} checked={role === name} onChange={() => setRole(name)} />
              <span>
                <b>{name}</b> <span className="muted">{about}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <Problem error={invite.error} />
      </form>
    </Dialog>
  );
}
