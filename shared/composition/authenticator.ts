/** Who checks callers, put together once for each function that has any. */
import type { DocumentTable } from '../adapters/dynamodb/documents.ts';
import { DynamoKeyStore } from '../adapters/dynamodb/key-store.ts';
import type { IdentitySettings } from '../config/identity.ts';
import { checkIssuerUrl } from '../config/issuer-url.ts';
import type { TrustedIssuer } from '../model/identity.ts';
import type { Clock } from '../ports/runtime.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import type { TokenVerifier } from '../ports/token-verifier.ts';
import { Authenticator } from '../services/authenticate.ts';
import { CertificatePrincipals } from '../services/identity/certificates.ts';
import { once } from '../services/once.ts';

export interface AuthenticatorGround {
  configTable: DocumentTable;
  secrets: SecretStore;
  clock: Clock;
  env: IdentitySettings & { ATP_STAGE: string };
}

/** Neither read nor parsed before the first token comes: a stage without tokens does not pay for them. */
const lazyTokens = (
  issuers: readonly TrustedIssuer[],
  allowLoopback: boolean,
  clock: Clock,
): TokenVerifier => {
  const open = once(async () => {
    const [{ IssuedTokens }, { HttpJsonSource }] = await Promise.all([
      import('../services/identity/token-verifier.ts'),
      import('../adapters/http/json-source.ts'),
    ]);
    const isFit = (url: string): boolean => checkIssuerUrl(url, allowLoopback) === undefined;
    return new IssuedTokens(issuers, { source: new HttpJsonSource({ isFit }), clock, isFit });
  });
  return { verify: async (token) => (await open()).verify(token) };
};

export const composeAuthenticator = ({
  configTable,
  secrets,
  clock,
  env,
}: AuthenticatorGround): Authenticator => {
  const { OIDC_ISSUERS: issuers = [], CLIENT_CERTIFICATES: certificates = [] } = env;
  return new Authenticator({
    keys: new DynamoKeyStore(configTable),
    secrets,
    clock,
    env: env.ATP_STAGE,
    tokens: issuers.length === 0 ? undefined : lazyTokens(issuers, env.OIDC_ALLOW_LOOPBACK === 'true', clock),
    certificates: certificates.length === 0 ? undefined : new CertificatePrincipals(certificates),
  });
};
