import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { flushSync } from 'react-dom';
import { call } from '../api/client';
import type { Erasure, ErasureMode, ErasurePreview, Subject } from '../api/types';
import { useSigned } from '../signin/session';

export const erasuresKey = (organizationId: string) => ['erasures', organizationId];
export const erasuresPath = (organizationId: string) => `/admin/${organizationId}/erasures`;

/** What would be erased or anonymized, counted now. */
export function usePreview(subject: Subject, mode: ErasureMode) {
  const { organizationId } = useSigned();
  return useQuery({
    queryKey: ['erasure preview', organizationId, subject, mode],
    queryFn: ({ signal }) =>
      call<ErasurePreview>(`${erasuresPath(organizationId)}/preview`, {
        method: 'POST',
        json: { ...subject, mode },
        signal,
      }),
    staleTime: 0,
    gcTime: 0,
  });
}

export function useErase(subject: Subject, mode: ErasureMode, onDone: (erasure: Erasure) => void) {
  const { organizationId } = useSigned();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call<Erasure>(erasuresPath(organizationId), { method: 'POST', json: { ...subject, mode } }),
    onSuccess: (erasure) => {
      // What was erased must not be shown from memory. The sign-in stays.
      client.removeQueries({ type: 'inactive' });
      // A page of what was erased is left first, so that it does not ask again.
      flushSync(() => onDone(erasure));
      client.removeQueries({ type: 'inactive' });
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'auth' });
    },
  });
}
