/** Where the router is: beside the console, or where the stage's `config.json` says. */
export interface Settings {
  readonly api: string;
}

export const readSettings = (parsed: unknown): Settings => {
  const { api } = (parsed ?? {}) as { api?: unknown };
  return { api: typeof api === 'string' ? api.replace(/\/$/, '') : '' };
};

export const loadSettings = async (): Promise<Settings> => {
  const response = await fetch(`${import.meta.env.BASE_URL}config.json`, { cache: 'no-cache' });
  return response.ok ? readSettings(await response.json()) : { api: '' };
};
