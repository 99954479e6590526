import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useKeyNames } from '../admin/use-key-names';
import { get } from '../api/client';
import { useSigned } from '../signin/session';
import type { User } from '../api/types';

/** Gives the function that names a user or a key by its id. */
export function useActors(): (id: string | null | undefined) => string | null {
  const { organizationId } = useSigned();
  const nameOfKey = useKeyNames();
  const { data } = useQuery({
    queryKey: ['accounts', organizationId, 'users'],
    queryFn: ({ signal }) => get<{ users: User[] }>(`/admin/${organizationId}/users`, {}, signal),
  });
  return useCallback(
    (id) => (id ? (data?.users.find((user) => user.id === id)?.name ?? nameOfKey(id) ?? id) : null),
    [data, nameOfKey],
  );
}
