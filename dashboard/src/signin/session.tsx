/** The sign-in: a cookie that this page cannot read, and the server's answer about it. */
import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { Rights } from '../admin/pages';
import { ApiError, call, get, setCsrfToken, whenSignedOut } from '../api/client';
import type { SignedIn } from '../api/types';
import { Failed, Skeleton } from '../ui/states';
import { navigate, link, usePlace } from '../router';
import { AcceptPage } from './accept';
import { SignInPage } from './page';

type Signed = SignedIn &
  Rights & {
    isOwner: boolean;
    signOut: () => Promise<void>;
  };

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
  /** Whether the server ended the sign-in while it was in use. */
  const [wasEnded, setEnded] = useState(false);
  const ended = useCallback(() => {
    if (client.getQueryData(KEY)) setEnded(true);
    forget(client);
  }, [client]);
  useEffect(() => whenSignedOut(ended), [ended]);
  const signOut = useCallback(async () => {
    await call('/auth/session', { method: 'DELETE' });
    forget(client);
    setEnded(false);
  }, [client]);

  const {
    parts: [page, token],
  } = usePlace();
  const onSignedIn = (signed: SignedIn) => {
    setCsrfToken(signed.csrfToken);
    client.setQueryData(KEY, signed);
    setEnded(false);
  };

  // The same until somebody else signs in: who reads it must not be drawn at a new place before the pages are.
  const signed = useMemo(() => query.data && signedWith(query.data, signOut), [query.data, signOut]);

  if (page === 'accept' && token) {
    return (
      <AcceptPage
        token={token}
        onSignedIn={(signed) => {
          // Whoever was signed in here before is not any more.
          forget(client);
          onSignedIn(signed);
          navigate(link('/'), { replace: true });
        }}
      />
    );
  }
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (signed === undefined) return <Skeleton height={3} />;
  if (signed === null) return <SignInPage wasEnded={wasEnded} onSignedIn={onSignedIn} />;
  return <Context.Provider value={signed}>{children}</Context.Provider>;
}

/** Nobody is signed in here any more: no data of the organization stays in memory. */
function forget(client: QueryClient): void {
  setCsrfToken('');
  client.setQueryData(KEY, null);
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] });
}

function signedWith(answer: SignedIn, signOut: () => Promise<void>): Signed {
  const has = (scope: string) => answer.scopes.includes(scope);
  return {
    ...answer,
    isAdmin: has('admin'),
    isOwner: has('owner'),
    mayWatch: has('read') || has('admin') || has('owner'),
    signOut,
  };
}
