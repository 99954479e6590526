import type { ReactNode } from 'react';
import type { Session } from '../api/types';
import { ago, count, country, duration, fullTime, hostOf, pathOf } from '../format';
import { isLive } from '../session/live';
import { choice } from '../store';
import { Icon, type IconName } from '../ui/icons';
import { referrerOf } from './referrer';
import { firstSigns, nameOf } from './visitor';

export interface Column {
  name: string;
  label: string;
  /** A CSS track of the grid. */
  width: string;
  isRight?: boolean;
  show: (session: Session, context: { now: number; zone: string }) => ReactNode;
}

const DEVICES: Record<string, IconName> = { desktop: 'desktop', mobile: 'mobile', tablet: 'tablet', bot: 'bot' };

export const COLUMNS: Column[] = [
  {
    name: 'who',
    label: 'Visitor',
    width: 'minmax(176px, 1.3fr)',
    show: (session, { now }) => <Who session={session} isLive={isLive(session, now)} />,
  },
  {
    name: 'started',
    label: 'Started',
    width: '104px',
    show: ({ startedAt }, { now, zone }) => (
      <time dateTime={new Date(startedAt).toISOString()} title={fullTime(startedAt, zone)}>
        {ago(startedAt, now, zone)}
      </time>
    ),
  },
  { name: 'duration', label: 'Duration', width: '92px', isRight: true, show: ({ durationMs }) => duration(durationMs) },
  { name: 'pages', label: 'Pages', width: '58px', isRight: true, show: ({ counts }) => count(counts.pageviews) },
  { name: 'events', label: 'Events', width: '64px', isRight: true, show: ({ counts }) => count(counts.events) },
  { name: 'signals', label: 'Signals', width: '118px', show: (session) => <Signals session={session} /> },
  {
    name: 'entry',
    label: 'Entry page',
    width: 'minmax(130px, 1.5fr)',
    show: ({ initialUrl }) => (
      <span className="cut foreign" title={initialUrl ?? ''}>
        {initialUrl ? pathOf(initialUrl) : '–'}
      </span>
    ),
  },
  {
    name: 'referrer',
    label: 'Referrer',
    width: 'minmax(96px, 0.8fr)',
    show: (session) => <Referrer of={referrerOf(session)} />,
  },
  { name: 'device', label: 'Device', width: 'minmax(132px, 0.9fr)', show: (session) => <Device session={session} /> },
  {
    name: 'country',
    label: 'Country',
    width: 'minmax(80px, 0.7fr)',
    show: ({ country: code }) => <span className="cut">{code ? country(code) : <span className="muted">–</span>}</span>,
  },
  {
    name: 'exit',
    label: 'Exit page',
    width: 'minmax(120px, 1.2fr)',
    show: ({ exitUrl }) => (
      <span className="cut foreign" title={exitUrl ?? ''}>
        {exitUrl ? pathOf(exitUrl) : '–'}
      </span>
    ),
  },
  {
    name: 'scroll',
    label: 'Scroll depth',
    width: '92px',
    isRight: true,
    show: ({ maxScrollDepth }) => `${maxScrollDepth}%`,
  },
  {
    name: 'id',
    label: 'Session id',
    width: 'minmax(120px, 1fr)',
    show: ({ sessionId }) => <span className="cut mono muted foreign">{sessionId}</span>,
  },
];

export const shownColumns = choice<string[]>('columns', [
  'who',
  'started',
  'duration',
  'pages',
  'events',
  'signals',
  'entry',
  'referrer',
  'device',
  'country',
]);

/** A colour that stays with a visitor. */
export function hueOf(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (hash * 31 + text.charCodeAt(i)) | 0;
  return Math.abs(hash) % 360;
}

function Referrer({ of: referrer }: { of: string | null }) {
  return (
    <span className="cut muted foreign" title={referrer ?? ''}>
      {referrer ? hostOf(referrer) : 'Direct'}
    </span>
  );
}

function Who({ session, isLive: live }: { session: Session; isLive: boolean }) {
  const name = nameOf(session);
  return (
    <span className="who">
      <i
        className={`avatar ${session.userId ? '' : 'nobody'}`}
        style={{ '--hue': hueOf(session.userId ?? session.sessionId) } as React.CSSProperties}
      >
        {session.userId ? firstSigns(name, 2).toUpperCase() : <Icon name={session.isBot ? 'bot' : 'user'} size={15} />}
      </i>
      <span className={`cut foreign ${session.userId ? '' : 'muted'}`}>{name}</span>
      {live && <span className="badge green live">live</span>}
      {session.tags?.map((tag) => (
        <span key={tag} className="badge tag cut" title={`Tag: ${tag}`}>
          {tag}
        </span>
      ))}
    </span>
  );
}

export function Signals({ session: { counts, hasReplay, gaps, isWatched } }: { session: Session }) {
  return (
    <span className="row signals">
      {hasReplay && (
        <span
          className={`badge ${isWatched ? '' : 'accent'}`}
          title={isWatched ? 'Has a replay, which you have watched' : 'Has a replay'}
        >
          <Icon name={isWatched ? 'check' : 'play'} size={11} />
          <span className="hidden">{isWatched ? 'watched' : 'replay'}</span>
        </span>
      )}
      {counts.errors > 0 && (
        <span className="badge red" title={counts.errors === 1 ? '1 error' : `${counts.errors} errors`}>
          <Icon name="error" size={13} />
          {count(counts.errors)}
        </span>
      )}
      {counts.rageClicks > 0 && (
        <span
          className="badge amber"
          title={counts.rageClicks === 1 ? '1 rage click' : `${counts.rageClicks} rage clicks`}
        >
          <Icon name="rage" size={13} />
          {count(counts.rageClicks)}
        </span>
      )}
      {gaps.length > 0 && (
        <span className="badge" title="Parts of the recording never arrived">
          gap
        </span>
      )}
    </span>
  );
}

export function Device({ session }: { session: Session }) {
  return (
    <span className="row" title={[session.deviceType, session.browser, session.os].filter(Boolean).join(', ')}>
      <Icon name={DEVICES[session.deviceType ?? ''] ?? 'screen'} size={16} />
      <span className="cut">
        {[session.browser, session.os].filter(Boolean).join(' · ') || <span className="muted">unknown</span>}
      </span>
    </span>
  );
}
