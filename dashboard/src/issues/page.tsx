import { useRef } from 'react';
import { ListCsv } from '../analytics/list-csv';
import type { Issue } from '../api/types';
import { serverNow } from '../api/client';
import { ago, count, fullTime } from '../format';
import { link, navigate, useSearch } from '../router';
import { RangePicker } from '../sessions/range-picker';
import { useListKeys } from '../sessions/use-list-keys';
import { useTimeZone } from '../settings';
import { Button, Card, Segments } from '../ui/controls';
import { More } from '../ui/pages';
import { Empty, Failed, Skeleton } from '../ui/states';
import { StatusBadges, titleOf, Trend } from './parts';
import { FILTERS, shownOf, useAssignees, useIssues, useIssuesSource } from './use-issues';
import '../admin/admin.css';
import './issues.css';

const SHOWN = [
  ['open', 'Open'],
  ['resolved', 'Resolved'],
  ['ignored', 'Ignored'],
  ['all', 'All'],
] as const;

const SORTS = [
  ['', 'Last seen first'],
  ['count', 'Most occurrences first'],
  ['people', 'Most people first'],
] as const;

/** Errors of the pages, grouped. */
export default function ErrorsPage() {
  const [search, change] = useSearch();
  return (
    <div className="page">
      <div className="page-head">
        <h1>Errors</h1>
        <Segments
          label="Status"
          value={shownOf(search)}
          options={SHOWN}
          onChange={(status) => change({ status: status === 'open' ? null : status })}
        />
        <RangePicker />
        <ListCsv list="issues" {...useIssuesSource()} />
        <p>The same error in different browsers, sessions and builds is one entry.</p>
      </div>
      <div className="stack">
        <Filters />
        <List />
      </div>
    </div>
  );
}

function Filters() {
  const [search, change] = useSearch();
  const assignees = useAssignees();
  const field = (name: (typeof FILTERS)[number] | 'sort') => ({
    className: 'field',
    value: search.get(name) ?? '',
    onChange: ({ target }: { target: { value: string } }) => change({ [name]: target.value }, { replace: true }),
  });
  return (
    <div className="row issue-filters">
      <input
        {...field('text')}
        className="field grow"
        id="search"
        type="search"
        aria-label="Type, message or place"
        placeholder="Type, message or place"
        maxLength={200}
      />
      <input {...field('page')} type="search" aria-label="Page" placeholder="Page" maxLength={200} />
      <input {...field('release')} type="search" aria-label="Release" placeholder="Release" maxLength={64} />
      <select {...field('assignee')} aria-label="Assigned to">
        <option value="">Assigned to anybody</option>
        {assignees.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <select {...field('sort')} aria-label="Order">
        {SORTS.map(([name, label]) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}

function useIssueLink(): (issue: Issue) => string {
  const [search] = useSearch();
  const range = { from: search.get('from'), to: search.get('to'), range: search.get('range') };
  return ({ id }) => link(`/errors/${encodeURIComponent(id)}`, range);
}

function List() {
  const query = useIssues();
  const { issues } = query;
  const hrefOf = useIssueLink();
  const body = useRef<HTMLTableSectionElement>(null);
  const selected = useListKeys(
    issues.length,
    (index) => body.current?.children[index]?.scrollIntoView({ block: 'nearest' }),
    (index) => issues[index] && navigate(hrefOf(issues[index])),
  );
  if (query.isError && !query.data) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return (
    <Card flush>
      {query.isPending ? (
        <Skeleton height={320} />
      ) : !issues.length ? (
        <Nothing />
      ) : (
        <div className="scroll-x">
          <table className="table cards issues">
            <thead>
              <tr>
                <th>Error</th>
                <th>Trend</th>
                <th className="right">Occurrences</th>
                <th className="right">People</th>
                <th className="right">Last seen</th>
                <th>Assigned to</th>
              </tr>
            </thead>
            <tbody ref={body}>
              {issues.map((issue, index) => (
                <Row key={issue.id} issue={issue} href={hrefOf(issue)} isSelected={index === selected} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <More query={query} />
    </Card>
  );
}

function Row({ issue, href, isSelected }: { issue: Issue; href: string; isSelected: boolean }) {
  const zone = useTimeZone();
  return (
    <tr data-issue={issue.id} className={isSelected ? 'selected' : ''}>
      <td className="what">
        <a className="link foreign" href={href}>
          {titleOf(issue)}
        </a>{' '}
        <StatusBadges issue={issue} />
        <span className="foreign cut">{issue.message}</span>
        <small className="muted foreign cut">{[issue.culprit, issue.release].filter(Boolean).join(' · ')}</small>
      </td>
      <td data-label="Trend">
        <Trend values={issue.trend} />
      </td>
      <td data-label="Occurrences" className="right number">
        {count(issue.count)}
      </td>
      <td data-label="People" className="right number">
        {issue.arePeopleEstimated && <span title="Estimated from one person in eight">≈ </span>}
        {count(issue.people)}
      </td>
      <td data-label="Last seen" className="right">
        <time title={fullTime(issue.lastSeen, zone)}>{ago(issue.lastSeen, serverNow(), zone)}</time>
      </td>
      <td data-label="Assigned to">{issue.assigneeName ?? (issue.assigneeId ? 'Unknown user' : '–')}</td>
    </tr>
  );
}

function Nothing() {
  const [search, change] = useSearch();
  const isFiltered = FILTERS.some((name) => search.get(name));
  const shown = shownOf(search);
  if (!isFiltered)
    return (
      <Empty icon="check" title={shown === 'all' ? 'No errors' : `No ${shown} errors`}>
        Errors that nobody caught are captured by themselves, and appear within seconds. None matches this time range
        and status.
      </Empty>
    );
  const none = Object.fromEntries(FILTERS.map((name) => [name, null]));
  return (
    <Empty
      icon="error"
      title="No matching errors"
      actions={<Button onClick={() => change(none)}>Clear filters</Button>}
    >
      Choose a longer time range, another status, or fewer filters.
    </Empty>
  );
}
