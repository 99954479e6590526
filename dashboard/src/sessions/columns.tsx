import type { ReactNode } from 'react';
import type { Session } from '../api/types';
import { ago, count, country, duration, fullTime, hostOf, pathOf } from '../format';
import { choice } from '../store';
import { Icon, type IconName } from '../ui/icons';

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
  { name: 'who', label: 'Visitor', width: 'minmax(176px, 1.3fr)', show: (session) => <Who session={session} /> },
  { name: 'started', label: 'Started', width: '104px', show: ({ startedAt }, { now, zone }) => <time dateTime={new Date(startedAt).toISOString()} title={fullTime(startedAt, zone)}>{ago(startedAt, now, zone)}</time> },
  { name: 'duration', label: 'Duration', width: '92px', isRight: true, show: ({ durationMs }) => duration(durationMs) },
  { name: 'pages', label: 'Pages', width: '58px', isRight: true, show: ({ counts }) => count(counts.pageviews) },
  { name: 'events', label: 'Events', width: '64px', isRight: true, show: ({ counts }) => count(counts.events) },
  { name: 'signals', label: 'Signals', width: '118px', show: (session) => <Signals session={session} /> },
  { name: 'entry', label: 'First page', width: 'minmax(130px, 1.5fr)', show: ({ initialUrl }) => <span className="cut" title={initialUrl ?? ''}>{initialUrl ? pathOf(initialUrl) : '–'}</span> },
  { name: 'referrer', label: 'Came from', width: 'minmax(96px, 0.8fr)', show: ({ referrer }) => <span className="cut muted">{referrer ? hostOf(referrer) : 'direct'}</span> },
  { name: 'device', label: 'Device', width: 'minmax(132px, 0.9fr)', show: (session) => <Device session={session} /> },
  { name: 'country', label: 'Country', width: 'minmax(80px, 0.7fr)', show: ({ country: code }) => <span className="cut">{code ? country(code) : <span className="muted">–</span>}</span> },
  { name: 'exit', label: 'Last page', width: 'minmax(120px, 1.2fr)', show: ({ exitUrl }) => <span className="cut">{exitUrl ? pathOf(exitUrl) : '–'}</span> },
  { name: 'scroll', label: 'Scrolled', width: '78px', isRight: true, show: ({ maxScrollDepth }) => `${maxScrollDepth}%` },
  { name: 'id', label: 'Session id', width: 'minmax(120px, 1fr)', show: ({ sessionId }) => <span className="cut mono muted">{sessionId}</span> },
];

export const shownColumns = choice<string[]>('columns', ['who', 'started', 'duration', 'pages', 'events', 'signals', 'entry', 'referrer', 'device', 'country']);

/** A colour that stays with a visitor. */
export function hueOf(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (hash * 31 + text.charCodeAt(i)) | 0;
  return Math.abs(hash) % 360;
}

function Who({ session }: { session: Session }) {
  const name = session.userId ?? `Visitor ${session.sessionId.slice(-6)}`;
  return (
    <span className="who">
      <i className={`avatar ${session.userId ? '' : 'nobody'}`} style={{ '--hue': hueOf(session.userId ?? session.sessionId) } as React.CSSProperties}>
        {session.userId ? name.slice(0, 2).toUpperCase() : <Icon name={session.isBot ? 'bot' : 'user'} size={15} />}
      </i>
      <span className={`cut ${session.userId ? '' : 'muted'}`}>{name}</span>
      {session.status === 'open' && <span className="badge green live">live</span>}
    </span>
  );
}

export function Signals({ session: { counts, hasReplay, gaps } }: { session: Session }) {
  return (
    <span className="row signals">
      {hasReplay && <span className="badge accent" title="Has a replay"><Icon name="play" size={11} /><span className="hidden">replay</span></span>}
      {counts.errors > 0 && <span className="badge red" title={`${counts.errors} errors`}><Icon name="error" size={13} />{count(counts.errors)}</span>}
      {counts.rageClicks > 0 && <span className="badge amber" title={`${counts.rageClicks} rage clicks`}><Icon name="rage" size={13} />{count(counts.rageClicks)}</span>}
      {gaps.length > 0 && <span className="badge" title="Parts of it never came">gap</span>}
    </span>
  );
}

export function Device({ session }: { session: Session }) {
  return (
    <span className="row" title={[session.deviceType, session.browser, session.os].filter(Boolean).join(', ')}>
      <Icon name={DEVICES[session.deviceType ?? ''] ?? 'screen'} size={16} />
      <span className="cut">{[session.browser, session.os].filter(Boolean).join(' · ') || <span className="muted">unknown</span>}</span>
    </span>
  );
}
