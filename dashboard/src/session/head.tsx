import { useState } from 'react';
import { DownloadPersonItem } from '../access/person';
import { request } from '../api/client';
import type { Session } from '../api/types';
import { InCollections } from '../collections/pick';
import { DeleteMenu } from '../erasures/delete-menu';
import { country, duration, fullTime } from '../format';
import { Tags, WatchedButton } from '../kept/tags';
import { link } from '../router';
import { Device, Signals } from '../sessions/columns';
import { nameOf } from '../sessions/visitor';
import { useTimeZone } from '../settings';
import { PublicLinks } from '../shared/links';
import { useSigned } from '../signin/session';
import { Button, CopyButton, Popover } from '../ui/controls';
import { Icon } from '../ui/icons';
import { saveAsFile } from './download';

interface HeadProps {
  session: Session;
  at: number;
  from: number;
  to: number;
  isLive: boolean;
}

export function Head({ session, at, from, to, isLive }: HeadProps) {
  const zone = useTimeZone();
  return (
    <header className="session-head">
      <a
        className="button quiet icon"
        href={link('/sessions')}
        aria-label="Back to the list"
        onClick={(event) => {
          // Back to the list, with its scroll position and filters.
          if (window.history.length < 2) return;
          event.preventDefault();
          window.history.back();
        }}
      >
        <Icon name="left" />
      </a>
      <div className="grow">
        <div className="row">
          <h1 className="cut foreign">{nameOf(session)}</h1>
          {isLive && <span className="badge green live">live</span>}
          <Signals session={session} />
        </div>
        <div className="row muted facts">
          <time className="cut">{fullTime(session.startedAt, zone)}</time>
          <span>{duration(session.durationMs)}</span>
          <Device session={session} />
          {session.country && <span className="cut">{country(session.country)}</span>}
          <Tags session={session} />
          <InCollections session={session} />
        </div>
      </div>
      <Generations session={session} />
      <WatchedButton session={session} />
      <Share session={session} at={at} from={from} to={to} />
      <Download session={session} />
      <DeleteMenu session={session} />
    </header>
  );
}

function Generations({ session: { id, generations } }: { session: Session }) {
  const zone = useTimeZone();
  if (!generations || generations.length < 2) return null;
  return (
    <Popover
      side="right"
      title="Visits"
      button={(open, isOpen) => (
        <Button onClick={open} aria-expanded={isOpen}>
          Visit {generations.length - generations.findIndex((one) => one.id === id)} of {generations.length}
        </Button>
      )}
    >
      {() =>
        generations.map((one) => (
          <a key={one.id} className="item" href={link(`/sessions/${one.id}`)} aria-current={one.id === id}>
            {fullTime(one.startedAt, zone)}
          </a>
        ))
      }
    </Popover>
  );
}

function Share({ session, at, from, to }: Omit<HeadProps, 'isLive'>) {
  const { isAdmin } = useSigned();
  const [withTime, setWithTime] = useState(true);
  const [isPublic, setPublic] = useState(false);
  const { origin, pathname, hash } = window.location;
  const url = `${origin}${pathname}${link(hash.slice(1).split('?')[0] ?? '', withTime ? { t: Math.max(0, Math.round(at - from)) } : {})}`;
  const dialog = isPublic && (
    <PublicLinks session={session} from={from} at={at} to={to} onClose={() => setPublic(false)} />
  );
  return (
    <>
      {dialog}
      <Popover
        side="right"
        title="Share"
        button={(open, isOpen) => (
          <Button icon="share" onClick={open} aria-expanded={isOpen}>
            Share
          </Button>
        )}
      >
        {(close) => (
          <div className="picker share">
            <label className="labelled">
              Link for people in your organization
              <input className="field mono" readOnly value={url} onFocus={(event) => event.currentTarget.select()} />
            </label>
            <label className="check">
              <input type="checkbox" checked={withTime} onChange={() => setWithTime(!withTime)} /> Start at this moment
            </label>
            <CopyButton text={url} label="Copy link" />
            {isAdmin && session.hasReplay && session.status === 'closed' && (
              <button type="button" className="item" onClick={() => (close(), setPublic(true))}>
                <Icon name="share" size={16} /> Public link…
              </button>
            )}
          </div>
        )}
      </Popover>
    </>
  );
}

function Download({ session }: { session: Session }) {
  const [busy, setBusy] = useState('');
  const path = `/sessions/${session.organizationId}/${session.id}`;
  const save = async (close: () => void) => {
    setBusy('Preparing…');
    try {
      const { standaloneFile } = await import('./standalone-file');
      const recording = await request(`${path}/replay`).then((answer) => answer.text());
      saveAsFile(await standaloneFile(session, recording), `session-${session.id}.html`);
      close();
      setBusy('');
    } catch {
      setBusy('The download failed. Try again');
    }
  };
  return (
    <Popover
      side="right"
      title="Download"
      button={(open, isOpen) => <Button icon="download" label="Download" onClick={open} aria-expanded={isOpen} />}
    >
      {(close) => (
        <>
          <button
            type="button"
            className="item"
            disabled={busy === 'Preparing…' || !session.hasReplay}
            onClick={() => void save(close)}
          >
            <Icon name="play" size={16} />
            <span>{busy || 'One HTML file that plays offline'}</span>
          </button>
          <a className="item" href={`${path}/export`} download onClick={close}>
            <Icon name="download" size={16} /> All data of this session as NDJSON
          </a>
          <DownloadPersonItem userId={session.userId} visitorId={session.visitorId} onDone={close} />
        </>
      )}
    </Popover>
  );
}
