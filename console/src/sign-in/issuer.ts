/** OpenID Connect's code flow with PKCE. Loaded only where the stage has an issuer. */
import * as oauth from 'oauth4webapi';
import type { SignInSettings } from '../api/settings.ts';
import { SignInError } from './faults.ts';

/** What one going to the issuer and coming back share. */
export interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface Grant {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** Who signed in, in the issuer's words. */
  readonly subject: string;
  /** Of `Date.now()`. Undefined where the issuer does not say. */
  readonly endsAt: number | undefined;
}

export const redirectUri = (): string => `${location.origin}${import.meta.env.BASE_URL}callback`;

export class Issuer {
  readonly settings: SignInSettings;
  readonly #server: oauth.AuthorizationServer;
  readonly #client: oauth.Client;
  readonly #options: { [oauth.allowInsecureRequests]?: boolean };

  private constructor(settings: SignInSettings, server: oauth.AuthorizationServer) {
    this.settings = settings;
    this.#server = server;
    this.#client = { client_id: settings.client_id, [oauth.clockTolerance]: 60 };
    this.#options = insecure(settings);
  }

  static async open(settings: SignInSettings): Promise<Issuer> {
    if (!isSecureContext)
      throw new SignInError(
        `Signing in by ${settings.issuer} needs HTTPS, or the address 127.0.0.1: the browser signs nothing otherwise.`,
      );
    const url = new URL(settings.issuer);
    const server = await oauth.processDiscoveryResponse(
      url,
      await oauth.discoveryRequest(url, insecure(settings)),
    );
    const issuer = new Issuer(settings, server);
    issuer.#mayCall(server.token_endpoint);
    return issuer;
  }

  /** `silently`: only if the issuer need ask for nothing. */
  async begin({ silently = false } = {}): Promise<{ url: URL; pending: Pending }> {
    const { client_id, scopes } = this.settings;
    const pending = {
      state: oauth.generateRandomState(),
      nonce: oauth.generateRandomNonce(),
      verifier: oauth.generateRandomCodeVerifier(),
    };
    const endpoint = this.#server.authorization_endpoint;
    if (endpoint === undefined) throw new SignInError(`${this.settings.issuer} signs nobody in.`);
    const url = new URL(endpoint);
    const asked = {
      client_id,
      response_type: 'code',
      redirect_uri: redirectUri(),
      scope: scopes.join(' '),
      code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
      state: pending.state,
      nonce: pending.nonce,
      ...this.#target(),
      ...(silently ? { prompt: 'none' } : {}),
      // Without it no refresh token comes: OpenID Connect Core, section 11.
      ...(!silently && scopes.includes('offline_access') ? { prompt: 'consent' } : {}),
    };
    for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
    return { url, pending };
  }

  /** `answer`: what the issuer put into the address to which it sent the browser back. */
  async finish(answer: URLSearchParams, { state, nonce, verifier }: Pending): Promise<Grant> {
    const checked = oauth.validateAuthResponse(this.#server, this.#client, answer, state);
    const response = await oauth.authorizationCodeGrantRequest(
      this.#server,
      this.#client,
      oauth.None(),
      checked,
      redirectUri(),
      verifier,
      { ...this.#options, additionalParameters: this.#target() },
    );
    const tokens = await oauth.processAuthorizationCodeResponse(this.#server, this.#client, response, {
      expectedNonce: nonce,
      requireIdToken: true,
    });
    const subject = oauth.getValidatedIdTokenClaims(tokens)?.sub ?? '';
    return grantOf(tokens, subject, tokens.refresh_token);
  }

  /** Undefined where the issuer gave no leave to. */
  async renew(grant: Grant): Promise<Grant | undefined> {
    if (grant.refreshToken === undefined) return undefined;
    const response = await oauth.refreshTokenGrantRequest(
      this.#server,
      this.#client,
      oauth.None(),
      grant.refreshToken,
      { ...this.#options, additionalParameters: this.#target() },
    );
    const tokens = await oauth.processRefreshTokenResponse(this.#server, this.#client, response);
    return grantOf(tokens, grant.subject, tokens.refresh_token ?? grant.refreshToken);
  }

  /** As far as the issuer takes it; whatever fails, the token is forgotten here. */
  async revoke({ refreshToken }: Grant): Promise<void> {
    if (refreshToken === undefined || this.#server.revocation_endpoint === undefined) return;
    await oauth
      .revocationRequest(this.#server, this.#client, oauth.None(), refreshToken, {
        ...this.#options,
        signal: AbortSignal.timeout(2_000),
      })
      .catch(() => undefined);
  }

  /** Where its own session is ended. No token is put into an address: the issuer may ask whether it is meant. */
  signOutUrl(): URL | undefined {
    const endpoint = this.#server.end_session_endpoint;
    if (this.settings.sign_out === 'here' || endpoint === undefined) return undefined;
    const url = new URL(endpoint);
    url.searchParams.set('client_id', this.settings.client_id);
    url.searchParams.set('post_logout_redirect_uri', `${location.origin}${import.meta.env.BASE_URL}`);
    return url;
  }

  #target(): Record<string, string> {
    const { audience, resource } = this.settings;
    return {
      ...(audience === undefined ? {} : { audience }),
      ...(resource === undefined ? {} : { resource }),
    };
  }

  /** The browser says nothing of why a call that the policy forbids did not happen. */
  #mayCall(endpoint: string | undefined): void {
    const { issuer, connect } = this.settings;
    if (endpoint === undefined) throw new SignInError(`${issuer} gives no tokens.`);
    const { origin } = new URL(endpoint);
    if (origin !== new URL(issuer).origin && !connect.includes(origin))
      throw new SignInError(
        `The issuer gives tokens at ${origin}, which the pages may not call: add it to connect, under console in the identity file.`,
      );
  }
}

/** Loopback without TLS, which only a stage at home lets through. */
const insecure = ({ issuer }: SignInSettings) =>
  issuer.startsWith('http:') ? { [oauth.allowInsecureRequests]: true } : {};

const grantOf = (
  { access_token: accessToken, expires_in }: oauth.TokenEndpointResponse,
  subject: string,
  refreshToken: string | undefined,
): Grant => ({
  accessToken,
  refreshToken,
  subject,
  endsAt: expires_in === undefined ? undefined : Date.now() + expires_in * 1_000,
});
