/** Where the router is: beside the console, or where the stage's `config.json` says. */
export interface Oidc {
  readonly issuer: string;
  readonly client_id: string;
  readonly scope: string;
}

export interface Settings {
  readonly api: string;
  readonly oidc?: Oidc;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export const readSettings = (parsed: unknown): Settings => {
  const { api, oidc } = (parsed ?? {}) as { api?: unknown; oidc?: Record<string, unknown> };
  const settings: Settings = { api: text(api).replace(/\/$/, '') };
  if (oidc === undefined || text(oidc.issuer) === '' || text(oidc.client_id) === '') return settings;
  return {
    ...settings,
    oidc: {
      issuer: text(oidc.issuer),
      client_id: text(oidc.client_id),
      scope: text(oidc.scope) || 'openid',
    },
  };
};

export const loadSettings = async (): Promise<Settings> => {
  const response = await fetch(`${import.meta.env.BASE_URL}config.json`, { cache: 'no-cache' });
  return response.ok ? readSettings(await response.json()) : { api: '' };
};
