/** The one way to the router: typed by its OpenAPI document, with the credential of who signed in. */
import createClient, { type Middleware } from 'openapi-fetch';
import type { Credential } from './credential.ts';
import { RefusedError, refusal } from './refusal.ts';
import type { components, paths } from './schema.gen.ts';

export type Schemas = components['schemas'];

export const createApi = (baseUrl: string, credential: Credential) => {
  const client = createClient<paths>({ baseUrl: baseUrl || location.origin, credentials: 'omit' });
  const middleware: Middleware = {
    onRequest: async ({ request }) => {
      request.headers.set('authorization', `Bearer ${await credential.value()}`);
      return request;
    },
    onResponse: async ({ response }) => {
      if (response.ok) return undefined;
      if (response.status === 401) credential.refused();
      throw await refusal(response);
    },
    onError: () => new RefusedError('unreachable', 'The router cannot be reached.', 0),
  };
  client.use(middleware);
  return {
    ...client,
    baseUrl: baseUrl || location.origin,
    /** For streams: the reply as it is. */
    raw: async (path: keyof paths, init: RequestInit = {}): Promise<Response> => {
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${await credential.value()}`);
      const response = await fetch(`${baseUrl || location.origin}${path}`, {
        ...init,
        headers,
        credentials: 'omit',
      });
      if (response.status === 401) credential.refused();
      if (!response.ok) throw await refusal(response);
      return response;
    },
  };
};

export type Api = ReturnType<typeof createApi>;

/** What came back; a reply without a body where one is due is a fault of the router. */
export const body = async <T>(reply: Promise<{ data?: T }>): Promise<NonNullable<T>> => {
  const { data } = await reply;
  if (data === undefined || data === null) throw new RefusedError('internal', 'The reply was empty.', 500);
  return data as NonNullable<T>;
};
