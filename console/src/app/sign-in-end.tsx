/** A sign-in that ends: said in time, and begun anew in a window beside, so that the page and what is written in it stay. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { body } from '../api/client.ts';
import type { Me } from '../api/shapes.ts';
import { clock } from '../lib/format.ts';
import type { ByIssuer } from '../sign-in/enter.ts';
import { explain } from '../sign-in/faults.ts';
import { signInAgain } from '../sign-in/window.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useSession } from './session.tsx';

interface Props extends ByIssuer {
  readonly onRenewed: (me: Me) => void;
}

export const SignInEnd = ({ issuer, tokens, onRenewed }: Props) => {
  const { api, signOut } = useSession();
  const queries = useQueryClient();
  const state = useSyncExternalStore(tokens.subscribe, tokens.state);
  const onward = useRef<HTMLButtonElement>(null);
  const latest = useRef<AbortController>(null);
  const [isWaiting, setWaiting] = useState(false);
  const [error, setError] = useState<string | null>(null);

  useEffect(() => {
    let { renewals } = tokens;
    return tokens.subscribe(() => {
      if (tokens.renewals === renewals) return;
      renewals = tokens.renewals;
      // Somebody's role may have changed meanwhile.
      body(api.GET('/admin/me')).then(onRenewed, () => undefined);
      void queries.invalidateQueries();
    });
  }, [api, tokens, queries, onRenewed]);

  const again = async (): Promise<void> => {
    latest.current?.abort();
    const attempt = new AbortController();
    latest.current = attempt;
    setWaiting(true);
    setError(null);
    try {
      await signInAgain(issuer, tokens, attempt.signal);
    } catch (cause) {
      if (!attempt.signal.aborted) setError(explain(cause, issuer.settings));
    } finally {
      if (!attempt.signal.aborted) setWaiting(false);
    }
  };

  // Nothing tells that the window was closed: it can be opened once more at any time.
  const told =
    error === null ? (
      isWaiting && (
        <p className="muted" role="status">
          Go on in the window that has opened. If it is gone, press the button again.
        </p>
      )
    ) : (
      <div className="notice notice-bad" role="alert">
        {error}
      </div>
    );
  if (state.kind === 'good') return null;
  if (state.kind === 'ending')
    return (
      <aside className="ending" aria-label="Your sign-in">
        {told}
        <div className="row-between">
          <span role="status">Your sign-in ends at {clock(state.at, Date.now())}.</span>
          <Button small kind="primary" onClick={() => void again()}>
            Stay signed in
          </Button>
        </div>
      </aside>
    );
  return (
    <Dialog
      open
      onClose={() => undefined}
      closable={false}
      focus={onward}
      title="Your sign-in has ended"
      note="This page and what you wrote in it stay as they are. A window opens for you to sign in once more."
    >
      {told}
      <div className="dialog-foot">
        <Button onClick={signOut}>Sign out</Button>
        <Button kind="primary" ref={onward} onClick={() => void again()}>
          Sign in again
        </Button>
      </div>
    </Dialog>
  );
};
