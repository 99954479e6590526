import { useQuery } from '@tanstack/react-query';
import { get, serverNow } from '../api/client';
import type { Interaction, InteractionCounts, InteractionPage, Session } from '../api/types';
import { useFilters } from '../sessions/filters';
import { useRested } from '../ui/controls';
import { usePages } from '../ui/pages';
import { useByMeaning } from '../ui/search-mode';
import { useSearch } from '../router';
import { useSigned } from '../signin/session';

const PAGE = 50;
/** Sessions that share the id of an SDK; each has its own. */
const MOST_VISITS = 200;
/** The rules need a moment after the end of a session. */
const PATIENCE_MS = 60_000;
const AGAIN_MS = 3_000;

/** Filters of the feed, as the page's URL and the API name them. */
export const FILTERS = ['q', 'intent', 'tag', 'product', 'confidence'] as const;
export type Filter = (typeof FILTERS)[number];

export const pathOf = (organizationId: string) =>
  `/api/v1/interactions/organization/${encodeURIComponent(organizationId)}`;

/**
 * The matching interactions, newest first, page by page; and how many there are. By meaning, the most similar first, and
 * only these; `note` says if the server searched by words instead.
 */
export function useInteractions() {
  const { organizationId } = useSigned();
  const [search] = useSearch();
  const { times } = useFilters();
  const chosen = Object.fromEntries(FILTERS.map((name) => [name, search.get(name) ?? undefined]));
  // A relative range has no end, so that it includes what comes now.
  const asked = {
    ...chosen,
    q: useRested(chosen.q),
    product: useRested(chosen.product),
    from: times.from,
    to: times.range ? undefined : times.to,
  };
  const path = pathOf(organizationId);
  const isRanked = useByMeaning() && Boolean(asked.q);
  const params = { ...asked, search: isRanked ? 'meaning' : undefined };
  const list = usePages<InteractionPage>(['interactions', path, params], path, { ...params, limit: PAGE });
  const counts = useQuery({
    queryKey: ['interactions', path, 'summary', asked],
    queryFn: ({ signal }) => get<InteractionCounts>(`${path}/summary`, asked, signal),
    enabled: !isRanked,
  });
  const rows = list.data?.pages.flatMap(({ interactions }) => interactions) ?? [];
  const note = list.data?.pages[0]?.note;
  return { ...list, rows, note, isRanked, total: counts.data?.total, source: { path, params } };
}

/** What happened in a session; null while nobody has written it. */
export function useInteraction(session: Session): Interaction | null {
  const { id, sessionId, endedAt, revision, organizationId } = session;
  const path = pathOf(organizationId);
  const query = useQuery({
    queryKey: ['interaction', path, id, revision],
    queryFn: ({ signal }) => get<InteractionPage>(path, { sessionId, limit: MOST_VISITS }, signal),
    enabled: endedAt !== null,
    select: ({ interactions }) => interactions.find((one) => one.id === id) ?? null,
    refetchInterval: ({ state }) => {
      const isThere = state.data?.interactions.some((one) => one.id === id);
      return !isThere && endedAt && serverNow() - endedAt < PATIENCE_MS ? AGAIN_MS : false;
    },
  });
  return query.data ?? null;
}
