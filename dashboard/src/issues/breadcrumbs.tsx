import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { pagesOf } from '../api/client';
import type { EventPage, IssueSession } from '../api/types';
import { dateTime, duration } from '../format';
import { link } from '../router';
import { nothingBeside } from '../session/devtools/read';
import { useTimeZone } from '../settings';
import { useSigned } from '../signin/session';
import { Card } from '../ui/controls';
import { Icon } from '../ui/icons';
import { Failed, Skeleton } from '../ui/states';
import { besideBefore, crumbsOf, lastMoments, type Crumb } from './crumbs';

const NOTHING = nothingBeside();

/** What the visitor and the page did before an error at this moment of a session. */
export function Breadcrumbs({ session, at }: { session: IssueSession; at: number }) {
  const { organizationId } = useSigned();
  const zone = useTimeZone();
  const path = `/sessions/${encodeURIComponent(organizationId)}/${encodeURIComponent(session.id)}`;
  // Whoever looks into a recording is in the audit log, so nobody does without asking for it.
  const [isAsked, setAsked] = useState(false);
  const events = useQuery({
    queryKey: ['crumbs', path, at],
    queryFn: ({ signal }) => lastMoments(pagesOf<EventPage>(`${path}/events`, { limit: 1000 }, signal), at),
  });
  const beside = useQuery({
    queryKey: ['crumbs', path, at, 'recording'],
    queryFn: ({ signal }) => besideBefore(`${path}/replay`, at, signal),
    enabled: session.hasReplay && isAsked,
  });
  const crumbs = crumbsOf(events.data ?? [], beside.data ?? NOTHING, at);
  return (
    <Card
      title="Before the error"
      actions={
        <>
          <small className="muted">in the session of {dateTime(session.startedAt, zone)}</small>
          {session.hasReplay && !isAsked && (
            <button type="button" className="button small" onClick={() => setAsked(true)}>
              Add console and requests
            </button>
          )}
        </>
      }
      flush
    >
      {events.isError ? (
        <Failed error={events.error} retry={() => void events.refetch()} />
      ) : events.isPending || beside.isLoading ? (
        <Skeleton height={240} />
      ) : (
        <Crumbs crumbs={crumbs} session={session} at={at} />
      )}
      {beside.isError && <p className="muted crumbs-about">Console and requests could not be loaded.</p>}
      {!session.hasReplay && <p className="muted crumbs-about">Without a recording, there is no console.</p>}
    </Card>
  );
}

function Crumbs({ crumbs, session, at }: { crumbs: Crumb[]; session: IssueSession; at: number }) {
  if (!crumbs.length) return <p className="muted crumbs-about">Nothing is stored from before the error.</p>;
  const hrefOf = (time: number) =>
    link(`/sessions/${encodeURIComponent(session.id)}`, { t: Math.max(0, time - session.startedAt) });
  return (
    <div className="scroll-x">
      <table className="table cards crumbs">
        <thead>
          <tr>
            <th className="right">Time</th>
            <th>What</th>
            <th>Details</th>
          </tr>
        </thead>
        <tbody>
          {crumbs.map(({ id, at: time, icon, title, detail, isBad }) => (
            <tr key={id} data-crumb>
              <td data-label="Time" className="right number">
                <a className="link" href={hrefOf(time)} title="Show this moment in the session">
                  {time === at ? 'at the error' : `−${duration(at - time)}`}
                </a>
              </td>
              <td data-label="What">
                <span className="row">
                  <Icon name={icon} size={14} />
                  <b className={`foreign ${isBad ? 'bad' : ''}`}>{title}</b>
                </span>
              </td>
              <td data-label="Details" className="foreign">
                {detail}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
