import { useEffect, useState, type ReactNode } from 'react';
import type { Frame, Issue, IssueDetail, IssuePart, IssueSession, Stack } from '../api/types';
import { serverNow } from '../api/client';
import { ago, count, dateTime, exactCount, fullTime, percent } from '../format';
import { link, usePlace, useSearch } from '../router';
import { RangePicker } from '../sessions/range-picker';
import { useTimeZone } from '../settings';
import { Button, Card, CopyButton } from '../ui/controls';
import { Icon } from '../ui/icons';
import { Empty, Failed, Skeleton } from '../ui/states';
import { tell } from '../ui/toast';
import { Breadcrumbs } from './breadcrumbs';
import { Frames, MissingMaps } from './frames';
import { StatusBadges, titleOf, Trend } from './parts';
import { useAssignees, useDecide, useIssue, type Decision } from './use-issues';
import '../admin/admin.css';
import './issues.css';

/** The replay begins so long before the error. */
const LEAD_MS = 3_000;

export default function IssuePage() {
  const {
    parts: [, id = ''],
  } = usePlace();
  const query = useIssue(id);
  const { data } = query;
  const title = data && titleOf(data.issue);
  useEffect(() => {
    document.title = title ? `${title} · CROW` : 'CROW';
    return () => void (document.title = 'CROW');
  }, [title]);
  if (query.isError && !data)
    return (
      <div className="page">
        <Head />
        <Failed error={query.error} retry={() => void query.refetch()} />
      </div>
    );
  if (!data)
    return (
      <div className="page">
        <Head />
        <Skeleton height={420} />
      </div>
    );
  return <Whole detail={data} />;
}

function Head({ issue, children }: { issue?: Issue; children?: ReactNode }) {
  const [search] = useSearch();
  const range = { from: search.get('from'), to: search.get('to'), range: search.get('range') };
  return (
    <div className="page-head">
      <a className="button icon" href={link('/errors', range)} aria-label="All errors" title="All errors">
        <Icon name="left" />
      </a>
      <h1 className="foreign">{issue ? titleOf(issue) : 'Error'}</h1>
      {issue && <StatusBadges issue={issue} />}
      <RangePicker />
      {children}
      {issue && (
        <p className="foreign">
          {issue.message} <span className="muted">{issue.culprit && `· ${issue.culprit}`}</span>
        </p>
      )}
    </div>
  );
}

function Whole({ detail }: { detail: IssueDetail }) {
  const { issue, stack, latestSessions } = detail;
  // The occurrence that is shown is that of the stack.
  const shown = stack ? latestSessions.find(({ id }) => id === stack.sessionId) : latestSessions[0];
  return (
    <div className="page">
      <Head issue={issue}>
        <Decide issue={issue} />
      </Head>
      <div className="stack">
        <Numbers issue={issue} />
        <StackCard stack={stack ?? null} />
        {shown && <Breadcrumbs key={`${issue.id} ${shown.id}`} session={shown} at={stack?.at ?? shown.lastSeen} />}
        <Sessions sessions={latestSessions} />
        <div className="issue-parts">
          <Parts title="Browsers" parts={detail.browsers} />
          <Parts title="Operating systems" parts={detail.systems} />
          <Parts title="Pages" parts={detail.pages} />
          <Parts title="Releases" parts={detail.releases} />
        </div>
      </div>
    </div>
  );
}

const SAID = { open: 'The error is open again.', resolved: 'The error is resolved.', ignored: 'The error is ignored.' };

function Decide({ issue }: { issue: Issue }) {
  const decide = useDecide(issue.id);
  const assignees = useAssignees();
  const isKnown = assignees.some(({ id }) => id === issue.assigneeId);
  const set = (decision: Decision, said: string) =>
    decide.mutate(decision, {
      onSuccess: () => tell(said),
      onError: (error) => tell(error instanceof Error ? error.message : 'This could not be saved.'),
    });
  const to = (status: keyof typeof SAID) => () => set({ status }, SAID[status]);
  return (
    <>
      <select
        className="field"
        aria-label="Assigned to"
        value={issue.assigneeId ?? ''}
        disabled={decide.isPending}
        onChange={({ target }) =>
          set(
            { assigneeId: target.value },
            target.value ? 'The error is assigned.' : 'The error is assigned to nobody.',
          )
        }
      >
        <option value="">Assigned to nobody</option>
        {issue.assigneeId && !isKnown && (
          <option value={issue.assigneeId}>{issue.assigneeName ?? 'Unknown user'}</option>
        )}
        {assignees.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      {issue.status === 'open' ? (
        <>
          <Button look="primary" icon="check" disabled={decide.isPending} onClick={to('resolved')}>
            Resolve
          </Button>
          <Button
            disabled={decide.isPending}
            title="Errors in releases of until now do not open it again"
            onClick={() => set({ status: 'resolved', inNextRelease: true }, SAID.resolved)}
          >
            Resolve in next release
          </Button>
          <Button disabled={decide.isPending} onClick={to('ignored')}>
            Ignore
          </Button>
        </>
      ) : (
        <Button disabled={decide.isPending} onClick={to('open')}>
          Open again
        </Button>
      )}
    </>
  );
}

function Numbers({ issue }: { issue: Issue }) {
  const zone = useTimeZone();
  const now = serverNow();
  const when = (at: number) => <time title={fullTime(at, zone)}>{ago(at, now, zone)}</time>;
  return (
    <Card>
      <dl className="issue-numbers">
        <Number name="Occurrences">{exactCount(issue.count)}</Number>
        <Number name="Sessions">{exactCount(issue.sessions)}</Number>
        <Number name="People">{exactCount(issue.people)}</Number>
        <Number name="First seen">{when(issue.firstSeen)}</Number>
        <Number name="Last seen">{when(issue.lastSeen)}</Number>
        <div className="wide">
          <dt>Trend</dt>
          <dd>
            <Trend values={issue.trend} height={44} />
          </dd>
        </div>
      </dl>
    </Card>
  );
}

const Number = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd className="number">{children}</dd>
  </div>
);

function StackCard({ stack }: { stack: Stack | null }) {
  const zone = useTimeZone();
  const [isWhole, setWhole] = useState(false);
  if (!stack)
    return (
      <Card title="Stack">
        <p className="muted">
          The browser gave no stack, or the events of its sessions are gone. Errors of scripts from another host have
          one if the script tag has <code>crossorigin="anonymous"</code>.
        </p>
      </Card>
    );
  const isApp = ({ kind }: Frame) => kind === 'app';
  const hidden = stack.frames.filter((frame) => !isApp(frame)).length;
  const shown = isWhole || !stack.frames.some(isApp) ? stack.frames : stack.frames.filter(isApp);
  return (
    <Card
      title="Stack"
      flush
      actions={
        <span className="row">
          <small className="muted">of {dateTime(stack.at, zone)}</small>
          {hidden > 0 && hidden < stack.frames.length && (
            <Button small aria-pressed={isWhole} onClick={() => setWhole(!isWhole)}>
              {isWhole ? 'Your code only' : `Show ${exactCount(hidden)} more`}
            </Button>
          )}
          <CopyButton text={stack.text} />
        </span>
      }
    >
      <MissingMaps stack={stack} />
      {shown.length ? (
        <Frames frames={shown} />
      ) : (
        <pre className="data" tabIndex={0}>
          {stack.text}
        </pre>
      )}
    </Card>
  );
}

function Sessions({ sessions }: { sessions: IssueSession[] }) {
  if (!sessions.length)
    return (
      <Card title="Latest sessions">
        <Empty icon="sessions" title="No sessions in this range">
          Choose a longer time range.
        </Empty>
      </Card>
    );
  return (
    <Card title="Latest sessions" flush>
      <div className="scroll-x">
        <table className="table cards">
          <thead>
            <tr>
              <th>Last occurrence</th>
              <th>Person</th>
              <th>Page</th>
              <th>Browser</th>
              <th>Release</th>
              <th className="right">Occurrences</th>
              <th aria-label="Session" />
            </tr>
          </thead>
          <tbody>
            {sessions.map((session) => (
              <SessionRow key={session.id} session={session} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function SessionRow({ session }: { session: IssueSession }) {
  const zone = useTimeZone();
  const t = Math.max(0, session.lastSeen - session.startedAt - LEAD_MS);
  const at = dateTime(session.lastSeen, zone);
  return (
    <tr data-session={session.id}>
      <td data-label="Last occurrence">{at}</td>
      <td data-label="Person" className="foreign">
        {session.userId ?? 'Unknown'}
      </td>
      <td data-label="Page" className="foreign">
        {session.page}
      </td>
      <td data-label="Browser" className="foreign">
        {[session.browser, session.os].filter(Boolean).join(', ') || '–'}
      </td>
      <td data-label="Release" className="foreign">
        {session.release || '–'}
      </td>
      <td data-label="Occurrences" className="right number">
        {count(session.count)}
      </td>
      <td className="right">
        <a
          className="button small"
          href={link(`/sessions/${encodeURIComponent(session.id)}`, { t })}
          aria-label={`${session.hasReplay ? 'Watch' : 'Open'} the session at ${at}`}
        >
          <Icon name={session.hasReplay ? 'play' : 'sessions'} size={14} />
          {session.hasReplay ? 'Watch' : 'Open'}
        </a>
      </td>
    </tr>
  );
}

function Parts({ title, parts }: { title: string; parts: IssuePart[] }) {
  const all = parts.reduce((sum, part) => sum + part.sessions, 0);
  return (
    <Card title={title}>
      <ul className="parts">
        {parts.map(({ value, sessions }) => (
          <li key={value}>
            <span className="foreign grow cut" title={value}>
              {value || 'Unknown'}
            </span>
            <span className="number muted">{percent(all ? sessions / all : 0, 0)}</span>
            <span className="number">{exactCount(sessions)}</span>
          </li>
        ))}
      </ul>
      <small className="muted">Sessions</small>
    </Card>
  );
}
