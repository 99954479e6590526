import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { call, get } from '../api/client';
import type { Cohort, CohortDefinition } from '../api/types';
import { useSigned } from '../signin/session';

/** What is to be saved. */
export interface NewCohort {
  name: string;
  definition: CohortDefinition;
  isShared: boolean;
}

/** One's own cohorts, and then those that others share. Each by name. */
export function useCohorts(isWanted = true): UseQueryResult<{ cohorts: Cohort[] }> {
  const { organizationId, mayWatch } = useSigned();
  return useQuery({
    queryKey: ['cohorts', organizationId],
    queryFn: ({ signal }) => get(`/cohorts/${organizationId}`, {}, signal),
    enabled: isWanted && mayWatch,
  });
}

export function useSaveCohort(done: (saved: Cohort) => void) {
  return useChange((path, cohort: NewCohort) => call<Cohort>(path, { method: 'POST', json: cohort }), done);
}

export function useForgetCohort({ id }: Cohort, done: () => void) {
  return useChange((path, _none: undefined) => call<void>(`${path}/${id}`, { method: 'DELETE' }), done);
}

function useChange<A, T>(change: (path: string, given: A) => Promise<T>, done: (changed: T) => void) {
  const { organizationId } = useSigned();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: A) => change(`/cohorts/${organizationId}`, given),
    onSuccess(changed) {
      void client.invalidateQueries({ queryKey: ['cohorts'] });
      done(changed);
    },
  });
}
