/** Nobody signed in: the form. Somebody: the pages, with a cache of their own that ends with the session. */
import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { RefusedError } from '../api/refusal.ts';
import { Toasts } from '../ui/toasts.tsx';
import { makeRouter } from './router.tsx';
import { type Session, SessionContext } from './session.tsx';
import { SignIn } from './sign-in.tsx';

const makeQueries = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2_000,
        // What was refused will be refused again; what was not reached may be.
        retry: (failed, error) => failed < 2 && !(error instanceof RefusedError && error.status >= 400),
        refetchOnWindowFocus: true,
      },
    },
  });

export const App = () => {
  const [session, setSession] = useState<Omit<Session, 'signOut'> | null>(null);
  const [notice, setNotice] = useState<string | null>(null);
  const signOut = useCallback((why: string | null = null) => {
    setSession(null);
    setNotice(why);
  }, []);
  return (
    <CSPProvider disableStyleElements>
      {session === null ? (
        <SignIn notice={notice} onSignedIn={setSession} onSignedOut={signOut} />
      ) : (
        <SignedIn session={session} signOut={signOut} />
      )}
    </CSPProvider>
  );
};

const SignedIn = ({
  session,
  signOut,
}: {
  readonly session: Omit<Session, 'signOut'>;
  readonly signOut: () => void;
}) => {
  const [queries] = useState(makeQueries);
  const [router] = useState(makeRouter);
  const value = useMemo(() => ({ ...session, signOut: () => signOut() }), [session, signOut]);
  return (
    <SessionContext value={value}>
      <QueryClientProvider client={queries}>
        <Toasts>
          <RouterProvider router={router} />
        </Toasts>
      </QueryClientProvider>
    </SessionContext>
  );
};
