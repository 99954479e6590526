import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../api/client';
import type { SessionPage } from '../api/types';
import { ago, pathOf } from '../format';
import { link } from '../router';
import { useSigned } from '../signin/session';
import { useTimeZone } from '../settings';
import { Card, CopyButton, Segments } from '../ui/controls';
import { Icon } from '../ui/icons';
import { snippets, type Platform } from './snippets';
import './admin.css';

const PLATFORMS: [Platform, string][] = [['html', 'HTML'], ['bundler', 'npm'], ['react', 'React, Vue'], ['next', 'Next'], ['native', 'React Native'], ['electron', 'Electron'], ['curl', 'curl']];

export default function SetupPage() {
  const [platform, setPlatform] = useState<Platform>('html');
  const [key, setKey] = useState('');
  const [gateway, setGateway] = useState(`${window.location.protocol}//${window.location.hostname}:7070`);
  const { isAdmin } = useSigned();
  return (
    <div className="page">
      <div className="page-head">
        <h1>Set up</h1>
        <p>Three steps, and the first session shows here.</p>
      </div>
      <div className="stack narrow">
        <Card title={<Step number={1}>A key for your page</Step>}>
          <p className="muted">It needs the scope <b>ingest</b>: such a key may write and never read, so it is safe inside a page. {isAdmin ? <>Make one under <a className="link" href={link('/keys')}>API keys</a>.</> : 'Ask an admin for one.'}</p>
          <div className="setup-fields">
            <label className="labelled">
              Ingest key
              <input className="field mono" placeholder="crow_…" value={key} onChange={(event) => setKey(event.target.value.trim())} autoComplete="off" spellCheck={false} />
              <small>Only put into the text below; it is not sent.</small>
            </label>
            <label className="labelled">
              Gateway
              <input className="field mono" value={gateway} onChange={(event) => setGateway(event.target.value.trim())} spellCheck={false} />
              <small>Where crow-ingest is reached by browsers.</small>
            </label>
          </div>
        </Card>
        <Card title={<Step number={2}>The tracker in your app</Step>} actions={<Segments label="Platform" value={platform} onChange={setPlatform} options={PLATFORMS} />}>
          {snippets(platform, key || 'crow_…', gateway).map(({ title, code }) => (
            <figure key={title} className="snippet">
              <figcaption className="row">
                <span className="grow">{title}</span>
                <CopyButton text={code} />
              </figcaption>
              <pre tabIndex={0}>{code}</pre>
            </figure>
          ))}
        </Card>
        <FirstEvent />
      </div>
    </div>
  );
}

const Step = ({ number, children }: { number: number; children: string }) => (
  <span className="row">
    <i className="step-number">{number}</i> {children}
  </span>
);

/** Waits for a session, and turns green when there is one. */
function FirstEvent() {
  const { organizationId } = useSigned();
  const zone = useTimeZone();
  const query = useQuery({
    queryKey: ['first', organizationId],
    queryFn: ({ signal }) => get<SessionPage>(`/sessions/${organizationId}`, { limit: 1 }, signal),
    refetchInterval: (state) => (state.state.data?.sessions.length ? false : 2_000),
  });
  const session = query.data?.sessions[0];
  return (
    <section className={`card first-event ${session ? 'arrived-event' : ''}`} role="status">
      <Icon name={session ? 'check' : 'clock'} size={26} />
      <div className="grow">
        <h2>{session ? 'Events arrive' : 'Waiting for the first event…'}</h2>
        <p className="muted">{session ? `The newest session began ${ago(session.startedAt, Date.now(), zone)} on ${session.initialUrl ? pathOf(session.initialUrl) : 'an unnamed page'}.` : 'Open your app with the tracker in it. This turns green within seconds.'}</p>
      </div>
      {session && (
        <a className="button primary" href={link(`/sessions/${session.id}`)}>
          Watch it
        </a>
      )}
    </section>
  );
}
