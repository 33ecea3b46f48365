/** Signing in with a key that stays in memory: the form hands it to the client and forgets it. */
import { type FormEvent, useEffect, useState } from 'react';
import { type Api, body, createApi } from '../api/client.ts';
import { loadSettings, type Settings } from '../api/settings.ts';
import type { Me } from '../api/shapes.ts';
import { opensConsole } from '../lib/permissions.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { messageOf } from '../ui/state.tsx';
import { Brand } from './brand.tsx';

interface Props {
  readonly notice: string | null;
  readonly onSignedIn: (session: { api: Api; me: Me }) => void;
  readonly onSignedOut: (why: string) => void;
}

const ENDED = 'The key is no longer good: it was revoked or has expired.';

export const SignIn = ({ notice, onSignedIn, onSignedOut }: Props) => {
  const [settings, setSettings] = useState<Settings | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  useEffect(() => {
    loadSettings().then(setSettings, () => setSettings({ api: '' }));
  }, []);

  const enter = async (key: string): Promise<void> => {
    setBusy(true);
    setError(null);
    let entered = false;
    try {
      const api = createApi(settings?.api ?? '', key, () => entered && onSignedOut(ENDED));
      const me = await body(api.GET('/admin/me'));
      if (!opensConsole(me))
        throw new Error('This key opens no console: it needs the operator or auditor role.');
      entered = true;
      onSignedIn({ api, me });
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
    <main className="signin">
      <div className="signin-box">
        <div className="stack">
          <Brand />
          <h1>Sign in to the console</h1>
          <p className="muted">
            With an operator’s key you can look and change, with an auditor’s you can look. The key stays in
            this page’s memory: reloading signs you out.
          </p>
        </div>
        {notice !== null && (
          <div className="notice notice-warn" role="status">
            {notice}
          </div>
        )}
        <form className="stack" onSubmit={submit} noValidate>
          <TextField
            label="Admin key"
            name="key"
            type="password"
            autoComplete="off"
            spellCheck={false}
            autoFocus
            placeholder="atp_…"
            hint="At home: admin_key in .atp/runtime.json"
            error={error ?? undefined}
          />
          <Button kind="primary" type="submit" busy={busy || settings === null}>
            Sign in
          </Button>
        </form>
      </div>
    </main>
  );
};
