import { useQuery } from '@tanstack/react-query';
import { get } from '../api/client';
import type { Key } from '../api/types';
import { useSigned } from '../signin/session';

/** Names of keys by id, for “who did this”. An unknown id, such as of the command line, stays as it is. Only admins may ask. */
export function useKeyNames(mayAsk = true): (id: string) => string {
  const { organizationId } = useSigned();
  const { data } = useQuery({
    queryKey: ['keys', organizationId],
    queryFn: ({ signal }) => get<{ keys: Key[] }>(`/admin/${organizationId}/keys`, {}, signal),
    enabled: mayAsk,
  });
  return (id) => {
    const key = data?.keys.find((each) => each.id === id);
    return key ? `${key.name || 'unnamed'} (${key.prefix}…)` : id;
  };
}
