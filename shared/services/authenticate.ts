/** From a presented key, token or certificate to a principal. Fails closed: what cannot be checked is refused, with 503 where the store is away. */
import { AppError } from '../errors/app-error.ts';
import { credentialNeeded, credentialRefused, scopeLacking } from '../errors/unauthenticated.ts';
import type { ClientCertificate } from '../model/identity.ts';
import type { ApiKeyRecord, Principal } from '../model/tenant.ts';
import type { KeyStore, KeyUseLog } from '../ports/key-store.ts';
import type { Clock } from '../ports/runtime.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import type { TokenVerifier } from '../ports/token-verifier.ts';
import { type ApiKeyParts, BOOTSTRAP_KEY_ID, isIntact, sameSecret, splitApiKey } from './api-keys.ts';
import type { CertificatePrincipals } from './identity/certificates.ts';
import { KeyUses } from './identity/key-uses.ts';
import { VerifiedKeys } from './identity/verified-keys.ts';
import { Pepper } from './pepper.ts';
import { accepted, type KeyRing } from './secrets/key-ring.ts';
import { RingReader } from './secrets/ring-reader.ts';
import { SwrCache } from './swr-cache.ts';

export const BOOTSTRAP_SECRET = 'admin-key';
export const DEFAULT_TENANT = 'default';

/** A revoked key is refused everywhere at most 25 s later. */
const KEY_BOUNDS = { freshMs: 10_000, staleMs: 25_000, errorMs: 300_000, maxEntries: 10_000 };

const REFUSED = 'The API key is not valid.';
const NAME_LENGTH = 24;

export interface AuthenticatorDeps {
  keys: KeyStore & KeyUseLog;
  secrets: SecretStore;
  clock: Clock;
  /** The stage name that keys carry. */
  env: string;
  /** Where the stage trusts an issuer. */
  tokens?: TokenVerifier | undefined;
  certificates?: CertificatePrincipals | undefined;
}

const limitsOf = ({ id, rate_limit, counts_as = id }: ApiKeyRecord): Pick<Principal, 'limits'> =>
  rate_limit === undefined ? {} : { limits: { id: counts_as, rate_limit } };

export class Authenticator {
  readonly #pepper: Pepper;
  readonly #bootstrapKey: RingReader;
  readonly #clock: Clock;
  readonly #env: string;
  readonly #records: SwrCache<ApiKeyRecord>;
  readonly #verified = new VerifiedKeys();
  readonly #uses: KeyUses;
  readonly #tokens: TokenVerifier | undefined;
  readonly #certificates: CertificatePrincipals | undefined;

  constructor(deps: AuthenticatorDeps) {
    this.#pepper = new Pepper(deps.secrets);
    this.#bootstrapKey = new RingReader(deps.secrets, BOOTSTRAP_SECRET);
    this.#clock = deps.clock;
    this.#env = deps.env;
    this.#records = new SwrCache((id) => deps.keys.get(id), deps.clock, KEY_BOUNDS);
    this.#uses = new KeyUses(deps.keys, deps.clock);
    this.#tokens = deps.tokens;
    this.#certificates = deps.certificates;
  }

  /**
   * `presented` is the key or token itself, without `Bearer`; a certificate counts only where there is neither. The principal
   * acts for its own tenant.
   */
  async authenticate(presented: string | undefined, certificate?: ClientCertificate): Promise<Principal> {
    if (presented === undefined || presented === '') {
      const vouched = await this.#vouched(certificate);
      if (vouched !== undefined) return vouched;
      throw credentialNeeded('An API key is needed: Authorization: Bearer KEY, or x-api-key: KEY.');
    }
    // No key of ours holds a dot, and every token does.
    if (this.#tokens !== undefined && presented.includes('.')) return this.#ofToken(this.#tokens, presented);
    const parts = splitApiKey(presented);
    if (parts === undefined || parts.env !== this.#env) throw credentialRefused(REFUSED);
    if (parts.id === BOOTSTRAP_KEY_ID) return this.#bootstrap(parts.secret);
    const record = this.#recognised(presented, parts) ?? (await this.#recordOf(presented, parts));
    this.#assertInTime(record);
    this.#uses.note(record.id);
    return {
      key_id: record.id,
      tenant_id: record.tenant_id,
      home_tenant_id: record.tenant_id,
      roles: record.roles,
      ...limitsOf(record),
      ...(record.scopes === undefined ? {} : { scopes: record.scopes }),
    };
  }

  /** Throws where the key of an earlier authentication has been revoked or has expired since. */
  async confirm({ key_id, via, expires_at_ms }: Principal): Promise<void> {
    if (expires_at_ms !== undefined && expires_at_ms <= this.#clock.now())
      throw credentialRefused('The token has expired.');
    if (key_id === BOOTSTRAP_KEY_ID || via !== undefined) return;
    const record = await this.#lookUp(key_id);
    if (record === undefined) throw credentialRefused(REFUSED);
    this.#assertInTime(record);
    this.#uses.note(key_id);
  }

  /** When the uses that are being written down are: what went wrong, if anything did. Undefined where there are none. Never rejects. */
  settled(): Promise<AppError | undefined> | undefined {
    return this.#uses.isUnsettled ? this.#uses.settled() : undefined;
  }

  async #ofToken(tokens: TokenVerifier, token: string): Promise<Principal> {
    const { issuer, subject, tenantId, roles, scopes, expiresAtMs } = await tokens.verify(token);
    return {
      key_id: `oidc-${await this.#nameOf(issuer, subject)}`,
      tenant_id: tenantId,
      home_tenant_id: tenantId,
      roles,
      ...(scopes === undefined ? {} : { scopes }),
      via: 'token',
      expires_at_ms: expiresAtMs,
    };
  }

  async #vouched(certificate: ClientCertificate | undefined): Promise<Principal | undefined> {
    const found = certificate === undefined ? undefined : this.#certificates?.find(certificate);
    if (certificate === undefined || found === undefined) return undefined;
    return {
      key_id: `cert-${await this.#nameOf(certificate.issuer, certificate.subject)}`,
      tenant_id: found.tenant_id,
      home_tenant_id: found.tenant_id,
      roles: found.roles,
      ...(found.scopes === undefined ? {} : { scopes: found.scopes }),
      via: 'certificate',
    };
  }

  /** A subject may be a person's address, and this name is written down: only who has the pepper can tell whose it is. */
  async #nameOf(issuer: string, subject: string): Promise<string> {
    try {
      return (await this.#pepper.name(JSON.stringify([issuer, subject]))).slice(0, NAME_LENGTH);
    } catch (cause) {
      throw new AppError('unavailable', 'Callers cannot be checked at the moment.', { cause });
    }
  }

  /** The record of a key that was verified against this very one. */
  #recognised(presented: string, { id }: ApiKeyParts): ApiKeyRecord | undefined {
    const verified = this.#verified.recordOf(id, presented);
    return verified !== undefined && this.#records.held(id) === verified ? verified : undefined;
  }

  async #recordOf(presented: string, parts: ApiKeyParts): Promise<ApiKeyRecord> {
    if (!isIntact(parts)) throw credentialRefused(REFUSED);
    const record = await this.#lookUp(parts.id);
    if (record === undefined) throw credentialRefused(REFUSED);
    if (!(await this.#pepper.matches(parts.secret, record))) throw credentialRefused(REFUSED);
    this.#verified.add(parts.id, presented, record);
    return record;
  }

  #assertInTime({ expires_at }: ApiKeyRecord): void {
    if (expires_at !== undefined && Date.parse(expires_at) <= this.#clock.now()) {
      throw credentialRefused('The API key has expired.');
    }
  }

  async #lookUp(id: string): Promise<ApiKeyRecord | undefined> {
    try {
      const [record] = await Promise.all([this.#records.get(id), this.#pepper.ready()]);
      return record;
    } catch (cause) {
      throw new AppError('unavailable', 'API keys cannot be checked at the moment.', { cause });
    }
  }

  /** For a while after a rotation the former secret is accepted too. */
  async #bootstrap(secret: string): Promise<Principal> {
    let ring: KeyRing | undefined;
    try {
      ring = await this.#bootstrapKey.find();
    } catch (cause) {
      throw new AppError('unavailable', 'API keys cannot be checked at the moment.', { cause });
    }
    const versions = ring === undefined ? [] : accepted(ring, this.#clock.now());
    if (!versions.some((version) => sameSecret(secret, version.secret))) throw credentialRefused(REFUSED);
    return {
      key_id: BOOTSTRAP_KEY_ID,
      tenant_id: DEFAULT_TENANT,
      home_tenant_id: DEFAULT_TENANT,
      roles: ['operator'],
    };
  }
}

/** Without scopes a credential may do what its roles permit; with them, only what they name. */
export const assertScope = (scopes: readonly string[] | undefined, scope: string | undefined): void => {
  if (scopes !== undefined && (scope === undefined || !scopes.includes(scope))) throw scopeLacking(scope);
};

const TENANT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

export const isTenantId = (text: string): boolean => TENANT_ID.test(text);

/**
 * Role, scope and tenant; what is not permitted is refused. A credential that is narrowed needs the route's scope besides the
 * role. An operator may act for the tenant it names, everybody else only for their own.
 */
export const authorize = (
  principal: Principal,
  access: readonly string[],
  namedTenant: string | undefined,
  scope?: string,
): Principal => {
  if (!principal.roles.some((role) => access.includes(role))) {
    throw new AppError('forbidden', "The key's role does not permit this.");
  }
  assertScope(principal.scopes, scope);
  const isOperator = principal.roles.includes('operator');
  if (namedTenant === undefined) return isOperator ? { ...principal, tenant_id: DEFAULT_TENANT } : principal;
  if (namedTenant === principal.home_tenant_id) return principal;
  if (!isOperator) {
    throw new AppError('forbidden', 'The key belongs to another tenant.');
  }
  if (!isTenantId(namedTenant)) {
    throw new AppError('invalid_request', 'The request is not valid.', {
      errors: [{ path: '/headers/x-tenant-id', message: 'must be 1 to 128 of A-Z a-z 0-9 . _ -' }],
    });
  }
  return { ...principal, tenant_id: namedTenant };
};
