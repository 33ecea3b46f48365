/// <reference path="./oidc-provider.d.ts" />
/** An OpenID provider on this machine: discovery, published keys, and access tokens for clients. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider from 'oidc-provider';

export const AUDIENCE = 'https://atp.example/api';
const CLIENT = { client_id: 'a-program', client_secret: 'a secret of the program in this test' };

export interface SigningKey {
  kid: string;
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  jwk: JWK;
}

export const makeKey = async (kid: string, alg = 'RS256'): Promise<SigningKey> => {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, privateKey, publicKey, jwk: { ...(await exportJWK(privateKey)), kid, alg, use: 'sig' } };
};

export class RealIssuer {
  readonly server: Server;
  readonly requests: string[] = [];
  url = '';
  claims: Record<string, unknown> = { tenant_id: 'acme', groups: ['atp-callers'] };
  #answer: ReturnType<Provider['callback']> | undefined;

  constructor() {
    this.server = createServer((request, response) => {
      this.requests.push(request.url ?? '');
      if (this.#answer === undefined) response.destroy();
      else this.#answer(request, response);
    });
  }

  async listen(key: SigningKey): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.listen(0, '127.0.0.1', () => resolve());
    });
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    this.signWith(key);
  }

  /** From now on; the keys of before are shown no more. */
  signWith(key: SigningKey): void {
    const provider = new Provider(this.url, {
      clients: [
        {
          ...CLIENT,
          grant_types: ['client_credentials'],
          redirect_uris: [],
          response_types: [],
          id_token_signed_response_alg: key.jwk.alg,
        },
      ],
      enabledJWA: { idTokenSigningAlgValues: [key.jwk.alg] },
      jwks: { keys: [key.jwk] },
      cookies: { keys: ['a cookie key of this test'] },
      extraTokenClaims: async () => this.claims,
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => AUDIENCE,
          getResourceServerInfo: () => ({
            scope: 'ask plan',
            audience: AUDIENCE,
            accessTokenTTL: 600,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: key.jwk.alg } },
          }),
        },
      },
    });
    this.#answer = provider.callback();
  }

  /** Every connection to it breaks. */
  goAway(): void {
    this.#answer = undefined;
  }

  async token(scope = 'ask plan'): Promise<string> {
    const body = new URLSearchParams({ grant_type: 'client_credentials', scope });
    const basic = Buffer.from(`${CLIENT.client_id}:${encodeURIComponent(CLIENT.client_secret)}`).toString(
      'base64',
    );
    const reply = await fetch(`${this.url}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body,
    });
    const { access_token: token } = (await reply.json()) as { access_token?: string };
    if (token === undefined) throw new Error(`the issuer gave no token: ${reply.status}`);
    return token;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
