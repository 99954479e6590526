import type { Issue } from '../api/types';
import { exactCount } from '../format';

/** What an issue is called. */
export const titleOf = ({ type, message }: Pick<Issue, 'type' | 'message'>): string =>
  type || (message ? 'Error' : 'Unknown error');

/** Badges of what is to be done about an issue. */
export function StatusBadges({ issue }: { issue: Issue }) {
  return (
    <>
      {issue.isRegressed && (
        <span className="badge red" title="It was resolved and has occurred again">
          Regressed
        </span>
      )}
      {issue.status === 'resolved' && (
        <span className="badge green">{issue.inNextRelease ? 'Resolved in next release' : 'Resolved'}</span>
      )}
      {issue.status === 'ignored' && <span className="badge">Ignored</span>}
    </>
  );
}

/** Occurrences over the chosen time range, as bars. */
export function Trend({ values, height = 28 }: { values: number[]; height?: number }) {
  const most = Math.max(1, ...values);
  const total = values.reduce((sum, value) => sum + value, 0);
  const step = 100 / Math.max(1, values.length);
  return (
    <svg
      className="trend"
      viewBox={`0 0 100 ${height}`}
      preserveAspectRatio="none"
      height={height}
      role="img"
      aria-label={`${exactCount(total)} in this time range, at most ${exactCount(Math.max(0, ...values))} in one part of it`}
    >
      {values.map((value, index) => {
        const bar = value ? Math.max(2, (value / most) * height) : 1;
        return (
          <rect
            key={index}
            className={value ? 'some' : 'none'}
            x={index * step + step * 0.12}
            width={step * 0.76}
            y={height - bar}
            height={bar}
          />
        );
      })}
    </svg>
  );
}
