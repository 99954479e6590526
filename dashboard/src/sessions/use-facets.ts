import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { get } from '../api/client';
import type { Facets } from '../api/types';
import { useSigned } from '../signin/session';
import { useFilters } from './filters';

/** The number of matching sessions, in total and by value. `without` ignores one filter, to show its alternatives. */
export function useFacets(without?: string): UseQueryResult<Facets> {
  const { organizationId } = useSigned();
  const { query } = useFilters();
  const asked = without ? { ...query, [without]: undefined } : query;
  return useQuery({
    queryKey: ['facets', organizationId, asked],
    queryFn: ({ signal }) => get<Facets>(`/sessions/${organizationId}/facets`, asked, signal),
  });
}
