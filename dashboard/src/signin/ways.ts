import { useQuery } from '@tanstack/react-query';
import { get } from '../api/client';
import type { Ways } from '../api/types';

/** The ways to sign in that this server has; undefined until it has told. */
export function useWays(): Ways | undefined {
  const { data } = useQuery({
    queryKey: ['auth', 'ways'],
    queryFn: ({ signal }) => get<Ways>('/auth/ways', {}, signal),
    staleTime: Infinity,
  });
  return data;
}
