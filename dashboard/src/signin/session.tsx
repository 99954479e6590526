/** The sign-in: a cookie that this page cannot read, and the server's answer about it. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, type ReactNode } from 'react';
import { ApiError, call, get, setCsrfToken, whenSignedOut } from '../api/client';
import type { SignedIn } from '../api/types';
import { Failed, Skeleton } from '../ui/states';
import { SignInPage } from './page';

interface Signed extends SignedIn {
  isAdmin: boolean;
  signOut: () => Promise<void>;
}

const Context = createContext<Signed | null>(null);
const KEY = ['auth'];

/** The organization, scopes and sign-out; only inside {@link SignedInOnly}. */
export function useSigned(): Signed {
  const signed = useContext(Context);
  if (!signed) throw new Error('useSigned is for what is inside SignedInOnly');
  return signed;
}

async function whoAmI(): Promise<SignedIn | null> {
  try {
    const answer = await get<SignedIn>('/auth/session');
    setCsrfToken(answer.csrfToken);
    return answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

/** Shows the sign-in page until someone is signed in. */
export function SignedInOnly({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const query = useQuery({ queryKey: KEY, queryFn: whoAmI, staleTime: Infinity });
  useEffect(() => whenSignedOut(() => client.setQueryData(KEY, null)), [client]);

  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Skeleton height={3} />;
  if (query.data === null) {
    return <SignInPage onSignedIn={(signed) => (setCsrfToken(signed.csrfToken), client.setQueryData(KEY, signed))} />;
  }
  const signOut = async () => {
    await call('/auth/session', { method: 'DELETE' });
    setCsrfToken('');
    client.setQueryData(KEY, null);
    // Clears all data of the organization from memory.
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] });
  };
  const signed = { ...query.data, isAdmin: query.data.scopes.includes('admin'), signOut };
  return <Context.Provider value={signed}>{children}</Context.Provider>;
}
