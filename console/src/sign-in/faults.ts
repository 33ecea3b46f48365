/** Why somebody is not signed in, in words that lead on: libraries and issuers say it in codes. */
import { RefusedError } from '../api/refusal.ts';
import type { SignInSettings } from '../api/settings.ts';

export class SignInError extends Error {}

const LONGEST = 200;
/** What an issuer answers where it would have to ask somebody, and was asked not to. */
const WOULD_ASK = new Set([
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
]);
const MISCONFIGURED = new Set([
  'invalid_client',
  'invalid_request',
  'invalid_scope',
  'invalid_target',
  'unauthorized_client',
  'unsupported_response_type',
]);

/** Something else answers at its address. */
const NO_ISSUER = new Set([
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
]);

interface Coded {
  readonly code?: unknown;
  readonly error?: unknown;
  readonly error_description?: unknown;
  readonly cause?: unknown;
}

const codeOf = (fault: unknown): Coded =>
  typeof fault === 'object' && fault !== null ? (fault as Coded) : {};

export const wouldAsk = (fault: unknown): boolean => {
  const { error } = codeOf(fault);
  return typeof error === 'string' && WOULD_ASK.has(error);
};

/** The issuer's own words; only of an answer to what this page asked. */
const saidBy = ({ error, error_description: said }: Coded): string =>
  typeof said === 'string' && said !== '' ? `${String(error)}: ${said.slice(0, LONGEST)}` : String(error);

const answered = (issuer: string, coded: Coded): string => {
  const { error } = coded;
  if (error === 'access_denied') return `You were not let in: ${issuer} says ${saidBy(coded)}.`;
  if (error === 'invalid_grant') return 'The sign-in took too long, or was used before. Sign in once more.';
  if (error === 'temporarily_unavailable' || error === 'server_error')
    return `${issuer} cannot sign anybody in just now (${saidBy(coded)}). Try again in a while.`;
  if (typeof error === 'string' && MISCONFIGURED.has(error))
    return `${issuer} does not take what the console asks for (${saidBy(coded)}). Whoever runs this stage finds client_id, scopes, audience and resource under console in its identity file.`;
  return `${issuer} did not sign you in (${saidBy(coded)}).`;
};

/** One sentence or two for whoever wants to come in. */
export const explain = (fault: unknown, { issuer }: Pick<SignInSettings, 'issuer'>): string => {
  if (fault instanceof SignInError || fault instanceof RefusedError) return fault.message;
  const coded = codeOf(fault);
  if (typeof coded.error === 'string') return answered(issuer, coded);
  if (coded.code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED')
    return `The clocks of ${issuer} and of this computer differ by more than a minute.`;
  if (typeof coded.code === 'string' && NO_ISSUER.has(coded.code))
    return `${issuer} did not answer as an OpenID issuer does. Is its address right in the identity file?`;
  if (typeof coded.code === 'string')
    return `What ${issuer} answered cannot be trusted, and is not used (${coded.code}${fault instanceof Error ? `: ${fault.message.slice(0, LONGEST)}` : ''}).`;
  if (fault instanceof TypeError || (fault instanceof DOMException && fault.name === 'TimeoutError'))
    return `${issuer} cannot be reached from here: it is away, its address is not right, or it does not let pages of ${location.origin} read its answers (CORS).`;
  return fault instanceof Error ? fault.message : String(fault);
};

/** What a JWT says of itself, unchecked: only to say what is wrong with it. */
const claimsOf = (token: string): Record<string, unknown> | undefined => {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return undefined;
  try {
    const text = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    const claims: unknown = JSON.parse(text);
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};

/** Why the router may have refused a token with 401: it tells nobody itself. */
export const explainToken = (token: string, { issuer, accepts }: SignInSettings): string => {
  const claims = claimsOf(token);
  if (claims === undefined)
    return `${issuer} gave a token that only it can read. The router needs a JWT: most issuers give one for an API that is asked for by audience or resource.`;
  const audience = [claims.aud].flat().filter((one): one is string => typeof one === 'string');
  if (!audience.some((one) => accepts.includes(one)))
    return `The token is for ${audience.join(', ') || 'nobody in particular'}, and this router takes tokens for ${accepts.join(' or ')} (aud). Audience, resource or scopes, under console in the identity file, ask the issuer for the right one.`;
  if (claims.iss !== issuer)
    return `The token says that it comes from ${String(claims.iss)}, and this router trusts ${issuer} (iss).`;
  return `The router does not take the token of ${issuer}: its signature, its algorithm, or its times.`;
};
