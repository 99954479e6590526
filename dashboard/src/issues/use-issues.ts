import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call, get } from '../api/client';
import type { Assignee, Issue, IssueDetail, IssuePage } from '../api/types';
import { useSearch } from '../router';
import { useFilters } from '../sessions/filters';
import { useSigned } from '../signin/session';
import { useRested } from '../ui/controls';
import { usePages } from '../ui/pages';

const PAGE = 50;

export const STATUSES = ['open', 'resolved', 'ignored', 'all'] as const;
export type Shown = (typeof STATUSES)[number];

/** Which issues the address asks for; open ones, if it does not say. */
export const shownOf = (search: URLSearchParams): Shown =>
  STATUSES.find((status) => status === search.get('status')) ?? 'open';

/** Filters of the list besides status and range, as the page's URL and the API name them. */
export const FILTERS = ['text', 'release', 'page', 'assignee'] as const;

export function useIssuesPath(): string {
  const { organizationId } = useSigned();
  return `/issues/${encodeURIComponent(organizationId)}`;
}

/** A relative range has no end, so that it includes what comes now. */
function useRange(): { from: number; to: number | undefined } {
  const { times } = useFilters();
  return { from: times.from, to: times.range ? undefined : times.to };
}

/** What the address asks for. */
export function useIssuesSource() {
  const path = useIssuesPath();
  const [search] = useSearch();
  const shown = shownOf(search);
  const params = {
    ...useRange(),
    status: shown === 'all' ? undefined : shown,
    sort: search.get('sort') ?? undefined,
    text: useRested(search.get('text') ?? undefined),
    release: useRested(search.get('release') ?? undefined),
    page: useRested(search.get('page') ?? undefined),
    assignee: search.get('assignee') ?? undefined,
  };
  return { path, params };
}

/** The issues that the address asks for, page by page. */
export function useIssues() {
  const { path, params: asked } = useIssuesSource();
  const query = usePages<IssuePage>(['issues', path, asked], path, { ...asked, limit: PAGE });
  return { ...query, issues: query.data?.pages.flatMap(({ issues }) => issues) ?? [] };
}

/** One issue in the range of the address. */
export function useIssue(id: string) {
  const path = useIssuesPath();
  const range = useRange();
  return useQuery({
    queryKey: ['issues', path, id, range],
    queryFn: ({ signal }) => get<IssueDetail>(`${path}/${encodeURIComponent(id)}`, range, signal),
    placeholderData: (before) => before,
  });
}

/** Who can be assigned an issue. */
export function useAssignees(): Assignee[] {
  const path = `${useIssuesPath()}/assignees`;
  const { data } = useQuery({
    queryKey: ['assignees', path],
    queryFn: ({ signal }) => get<{ assignees: Assignee[] }>(path, {}, signal),
    staleTime: 60_000,
  });
  return data?.assignees ?? [];
}

export interface Decision {
  status?: Issue['status'];
  /** With `resolved`: errors in releases of until now do not open it again. */
  inNextRelease?: boolean;
  /** Empty: nobody. */
  assigneeId?: string;
}

/** Decides about an issue, after which all issues are asked for again. */
export function useDecide(id: string) {
  const client = useQueryClient();
  const path = `${useIssuesPath()}/${encodeURIComponent(id)}`;
  return useMutation({
    mutationFn: (json: Decision) => call<Issue>(path, { method: 'PUT', json }),
    onSettled: () => client.invalidateQueries({ queryKey: ['issues'] }),
  });
}
