/** Past the door: a credential that the router takes, of somebody whom the console is for. */
import { type Api, body, createApi } from '../api/client.ts';
import type { Credential } from '../api/credential.ts';
import { RefusedError } from '../api/refusal.ts';
import type { SignInSettings } from '../api/settings.ts';
import type { Me } from '../api/shapes.ts';
import { opensConsole } from '../lib/permissions.ts';
import { explainToken, SignInError } from './faults.ts';
import type { Grant, Issuer } from './issuer.ts';
import { rememberIssuer } from './pending.ts';
import { TokenSession } from './token-session.ts';

/** How somebody came by an issuer, so that it can be renewed and ended. */
export interface ByIssuer {
  readonly issuer: Issuer;
  readonly tokens: TokenSession;
}

export interface Entered {
  readonly api: Api;
  readonly me: Me;
  readonly by?: ByIssuer;
}

const meOf = async (baseUrl: string, credential: Credential): Promise<Omit<Entered, 'by'>> => {
  const api = createApi(baseUrl, credential);
  const me = await body(api.GET('/admin/me'));
  if (!opensConsole(me))
    throw new SignInError('This opens no console: it needs the operator or the auditor role.');
  return { api, me };
};

/** `onRefused`: of a key that was good when somebody came in. */
export const enterByKey = async (baseUrl: string, key: string, onRefused: () => void): Promise<Entered> => {
  let entered = false;
  const found = await meOf(baseUrl, { value: () => key, refused: () => entered && onRefused() });
  entered = true;
  rememberIssuer(false);
  return found;
};

export const enterByGrant = async (
  baseUrl: string,
  issuer: Issuer,
  settings: SignInSettings,
  grant: Grant,
): Promise<Entered> => {
  const tokens = new TokenSession(issuer, grant);
  try {
    const found = await meOf(baseUrl, tokens);
    rememberIssuer(true);
    return { ...found, by: { issuer, tokens } };
  } catch (fault) {
    tokens.stop();
    rememberIssuer(false);
    if (fault instanceof RefusedError && fault.status === 401)
      throw new SignInError(explainToken(grant.accessToken, settings));
    if (fault instanceof RefusedError && fault.status === 403)
      throw new SignInError(
        `${settings.name ?? settings.issuer} knows you, but nothing it says of you is a role here. Roles come from the claim that the router’s identity file names.`,
      );
    throw fault;
  }
};
