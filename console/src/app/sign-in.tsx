/** The way in: by the stage's issuer where it has one, and by a key that the form hands to the client and forgets. */
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import type { SignInSettings } from '../api/settings.ts';
import { type Arrival, goToIssuer, isCallback } from '../sign-in/arrive.ts';
import { type Entered, enterByKey } from '../sign-in/enter.ts';
import { explain } from '../sign-in/faults.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { messageOf } from '../ui/state.tsx';
import { Brand } from './brand.tsx';

interface Props {
  /** Null until it is known what the page was opened for. */
  readonly arrival: Arrival | null;
  readonly notice: string | null;
  readonly onSignedIn: (session: Entered) => void;
  readonly onSignedOut: (why: string) => void;
}

const BY_KEY_ALONE =
  'With an operator’s key you can look and change, with an auditor’s you can look. The key stays in this page’s memory: reloading signs you out.';
const BY_EITHER =
  'As an operator you can look and change, as an auditor you can look. Keys and tokens stay in this page’s memory.';
const ENDED = 'The key is no longer good: it was revoked or has expired.';

interface BoxProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children: ReactNode;
}

const Box = ({ title, lead, children }: BoxProps) => (
  <main className="signin">
    <div className="signin-box">
      <div className="stack">
        <Brand />
        <h1>{title}</h1>
        {lead !== undefined && <p className="muted">{lead}</p>}
      </div>
      {children}
    </div>
  </main>
);

const ByIssuer = ({ settings }: { readonly settings: SignInSettings }) => {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    // Back from the issuer by the browser's own way, the page is as it was left.
    const shown = ({ persisted }: PageTransitionEvent): void => {
      if (persisted) setBusy(false);
    };
    addEventListener('pageshow', shown);
    return () => removeEventListener('pageshow', shown);
  }, []);
  const go = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await goToIssuer(settings);
    } catch (fault) {
      setError(explain(fault, settings));
      setBusy(false);
    }
  };
  return (
    <div className="stack">
      <Button kind="primary" busy={busy} autoFocus onClick={() => void go()}>
        Sign in with {settings.name ?? new URL(settings.issuer).host}
      </Button>
      {error !== null && (
        <div className="notice notice-bad" role="alert">
          {error}
        </div>
      )}
    </div>
  );
};

const ByKey = ({ arrival, onSignedIn, onSignedOut }: Omit<Props, 'notice'>) => {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const isOnlyWay = arrival?.settings.signIn === undefined;

  const enter = async (key: string): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      onSignedIn(await enterByKey(arrival?.settings.api ?? '', key, () => onSignedOut(ENDED)));
    } catch (cause) {
      setError(messageOf(cause));
      setBusy(false);
    }
  };

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const key = String(new FormData(event.currentTarget).get('key') ?? '').trim();
    if (key === '') setError('Paste a key first.');
    else void enter(key);
  };

  return (
    <form className="stack" onSubmit={submit} noValidate>
      <TextField
        label="Admin key"
        name="key"
        type="password"
        autoComplete="off"
        spellCheck={false}
        autoFocus={isOnlyWay}
        placeholder="atp_…"
        hint="At home: admin_key in .atp/runtime.json"
        error={error ?? undefined}
      />
      <Button {...(isOnlyWay ? { kind: 'primary' } : {})} type="submit" busy={busy || arrival === null}>
        Sign in{isOnlyWay ? '' : ' with a key'}
      </Button>
    </form>
  );
};

export const SignIn = (props: Props) => {
  const { arrival, notice } = props;
  const signIn = arrival?.settings.signIn;
  if (arrival?.isDone === true)
    return (
      <Box title="You are signed in">
        <p role="status">The console goes on where it was. This window may be closed.</p>
      </Box>
    );
  if (arrival === null && isCallback())
    return (
      <Box title="Sign in to the console">
        <div className="state" role="status">
          <span className="spinner" aria-hidden="true" />
          <span>Signing you in…</span>
        </div>
      </Box>
    );
  return (
    <Box title="Sign in to the console" lead={signIn === undefined ? BY_KEY_ALONE : BY_EITHER}>
      {notice !== null && (
        <div className="notice notice-warn" role="status">
          {notice}
        </div>
      )}
      {signIn !== undefined && (
        <>
          <ByIssuer settings={signIn} />
          <div className="signin-or">or</div>
        </>
      )}
      <ByKey {...props} />
    </Box>
  );
};
