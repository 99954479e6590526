import { useMemo } from 'react';
import { bytes, clock, duration, hostOf, pathOf, plural } from '../../format';
import { link } from '../../router';
import { useSigned } from '../../signin/session';
import { Empty } from '../../ui/states';
import { SearchedList } from '../searched-list';
import { burstsOf, LEAST_MS, type Burst } from './bursts';
import type { NetworkRow } from './read';
import './devtools.css';

const KINDS = [
  ['all', 'All'],
  ['failed', 'Failed'],
  ['calls', 'Calls'],
  ['files', 'Files'],
] as const;
type Shown = (typeof KINDS)[number][0];

const IS_SHOWN: Record<Shown, (row: NetworkRow) => boolean> = {
  all: () => true,
  failed: ({ isFailed }) => isFailed,
  calls: ({ kind }) => kind === 'call' || kind === 'socket',
  files: ({ kind }) => kind === 'file' || kind === 'page',
};

interface Props {
  requests: NetworkRow[];
  isPending: boolean;
  from: number;
  at: number;
  onSeek: (at: number) => void;
}

/** The requests of the page, each with its place in the waterfall of its burst. */
export function NetworkList({ requests, from, ...place }: Props) {
  const bursts = useMemo(() => burstsOf(requests), [requests]);
  return (
    <SearchedList
      {...place}
      rows={requests}
      name="requests"
      icon="journeys"
      kinds={KINDS}
      isOf={(row, kind) => IS_SHOWN[kind](row)}
      textOf={({ method, url, status, error, traceId }) => `${method} ${url} ${status ?? ''} ${error} ${traceId}`}
      classOf={classOfRequest}
      titleOf={({ method, url }) => `${method} ${url}`.slice(0, 80)}
      none={
        <Empty icon="journeys" title="No requests">
          Requests are recorded with the replay, unless its option <code>network</code> is <code>false</code>: see{' '}
          <a className="link" href={link('/setup')}>
            Install
          </a>
          .
        </Empty>
      }
      row={(row) => <RequestRow row={row} burst={bursts.get(row.id)} from={from} />}
      details={(row) => (row.kind === 'dropped' ? null : <RequestDetails row={row} />)}
    />
  );
}

export const classOfRequest = ({ kind, isFailed }: NetworkRow): string =>
  `request kind-${kind} ${isFailed ? 'failed' : ''}`;

export function RequestRow({ row, burst, from }: { row: NetworkRow; burst: Burst | undefined; from: number }) {
  const time = <span className="time number">{clock(row.at - from)}</span>;
  if (row.kind === 'dropped')
    return (
      <>
        {time}
        <span className="grow muted">{plural(Number(row.url), 'request')} not recorded: there were too many</span>
      </>
    );
  const path = pathOf(row.url);
  return (
    <>
      {time}
      <span className={`status number ${row.isFailed ? 'bad' : ''}`}>
        {row.status === 0 ? 'none' : (row.status ?? '–')}
      </span>
      <span className="grow">
        <b className="cut foreign" title={row.url}>
          {row.kind === 'file' || row.kind === 'page' ? '' : `${row.method} `}
          {path}
        </b>
        <span className="facts detail">
          <span className="cut foreign">{row.error || hostOf(row.url)}</span>
          <span className="number">{duration(row.end - row.at)}</span>
          {!!row.size && <span className="number">{bytes(row.size)}</span>}
        </span>
        {burst && <Bar row={row} burst={burst} />}
      </span>
    </>
  );
}

/** Where the request lies among those that were made with it. */
function Bar({ row, burst: { from, to } }: { row: NetworkRow; burst: Burst }) {
  const share = (time: number) => `${((time - from) / Math.max(LEAST_MS, to - from)) * 100}%`;
  return (
    <i className="waterfall" aria-hidden="true">
      <i style={{ left: share(row.at), width: `max(2px, ${share(from + row.end - row.at)})` }} />
    </i>
  );
}

type Fact = [name: string, value: string];

export function RequestDetails({ row }: { row: NetworkRow }) {
  const { traceLink } = useSigned();
  const facts: Fact[] = [
    ['Address', row.url],
    ['Method', row.method],
    ['Status', row.status === 0 ? 'no answer' : row.status === null ? 'not told by the browser' : String(row.status)],
    ...(row.error ? ([['Error', row.error]] as Fact[]) : []),
    ...(row.traceId ? ([['Trace id', row.traceId]] as Fact[]) : []),
    ['Duration', duration(row.end - row.at)],
    // Of other sites, browsers tell no size.
    ...(row.size ? ([['Transferred', row.transferred ? bytes(row.transferred) : 'from the cache']] as Fact[]) : []),
    ...(row.size ? ([['Size', bytes(row.size)]] as Fact[]) : []),
    ...row.more,
  ];
  return (
    <div className="data" tabIndex={0}>
      {traceLink && row.traceId && (
        <a
          className="button small"
          href={traceLink.replaceAll('{traceId}', row.traceId)}
          target="_blank"
          rel="noreferrer"
        >
          Open trace
        </a>
      )}
      {facts.map(([name, value]) => (
        <dl className="fact" key={name}>
          <dt className="foreign">{name}</dt>
          <dd className="foreign mono">{value}</dd>
        </dl>
      ))}
    </div>
  );
}
