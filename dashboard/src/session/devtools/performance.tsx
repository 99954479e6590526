import { useMemo } from 'react';
import { look, NAMES, show } from '../../analytics/ratings';
import { bytes, clock, duration, pathOf, plural } from '../../format';
import { Icon } from '../../ui/icons';
import { Empty } from '../../ui/states';
import type { Moment } from '../events';
import { SearchedList } from '../searched-list';
import { classOfRequest, RequestDetails, RequestRow } from './network-list';
import type { Beside, MemoryUse } from './read';
import { longestOf, slowRows, worstOf, type SlowRow } from './slow';
import './devtools.css';

const KINDS = [
  ['all', 'All'],
  ['task', 'Tasks'],
  ['vitals', 'Vitals'],
  ['loading', 'Loading'],
] as const;

interface Place {
  from: number;
  to: number;
  at: number;
  onSeek: (at: number) => void;
}

interface Props extends Place {
  beside: Beside & { isPending: boolean };
  moments: Moment[];
}

/** What made the page slow: long tasks, web vitals, memory, and what it loaded. */
export function Performance({ beside, moments, from, to, ...place }: Props) {
  const { longTasks, requests, memory, isPending } = beside;
  const rows = useMemo(() => slowRows({ longTasks, requests }, moments), [longTasks, requests, moments]);
  return (
    <>
      <Overview rows={rows} memory={memory} from={from} to={to} {...place} />
      <SearchedList
        {...place}
        rows={rows}
        isPending={isPending}
        name="measurements"
        icon="gauge"
        kinds={KINDS}
        isOf={(row, kind) => kind === 'all' || row.kind === kind}
        textOf={textOf}
        classOf={(row) => (row.kind === 'loading' ? classOfRequest(row.request) : 'kind-other')}
        titleOf={(row) => textOf(row).slice(0, 80)}
        none={
          <Empty icon="gauge" title="No measurements">
            They come with the recording.
          </Empty>
        }
        row={(row) =>
          row.kind === 'loading' ? (
            <RequestRow row={row.request} burst={undefined} from={from} />
          ) : (
            <MeasuredRow row={row} from={from} />
          )
        }
        details={(row) =>
          row.kind === 'vitals' ? (
            <Facts values={row.values} />
          ) : row.kind === 'loading' ? (
            <RequestDetails row={row.request} />
          ) : null
        }
      />
    </>
  );
}

function textOf(row: SlowRow): string {
  if (row.kind === 'task') return 'Long task';
  if (row.kind === 'loading') return row.request.url;
  return `Web vitals ${row.url} ${row.values.map(([name]) => name).join(' ')}`;
}

function MeasuredRow({ row, from }: { row: Exclude<SlowRow, { kind: 'loading' }>; from: number }) {
  return (
    <>
      <span className="time number">{clock(row.at - from)}</span>
      <i className="dot">
        <Icon name={row.kind === 'task' ? 'clock' : 'gauge'} size={14} />
      </i>
      <span className="grow">
        <b className="cut foreign">{row.kind === 'task' ? 'Long task' : pathOf(row.url) || 'Web vitals'}</b>
        {row.kind === 'task' ? (
          <span className="detail">blocked for {duration(row.duration)}</span>
        ) : (
          <Vitals values={row.values} />
        )}
      </span>
    </>
  );
}

/** Those that have limits, in their colours. */
function Vitals({ values }: { values: [string, number][] }) {
  return (
    <span className="vital-tiles">
      {values.map(
        ([name, value]) =>
          look(name, value) && (
            <span key={name} className={`badge ${look(name, value)}`} title={NAMES[name]?.[0]}>
              {name} {show(name, value)}
            </span>
          ),
      )}
    </span>
  );
}

function Facts({ values }: { values: [string, number][] }) {
  return (
    <div className="data" tabIndex={0}>
      {values.map(([name, value]) => (
        <dl className="fact" key={name}>
          <dt>{NAMES[name]?.[0]}</dt>
          <dd>{show(name, value)}</dd>
        </dl>
      ))}
    </div>
  );
}

/** The worst of everything, which leads to its moment. */
function Overview({ rows, memory, ...place }: Place & { rows: SlowRow[]; memory: MemoryUse[] }) {
  const worst = worstOf(rows);
  const longest = longestOf(rows);
  if (!worst.length && !longest.length && !memory.length) return null;
  return (
    <div className="performance">
      {worst.length > 0 && <Vitals values={worst} />}
      {longest.length > 0 && (
        <p>
          Longest of {plural(rows.filter(({ kind }) => kind === 'task').length, 'long task')}:
          {longest.map(({ id, at, duration: length }) => (
            <button key={id} type="button" className="task link" onClick={() => place.onSeek(at)}>
              {duration(length)} at {clock(at - place.from)}
            </button>
          ))}
        </p>
      )}
      {memory.length > 0 && <Memory memory={memory} {...place} />}
    </div>
  );
}

const HEIGHT = 40;

/** The memory of the page's programs over the session, a line for each window. A click goes to a moment. */
function Memory({ memory, from, to, at, onSeek }: Place & { memory: MemoryUse[] }) {
  const most = memory.reduce((known, one) => (one.bytes > known.bytes ? one : known));
  const x = (time: number) => ((time - from) / (to - from)) * 100;
  const pointOf = (one: MemoryUse) => `${x(one.at)},${HEIGHT - (one.bytes / most.bytes) * (HEIGHT - 2)}`;
  const lines = [...new Set(memory.map(({ window }) => window))].map((name) => {
    const points = memory.filter(({ window }) => window === name).map(pointOf);
    // One point alone is a dot.
    return [name, [...points, points.at(-1)].join(' ')] as const;
  });
  return (
    <>
      <p>
        Memory, at most{' '}
        <button type="button" className="task link" onClick={() => onSeek(most.at)}>
          {bytes(most.bytes)} at {clock(most.at - from)}
        </button>
      </p>
      <svg
        viewBox={`0 0 100 ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label="Memory over time"
        onClick={({ currentTarget, clientX }) => {
          const { left, width } = currentTarget.getBoundingClientRect();
          onSeek(from + ((clientX - left) / width) * (to - from));
        }}
      >
        <line x1={x(at)} x2={x(at)} y2={HEIGHT} />
        {lines.map(([name, points]) => (
          <polyline key={name} points={points} />
        ))}
      </svg>
    </>
  );
}
