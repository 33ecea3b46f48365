/** Where the router is, and by which issuer its users may sign in: the stage's `config.json` says so. */
export interface SignInSettings {
  readonly issuer: string;
  readonly client_id: string;
  readonly name?: string;
  readonly scopes: readonly string[];
  readonly audience?: string;
  readonly resource?: string;
  /** Origins that the pages' policy lets them call, beside the issuer's. */
  readonly connect: readonly string[];
  readonly sign_out: 'issuer' | 'here';
  /** A token for none of these is refused by the router. */
  readonly accepts: readonly string[];
}

export interface Settings {
  readonly api: string;
  readonly signIn?: SignInSettings;
}

/** It comes from where the pages come from, which check it; what is no `sign_in` at all is none. */
const readSignIn = (value: unknown): SignInSettings | undefined => {
  const { issuer, client_id } = (value ?? {}) as Partial<SignInSettings>;
  if (typeof issuer !== 'string' || !URL.canParse(issuer) || typeof client_id !== 'string') return undefined;
  const given = value as Partial<SignInSettings> & Pick<SignInSettings, 'issuer' | 'client_id'>;
  return { scopes: ['openid'], connect: [], sign_out: 'issuer', accepts: [], ...given };
};

export const readSettings = (parsed: unknown): Settings => {
  const { api, sign_in } = (parsed ?? {}) as { api?: unknown; sign_in?: unknown };
  const signIn = readSignIn(sign_in);
  return {
    api: typeof api === 'string' ? api.replace(/\/$/, '') : '',
    ...(signIn === undefined ? {} : { signIn }),
  };
};

export const loadSettings = async (): Promise<Settings> => {
  const response = await fetch(`${import.meta.env.BASE_URL}config.json`, { cache: 'no-cache' });
  return response.ok ? readSettings(await response.json()) : { api: '' };
};
