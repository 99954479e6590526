import { useQuery } from '@tanstack/react-query';
import { ApiError, get } from '../api/client';
import type { Stack } from '../api/types';
import { clock } from '../format';
import { Frames } from '../issues/frames';
import { link, usePlace } from '../router';
import { useSigned } from '../signin/session';
import { Icon } from '../ui/icons';
import { Empty } from '../ui/states';
import { dataOf, type Moment } from './events';
import { SearchedList } from './searched-list';

const KINDS = [
  ['all', 'All'],
  ['uncaught', 'Uncaught'],
  ['caught', 'Caught'],
] as const;

interface Props {
  /** Of the kind `error`. */
  errors: Moment[];
  from: number;
  at: number;
  isPending: boolean;
  error: unknown;
  retry: () => void;
  onSeek: (at: number) => void;
}

const isCaught = (moment: Moment): boolean => dataOf(moment).handled === true;

/** Errors that nobody caught, and those that the page captured with `captureException`. */
export function ErrorList({ errors, from, ...place }: Props) {
  return (
    <SearchedList
      {...place}
      rows={errors}
      name="errors"
      icon="error"
      kinds={KINDS}
      isOf={(moment, kind) => kind === 'all' || isCaught(moment) === (kind === 'caught')}
      textOf={(moment) => `${moment.title} ${moment.detail} ${String(dataOf(moment).stack ?? '')}`}
      classOf={() => 'kind-error'}
      titleOf={({ title, detail }) => `${title} ${detail}`.slice(0, 80)}
      none={
        <Empty icon="check" title="No errors">
          Errors that nobody caught are captured by themselves. For others, call <code>captureException</code>: see{' '}
          <a className="link" href={link('/setup')}>
            Install
          </a>
          .
        </Empty>
      }
      row={(moment) => (
        <>
          <span className="time number">{clock(moment.at - from)}</span>
          <i className="dot">
            <Icon name="error" size={14} />
          </i>
          <span className="grow">
            <b className="cut foreign">
              {moment.title} {isCaught(moment) && <span className="badge">caught</span>}
            </b>
            <span className="cut detail foreign" title={moment.detail}>
              {moment.detail}
            </span>
          </span>
        </>
      )}
      details={(moment) => <ErrorDetails moment={moment} />}
    />
  );
}

/** The server is busy, or the error is of an open session and not stored yet. */
const PENDING = 503;

const isPending = (problem: unknown): boolean => problem instanceof ApiError && problem.status === PENDING;

/** The stack with its sources, if a source map says anything of it. */
function useStack(moment: Moment): { traced: Stack | null; isPending: boolean } {
  const { event } = moment;
  const { organizationId } = useSigned();
  const [, session = ''] = usePlace().parts;
  const parts = [organizationId, session, event.id].map(encodeURIComponent);
  const path = `/sessions/${parts[0]}/${parts[1]}/events/${parts[2]}/stack`;
  const { data, error, failureReason } = useQuery({
    queryKey: ['stack', path],
    queryFn: ({ signal }) => get<Stack>(path, { at: event.timestamp }, signal),
    // An error that came over the live stream has no issue: it is not stored yet.
    enabled: Boolean(event.issueId && dataOf(moment).stack),
    retry: (failures, problem) => failures < 5 && isPending(problem),
    retryDelay: 5_000,
    staleTime: Infinity,
  });
  return {
    traced: data?.frames.some(({ original }) => original) ? data : null,
    // After the last retry there is nothing to wait for.
    isPending: !error && isPending(failureReason),
  };
}

function ErrorDetails({ moment }: { moment: Moment }) {
  const { message, stack, context } = dataOf(moment);
  const { issueId } = moment.event;
  const { traced, isPending } = useStack(moment);
  return (
    <>
      {/* Before the error is stored, its issue may not be there. */}
      {issueId && !isPending && (
        <p>
          <a className="link" href={link(`/errors/${encodeURIComponent(issueId)}`)}>
            All occurrences of this error
          </a>
        </p>
      )}
      {isPending && !traced && (
        <p className="muted" role="status">
          The source code for this error is not available yet. The page will try again.
        </p>
      )}
      {traced && <Frames frames={traced.frames} />}
      <pre className="data" tabIndex={0}>
        {[String(message ?? ''), String(stack || 'No stack trace')].join('\n\n')}
        {context ? `\n\n${JSON.stringify(context, null, 1)}` : ''}
        {moment.event.url && `\n\n${moment.event.url}`}
      </pre>
    </>
  );
}
