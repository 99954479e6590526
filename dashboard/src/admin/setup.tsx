import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, serverNow } from '../api/client';
import type { SessionPage } from '../api/types';
import { ago, pathOf } from '../format';
import { link } from '../router';
import { useSigned } from '../signin/session';
import { useTimeZone } from '../settings';
import { Card, CopyButton, Segments } from '../ui/controls';
import { Icon } from '../ui/icons';
import { gatewayFor } from './gateway';
import { snippets, type Platform } from './snippets';
import './admin.css';

const PLATFORMS: [Platform, string][] = [
  ['html', 'HTML'],
  ['bundler', 'npm'],
  ['react', 'React, Vue'],
  ['next', 'Next'],
  ['native', 'React Native'],
  ['electron', 'Electron'],
  ['curl', 'curl'],
];

export default function SetupPage() {
  const [platform, setPlatform] = useState<Platform>('html');
  const [key, setKey] = useState('');
  const { isAdmin, gatewayUrl } = useSigned();
  const [gateway, setGateway] = useState(() => gatewayFor(gatewayUrl, window.location.hostname));
  return (
    <div className="page">
      <div className="page-head">
        <h1>Install</h1>
        <p>Three steps until your first session appears.</p>
      </div>
      <div className="stack narrow">
        <Card title={<Step number={1}>Create an ingest key</Step>}>
          <p className="muted">
            The key needs the scope <b>ingest</b>. It can write but never read, so it is safe inside a page.{' '}
            {isAdmin ? (
              <>
                Create one under{' '}
                <a className="link" href={link('/keys')}>
                  API keys
                </a>
                .
              </>
            ) : (
              'Ask an admin for one.'
            )}
          </p>
          <div className="setup-fields">
            <label className="labelled">
              Ingest key
              <input
                className="field mono"
                placeholder="crow_…"
                value={key}
                onChange={(event) => setKey(event.target.value.trim())}
                autoComplete="off"
                spellCheck={false}
              />
              <small>Only inserted into the code below; never sent.</small>
            </label>
            <label className="labelled">
              Gateway
              <input
                className="field mono"
                value={gateway}
                placeholder="https://collect.example.com"
                onChange={(event) => setGateway(event.target.value.trim())}
                spellCheck={false}
              />
              <small>
                {gatewayUrl
                  ? 'The address of crow-ingest, from the settings of this server.'
                  : 'The address of crow-ingest for browsers. The operator can set it as query.gateway_url.'}
              </small>
            </label>
          </div>
        </Card>
        <Card
          title={<Step number={2}>Add the SDK to your app</Step>}
          actions={<Segments label="Platform" value={platform} onChange={setPlatform} options={PLATFORMS} />}
        >
          {snippets(platform, key || 'crow_…', gateway || 'https://collect.example.com').map(({ title, code }) => (
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

/** Waits for a session that started after this page was opened. An older session proves nothing about this install. */
function FirstEvent() {
  const { organizationId } = useSigned();
  const zone = useTimeZone();
  const [openedAt] = useState(serverNow);
  const query = useQuery({
    queryKey: ['first', organizationId, openedAt],
    queryFn: ({ signal }) => get<SessionPage>(`/sessions/${organizationId}`, { limit: 1, from: openedAt }, signal),
    refetchInterval: (state) => (state.state.data?.sessions.length ? false : 2_000),
  });
  const session = query.data?.sessions[0];
  return (
    <section className={`card first-event ${session ? 'arrived-event' : ''}`} role="status">
      <Icon name={session ? 'check' : 'clock'} size={26} />
      <div className="grow">
        <h2>{session ? 'Events are arriving' : 'Waiting for a new session…'}</h2>
        <p className="muted">
          {session
            ? `A session started ${ago(session.startedAt, serverNow(), zone)} on ${session.initialUrl ? pathOf(session.initialUrl) : 'an unnamed page'}.`
            : 'Open your app with the SDK in a private window. This turns green seconds after a new session starts.'}
        </p>
      </div>
      {session && (
        <a className="button primary" href={link(`/sessions/${session.id}`)}>
          Open the session
        </a>
      )}
    </section>
  );
}
