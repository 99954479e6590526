import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Problem } from '../accounts/problem';
import { useActors } from '../accounts/use-actors';
import { call, get } from '../api/client';
import type { NewReplayLink, ReplayLink, Session } from '../api/types';
import { ago, clock, fullTime, plural } from '../format';
import { link as href } from '../router';
import { useTimeZone } from '../settings';
import { useSigned } from '../signin/session';
import { Button, Card, CopyButton, Dialog } from '../ui/controls';
import { Loaded } from '../ui/states';
import '../admin/admin.css';
import '../kept/kept.css';

const LIVES: readonly [hours: number, label: string][] = [
  [1, '1 hour'],
  [24, '1 day'],
  [168, '7 days'],
  [720, '30 days'],
];

const linkOf = (token: string): string =>
  `${window.location.origin}${window.location.pathname.replace(/[^/]*$/, '')}shared.html#${token}`;

interface Asked {
  expiresInHours: number;
  isMasked: boolean;
  from: number | null;
  to: number | null;
}

interface Place {
  session: Session;
  /** The start of the session, the moment that is shown, and the end. */
  from: number;
  at: number;
  to: number;
  onClose: () => void;
}

/** Makes public links to the recording of a session, and lists those that there are. */
export function PublicLinks(place: Place) {
  const { session, onClose } = place;
  const [made, setMade] = useState<NewReplayLink>();
  return (
    <Dialog
      title="Public links"
      onClose={onClose}
      footer={
        <Button look={made ? 'primary' : undefined} onClick={onClose}>
          Done
        </Button>
      }
    >
      {made ? <MadeLink link={made} /> : <MakeLink {...place} onMade={setMade} />}
      <ListedLinks session={session} />
    </Dialog>
  );
}

function MadeLink({ link }: { link: NewReplayLink }) {
  const zone = useTimeZone();
  return (
    <>
      <p>
        Anyone with this link can watch the recording, without an account, until {fullTime(link.expiresAt, zone)}. The
        link is not shown again.
      </p>
      <code className="new-key" data-link>
        {linkOf(link.token)}
      </code>
      <div>
        <CopyButton text={linkOf(link.token)} label="Copy link" look="primary" />
      </div>
    </>
  );
}

function MakeLink({ session, from, at, to, onMade }: Place & { onMade: (link: NewReplayLink) => void }) {
  const client = useQueryClient();
  const [isPart, setPart] = useState(false);
  const make = useMutation({
    mutationFn: (asked: Asked) =>
      call<NewReplayLink>(`/admin/${session.organizationId}/replay-links`, {
        method: 'POST',
        json: { sessionId: session.id, ...asked },
      }),
    onSuccess(link) {
      void client.invalidateQueries({ queryKey: ['replay-links'] });
      onMade(link);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const moment = (name: string) => from + Math.round(Number(form.get(name)) * 1000);
    make.mutate({
      expiresInHours: Number(form.get('hours')),
      isMasked: form.get('shown') === 'masked',
      from: isPart ? moment('from') : null,
      to: isPart ? moment('to') : null,
    });
  };
  const last = Math.ceil((to - from) / 1000);
  return (
    <form className="stack" onSubmit={submit} aria-label="New public link">
      <fieldset className="scopes">
        <legend className="hidden">What is shown</legend>
        <label className="check explained">
          <input type="radio" name="shown" value="masked" defaultChecked />
          <span>
            <b>Masked</b> <span className="muted">Texts and pictures of the page are left out.</span>
          </span>
        </label>
        <label className="check explained">
          <input type="radio" name="shown" value="any" />
          <span>
            <b>As recorded</b> <span className="muted">What was hidden when it was recorded stays hidden.</span>
          </span>
        </label>
      </fieldset>
      <label className="labelled">
        Works for
        <select className="field" name="hours" defaultValue={24}>
          {LIVES.map(([hours, label]) => (
            <option key={hours} value={hours}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label className="check">
        <input type="checkbox" checked={isPart} onChange={() => setPart(!isPart)} /> Only a part of the recording
      </label>
      {isPart && (
        <div className="row">
          <Seconds name="from" label="From, seconds" initial={Math.floor((at - from) / 1000)} last={last} />
          <Seconds name="to" label="To, seconds" initial={last} last={last} />
          <p className="muted">The link also delivers everything since the last full snapshot before this part.</p>
        </div>
      )}
      <Problem error={make.error} />
      <div>
        <Button type="submit" look="primary" disabled={make.isPending}>
          Create link
        </Button>
      </div>
    </form>
  );
}

function Seconds({ name, label, initial, last }: { name: string; label: string; initial: number; last: number }) {
  return (
    <label className="labelled">
      {label}
      <input className="field" type="number" name={name} min={0} max={last} defaultValue={initial} required />
    </label>
  );
}

function useLinks(sessionId?: string) {
  const { organizationId } = useSigned();
  return useQuery({
    queryKey: ['replay-links', organizationId, sessionId],
    queryFn: ({ signal }) =>
      get<{ links: ReplayLink[] }>(`/admin/${organizationId}/replay-links`, { sessionId }, signal),
    staleTime: 0,
  });
}

function ListedLinks({ session }: { session: Session }) {
  return (
    <Loaded query={useLinks(session.id)} height={40}>
      {({ links }) =>
        links.length ? (
          <ul className="public-links" aria-label="Active links">
            {links.map((link) => (
              <Listed key={link.id} link={link} startedAt={session.startedAt} />
            ))}
          </ul>
        ) : (
          <p className="muted">There is no public link to this session.</p>
        )
      }
    </Loaded>
  );
}

/** All public links of the organization. */
export function AllLinks() {
  return (
    <Card title="Active public links">
      <Loaded query={useLinks()} height={40}>
        {({ links }) =>
          links.length ? (
            <ul className="public-links" aria-label="Active links">
              {links.map((link) => (
                <Listed key={link.id} link={link} />
              ))}
            </ul>
          ) : (
            <p className="muted">There is none. Make one with Share on the page of a session.</p>
          )
        }
      </Loaded>
    </Card>
  );
}

/** Without `startedAt`, it leads to the session. */
function Listed({ link, startedAt }: { link: ReplayLink; startedAt?: number }) {
  const zone = useTimeZone();
  const nameOf = useActors();
  const client = useQueryClient();
  const { organizationId } = useSigned();
  const revoke = useMutation({
    mutationFn: () => call<void>(`/admin/${organizationId}/replay-links/${link.id}`, { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['replay-links'] }),
  });
  const opened = link.lastOpenedAt
    ? `opened ${plural(link.opened, 'time')}, last ${ago(link.lastOpenedAt, Date.now(), zone)}`
    : 'never opened';
  const timeOf = (at: number) => (startedAt === undefined ? fullTime(at, zone) : clock(at - startedAt));
  const part = (at: number | null | undefined, fallback: string) => (at ? timeOf(at) : fallback);
  return (
    <li className="row" data-listed={link.id}>
      <span className="grow">
        <b>{link.isMasked ? 'Masked' : 'As recorded'}</b>
        {startedAt === undefined && (
          <>
            {' · '}
            <a className="link" href={href(`/sessions/${link.sessionId}`)}>
              Session
            </a>
          </>
        )}
        {(link.from || link.to) && ` · ${part(link.from, 'start')} to ${part(link.to, 'end')}`}
        <br />
        <span className="muted">
          by {nameOf(link.createdBy)}, until {fullTime(link.expiresAt, zone)}, {opened}
        </span>
        <Problem error={revoke.error} />
      </span>
      <Button small look="danger" disabled={revoke.isPending} onClick={() => revoke.mutate()}>
        Revoke
      </Button>
    </li>
  );
}
