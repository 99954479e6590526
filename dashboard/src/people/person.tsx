import { useEffect } from 'react';
import { DownloadPerson } from '../access/person';
import type { PersonDetail, PersonPart, PersonSession } from '../api/types';
import { serverNow } from '../api/client';
import { DeletePerson } from '../erasures/delete-menu';
import { ago, count, country, dateTime, duration, fullTime, pathOf, plural, timeOfDay } from '../format';
import { link, usePlace } from '../router';
import { useTimeZone } from '../settings';
import { Card } from '../ui/controls';
import { Icon } from '../ui/icons';
import { More } from '../ui/pages';
import { Failed, Skeleton } from '../ui/states';
import { shown } from './page';
import { usePerson, useTimeline, type Name } from './use-people';
import '../admin/admin.css';
import './people.css';

export default function PersonPage() {
  const {
    parts: [, kind = '', id = ''],
  } = usePlace();
  const query = usePerson({ kind, id });
  const { data } = query;
  const title = data ? (data.userId ?? data.visitorId) : null;
  useEffect(() => {
    document.title = title ? `${title} · CROW` : 'CROW';
    return () => void (document.title = 'CROW');
  }, [title]);
  return (
    <div className="page">
      <div className="page-head">
        <a className="button icon" href={link('/people')} aria-label="All people" title="All people">
          <Icon name="left" />
        </a>
        <h1 className="foreign">{title ?? 'Person'}</h1>
        {data && <span className="badge">{data.kind}</span>}
        {data && <DownloadPerson userId={data.userId} visitorId={data.visitorId} />}
        {data && <DeletePerson userId={data.userId ?? undefined} visitorId={data.visitorId ?? undefined} />}
      </div>
      {query.isError && !data ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : data ? (
        <Whole person={data} name={{ kind, id }} />
      ) : (
        <Skeleton height={420} />
      )}
    </div>
  );
}

function Whole({ person, name }: { person: PersonDetail; name: Name }) {
  return (
    <div className="stack">
      <Numbers person={person} />
      <div className="person-parts">
        <Properties person={person} />
        <Parts title="Devices" parts={person.devices} />
        <Parts title="Countries" parts={person.countries} nameOf={country} />
      </div>
      <Sessions name={name} />
    </div>
  );
}

function Numbers({ person }: { person: PersonDetail }) {
  const zone = useTimeZone();
  const at = (ms: number) => <time title={fullTime(ms, zone)}>{ago(ms, serverNow(), zone)}</time>;
  const numbers = [
    ['First seen', at(person.firstSeenAt)],
    ['Last seen', at(person.lastSeenAt)],
    ...(person.identifiedAt ? [['Identified', at(person.identifiedAt)] as const] : []),
    ['Sessions', count(person.sessions)],
    ['Page views', count(person.pageviews)],
    ['Events', count(person.events)],
    ['Errors', count(person.errors)],
    ['Interactions', count(person.interactions)],
    ...(person.browsers.length ? [['Browsers', count(person.browsers.length)] as const] : []),
  ] as const;
  return (
    <Card>
      <dl className="person-numbers">
        {numbers.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="number">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Properties({ person }: { person: PersonDetail }) {
  const zone = useTimeZone();
  return (
    <Card title="Properties">
      {!person.traits.length && (
        <p className="muted">
          None. Pass them to <code>tracker.identify</code>.
        </p>
      )}
      <dl className="properties">
        {person.traits.map(({ name, value, at }) => (
          <div key={name}>
            <dt className="foreign cut">{name}</dt>
            <dd className="foreign" title={`Last sent in the session of ${fullTime(at, zone)}`}>
              {shown(value)}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Parts({
  title,
  parts,
  nameOf = (name) => name,
}: {
  title: string;
  parts: PersonPart[];
  nameOf?: (name: string) => string;
}) {
  const most = Math.max(1, ...parts.map(({ sessions }) => sessions));
  return (
    <Card title={title}>
      {!parts.length && <p className="muted">Unknown.</p>}
      <div className="bars">
        {parts.map(({ name, sessions }) => (
          <span key={name} className="bar" style={{ '--share': `${(sessions / most) * 100}%` } as React.CSSProperties}>
            <span className="cut foreign">{nameOf(name)}</span>
            <span className="number">{count(sessions)}</span>
          </span>
        ))}
      </div>
    </Card>
  );
}

function Sessions({ name }: { name: Name }) {
  const query = useTimeline(name);
  return (
    <Card title="Sessions">
      {query.isError && !query.data && <Failed error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Skeleton height={240} />}
      <ol className="timeline">
        {query.sessions.map((session) => (
          <Visit key={session.id} session={session} />
        ))}
      </ol>
      <More query={query} />
    </Card>
  );
}

function Visit({ session }: { session: PersonSession }) {
  const zone = useTimeZone();
  const { deviceType, browser, os, mainEvents } = session;
  const where = session.country ? country(session.country) : null;
  return (
    <li>
      <div className="row">
        <a className="link" href={link(`/sessions/${session.id}`)}>
          {dateTime(session.startedAt, zone)}
        </a>
        {session.isBeforeSignIn && <span className="badge">before sign-in</span>}
        {session.errors > 0 && <span className="badge red">{plural(session.errors, 'error')}</span>}
        <span className="muted">
          {[duration(session.durationMs), where, deviceType, browser, os].filter(Boolean).join(' · ')}
        </span>
      </div>
      <ul>
        {mainEvents.map((event, index) => (
          <li key={index}>
            <a className="number muted" href={link(`/sessions/${session.id}`, { t: event.at - session.startedAt })}>
              {timeOfDay(event.at, zone)}
            </a>
            <span className={`badge ${event.type === 'error' ? 'red' : ''} foreign`}>
              {event.type.replaceAll('_', ' ')}
            </span>
            <b className="foreign cut">{event.name ?? (event.url ? pathOf(event.url) : '')}</b>
          </li>
        ))}
        {!mainEvents.length && <li className="muted">No page views or named events.</li>}
        {session.hasMoreEvents && <li className="muted">There are more events in the session.</li>}
      </ul>
    </li>
  );
}
