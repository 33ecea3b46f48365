/** From a presented key to a principal. Fails closed: what cannot be checked is refused, with 503 where the store is away. */
import type { KeyObject } from 'node:crypto';
import { AppError } from '../errors/app-error.ts';
import type { ApiKeyRecord, Principal } from '../model/tenant.ts';
import type { KeyStore } from '../ports/key-store.ts';
import type { Clock } from '../ports/runtime.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import { BOOTSTRAP_KEY_ID, hashSecret, parseApiKey, pepperKey, sameDigest, sameSecret } from './api-keys.ts';
import { SwrCache } from './swr-cache.ts';

export const PEPPER_SECRET = 'pepper';
export const BOOTSTRAP_SECRET = 'admin-key';
export const DEFAULT_TENANT = 'default';

/** A revoked key is refused everywhere at most 25 s later. */
const KEY_BOUNDS = { freshMs: 10_000, staleMs: 25_000, errorMs: 300_000, maxEntries: 10_000 };

const unauthenticated = (detail: string): AppError =>
  new AppError('unauthenticated', detail, { headers: { 'www-authenticate': 'Bearer' } });

const REFUSED = 'The API key is not valid.';

export class Authenticator {
  readonly #secrets: SecretStore;
  readonly #clock: Clock;
  readonly #env: string;
  readonly #records: SwrCache<ApiKeyRecord>;
  #pepper: { text: string; key: KeyObject } | undefined;

  /** `env` is the stage name that keys carry. */
  constructor(deps: { keys: KeyStore; secrets: SecretStore; clock: Clock; env: string }) {
    this.#secrets = deps.secrets;
    this.#clock = deps.clock;
    this.#env = deps.env;
    this.#records = new SwrCache((id) => deps.keys.get(id), deps.clock, KEY_BOUNDS);
  }

  /** `presented` is the key itself, without `Bearer`. The principal acts for its own tenant. */
  async authenticate(presented: string | undefined): Promise<Principal> {
    if (presented === undefined || presented === '') {
      throw unauthenticated('An API key is needed: Authorization: Bearer KEY, or x-api-key: KEY.');
    }
    const parts = parseApiKey(presented);
    if (parts === undefined || parts.env !== this.#env) throw unauthenticated(REFUSED);
    if (parts.id === BOOTSTRAP_KEY_ID) return this.#bootstrap(parts.secret);
    const [record, pepper] = await this.#lookUp(parts.id);
    if (record === undefined) throw unauthenticated(REFUSED);
    if (!sameDigest(hashSecret(parts.secret, this.#keyOf(pepper)), record.hash))
      throw unauthenticated(REFUSED);
    this.#assertInTime(record);
    return {
      key_id: record.id,
      tenant_id: record.tenant_id,
      home_tenant_id: record.tenant_id,
      roles: record.roles,
      ...(record.rate_limit === undefined ? {} : { rate_limit: record.rate_limit }),
    };
  }

  /** Throws where the key of an earlier authentication has been revoked or has expired since. */
  async confirm({ key_id }: Principal): Promise<void> {
    if (key_id === BOOTSTRAP_KEY_ID) return;
    const [record] = await this.#lookUp(key_id);
    if (record === undefined) throw unauthenticated(REFUSED);
    this.#assertInTime(record);
  }

  #assertInTime({ expires_at }: ApiKeyRecord): void {
    if (expires_at !== undefined && Date.parse(expires_at) <= this.#clock.now()) {
      throw unauthenticated('The API key has expired.');
    }
  }

  #keyOf(pepper: string): KeyObject {
    if (this.#pepper?.text !== pepper) this.#pepper = { text: pepper, key: pepperKey(pepper) };
    return this.#pepper.key;
  }

  async #lookUp(id: string): Promise<[ApiKeyRecord | undefined, string]> {
    try {
      const [record, pepper] = await Promise.all([this.#records.get(id), this.#secrets.get(PEPPER_SECRET)]);
      if (pepper !== undefined) return [record, pepper];
    } catch (cause) {
      throw new AppError('unavailable', 'API keys cannot be checked at the moment.', { cause });
    }
    throw new AppError(
      'unavailable',
      'API keys cannot be checked: the pepper is missing from the secret store.',
    );
  }

  async #bootstrap(secret: string): Promise<Principal> {
    let expected: string | undefined;
    try {
      expected = await this.#secrets.get(BOOTSTRAP_SECRET);
    } catch (cause) {
      throw new AppError('unavailable', 'API keys cannot be checked at the moment.', { cause });
    }
    if (expected === undefined || !sameSecret(secret, expected)) throw unauthenticated(REFUSED);
    return {
      key_id: BOOTSTRAP_KEY_ID,
      tenant_id: DEFAULT_TENANT,
      home_tenant_id: DEFAULT_TENANT,
      roles: ['operator'],
    };
  }
}

const TENANT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

export const isTenantId = (text: string): boolean => TENANT_ID.test(text);

/** Role and tenant: an operator may act for the tenant it names, everybody else only for their own. */
export const authorize = (
  principal: Principal,
  access: readonly string[],
  namedTenant: string | undefined,
): Principal => {
  if (!principal.roles.some((role) => access.includes(role))) {
    throw new AppError('forbidden', "The key's role does not permit this.");
  }
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
