/** Nobody signed in: the form. Somebody: the pages, with a cache of their own that ends with the session. */
import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { RefusedError } from '../api/refusal.ts';
import type { Arrival } from '../sign-in/arrive.ts';
import type { Entered } from '../sign-in/enter.ts';
import { leave } from '../sign-in/leave.ts';
import { Toasts } from '../ui/toasts.tsx';
import { makeRouter } from './router.tsx';
import { SessionContext } from './session.tsx';
import { SignIn } from './sign-in.tsx';
import { SignInEnd } from './sign-in-end.tsx';

const makeQueries = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2_000,
        // A router on this machine is there also where the browser thinks that it is offline; one that is not says so.
        networkMode: 'always',
        // What was refused will be refused again; what was not reached may be.
        retry: (failed, error) => failed < 2 && !(error instanceof RefusedError && error.status >= 400),
        refetchOnWindowFocus: true,
      },
      mutations: { networkMode: 'always' },
    },
  });

export const App = ({ arriving }: { readonly arriving: Promise<Arrival> }) => {
  const [arrival, setArrival] = useState<Arrival | null>(null);
  const [session, setSession] = useState<Entered | null>(null);
  const [notice, setNotice] = useState<string | null>(null);

  useEffect(() => {
    void arriving.then((arrived) => {
      setArrival(arrived);
      setNotice(arrived.notice ?? null);
      setSession(arrived.entered ?? null);
    });
  }, [arriving]);

  const signOut = useCallback((why: string | null = null) => {
    setSession(null);
    setNotice(why);
  }, []);
  return (
    <CSPProvider disableStyleElements>
      {session === null ? (
        <SignIn arrival={arrival} notice={notice} onSignedIn={setSession} onSignedOut={signOut} />
      ) : (
        <SignedIn session={session} onSignedOut={signOut} />
      )}
    </CSPProvider>
  );
};

const SignedIn = ({
  session,
  onSignedOut,
}: {
  readonly session: Entered;
  readonly onSignedOut: () => void;
}) => {
  const [queries] = useState(makeQueries);
  const [router] = useState(makeRouter);
  const [me, setMe] = useState(session.me);
  const { api, by } = session;
  const value = useMemo(
    () => ({
      api,
      me,
      signOut: () => {
        // First here: whoever comes back by the browser's own way finds nobody signed in.
        onSignedOut();
        void leave(by);
      },
    }),
    [api, me, by, onSignedOut],
  );
  return (
    <SessionContext value={value}>
      <QueryClientProvider client={queries}>
        <Toasts>
          <RouterProvider router={router} />
          {by !== undefined && <SignInEnd {...by} onRenewed={setMe} />}
        </Toasts>
      </QueryClientProvider>
    </SessionContext>
  );
};
