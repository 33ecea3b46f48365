/// <reference path="../identity/oidc-provider.d.ts" />
/** An OpenID provider that people sign in at: a name, no password, and a way to say no. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { AUDIENCE, makeKey } from '../identity/real-issuer.ts';

/** What the issuer says of each; whoever it does not know has no group. */
const GROUPS: Readonly<Record<string, readonly string[]>> = { ada: ['atp-operators'], max: ['atp-auditors'] };
const SCOPES = 'openid offline_access';
export const CLIENT_ID = 'the console';

interface Interactive {
  interactionDetails(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<{ prompt: { name: string }; uid: string }>;
  interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
  Grant: new (
    fields: object,
  ) => {
    addOIDCScope(scope: string): void;
    addResourceScope(resource: string, scope: string): void;
    save(): Promise<string>;
  };
}

interface Context {
  oidc: { account?: { accountId: string }; client: { clientId: string }; provider: Interactive };
  body: unknown;
}

const page = (body: string): string => `<!doctype html><html lang="en"><title>Issuer</title>${body}</html>`;

export class SignInIssuer {
  readonly server: Server;
  url = '';
  /** Of the tokens that are made from now on. */
  lifetimeS = 600;
  #provider: (Provider & Interactive) | undefined;

  constructor() {
    this.server = createServer((request, response) => void this.#serve(request, response));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What `npm start --identity` is given. */
  identity(fields: object = {}): object {
    const issuer = {
      issuer: this.url,
      audience: AUDIENCE,
      tenant: { default: 'default' },
      roles: { claim: 'groups', map: { 'atp-operators': 'operator', 'atp-auditors': 'auditor' } },
    };
    const console_ = { issuer: this.url, client_id: CLIENT_ID, name: 'Acme', resource: AUDIENCE, ...fields };
    return { issuers: [issuer], console: console_ };
  }

  /** `consoleUrl` with its path, which ends in a slash. */
  async serve(consoleUrl: string): Promise<void> {
    const key = await makeKey('of the issuer');
    this.#provider = new Provider(this.url, {
      clients: [
        {
          client_id: CLIENT_ID,
          token_endpoint_auth_method: 'none',
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
          redirect_uris: [`${consoleUrl}callback`],
          post_logout_redirect_uris: [consoleUrl],
        },
      ],
      jwks: { keys: [key.jwk] },
      cookies: { keys: ['a cookie key of this test'] },
      findAccount: (_context: unknown, sub: string) => ({ accountId: sub, claims: () => ({ sub }) }),
      extraTokenClaims: (_context: unknown, { accountId }: { accountId: string }) => ({
        groups: GROUPS[accountId] ?? [],
      }),
      loadExistingGrant: this.#grant,
      interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
      ttl: { Interaction: 600, Session: 3_600, Grant: 3_600, IdToken: 600, RefreshToken: 3_600 },
      features: {
        devInteractions: { enabled: false },
        rpInitiatedLogout: { enabled: true, logoutSource: this.#askToSignOut },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => AUDIENCE,
          useGrantedResource: () => true,
          getResourceServerInfo: (_context: unknown, audience: string) => ({
            scope: '',
            audience,
            accessTokenTTL: this.lifetimeS,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'RS256' } },
          }),
        },
        revocation: { enabled: true },
      },
    }) as Provider & Interactive;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** Nobody is asked what the console may do. */
  readonly #grant = async ({ oidc }: Context): Promise<unknown> => {
    const grant = new oidc.provider.Grant({
      clientId: oidc.client.clientId,
      accountId: oidc.account?.accountId,
    });
    grant.addOIDCScope(SCOPES);
    await grant.save();
    return grant;
  };

  readonly #askToSignOut = (context: Context, form: string): void => {
    context.body = page(
      `${form}<button type="submit" form="op.logoutForm" name="logout" value="yes">Leave Acme</button>`,
    );
  };

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const provider = this.#provider;
    if (provider === undefined || request.url === '/favicon.ico') {
      response.writeHead(provider === undefined ? 503 : 204).end();
      return;
    }
    if (request.url?.startsWith('/interaction/') !== true) {
      provider.callback()(request, response);
      return;
    }
    const { prompt } = await provider.interactionDetails(request, response);
    if (prompt.name === 'consent') return provider.interactionFinished(request, response, { consent: {} });
    if (request.method === 'GET') {
      response.setHeader('content-type', 'text/html').end(
        page(`<form method="post"><label>Name <input name="name"></label>
          <button name="answer" value="yes">Let me in</button><button name="answer" value="no">Cancel</button></form>`),
      );
      return;
    }
    let text = '';
    for await (const part of request) text += String(part);
    const form = new URLSearchParams(text);
    const refusal = { error: 'access_denied', error_description: 'said no' };
    const result = form.get('answer') === 'yes' ? { login: { accountId: form.get('name') ?? '' } } : refusal;
    return provider.interactionFinished(request, response, result);
  }
}
