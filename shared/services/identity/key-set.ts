/**
 * An issuer's public keys. Fetched anew when they are old, and for a key that is not known at most every `refetch_s`. While the
 * issuer is away the last good ones serve, for a day; then, and where there were never any, what needs them is refused with 503.
 */
import { type CryptoKey, createLocalJWKSet, type JSONWebKeySet, type JWTHeaderParameters } from 'jose';
import * as z from 'zod';
import { AppError } from '../../errors/app-error.ts';
import type { TrustedIssuer } from '../../model/identity.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { JsonSource } from '../../ports/token-verifier.ts';

/** Then they are fetched beside the work, and from `STALE_MS` on before it. */
const FRESH_MS = 600_000;
const STALE_MS = 3_600_000;
const LAST_GOOD_MS = 86_400_000;
const FIRST_RETRY_MS = 1_000;
const MAX_KEYS = 64;
const PUBLIC = new Set(['RSA', 'EC', 'OKP']);

const keySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).max(MAX_KEYS) });
const discovery = z.looseObject({ issuer: z.string(), jwks_uri: z.string() });

type Resolve = (header: JWTHeaderParameters) => Promise<CryptoKey>;

interface Known {
  ids: ReadonlySet<string>;
  resolve: Resolve;
  loadedAt: number;
}

export interface KeySetDeps {
  source: JsonSource;
  clock: Clock;
  /** May the keys be fetched from there? */
  isFit: (url: string) => boolean;
}

export class KeySet {
  readonly #issuer: TrustedIssuer;
  readonly #deps: KeySetDeps;
  #known: Known | undefined;
  #triedAt = Number.NEGATIVE_INFINITY;
  #loading: Promise<void> | undefined;

  constructor(issuer: TrustedIssuer, deps: KeySetDeps) {
    this.#issuer = issuer;
    this.#deps = deps;
  }

  /** Undefined where the issuer has no such key. Throws `unavailable`. */
  async holding(keyId: string): Promise<Resolve | undefined> {
    const age = this.#age();
    if (age > FRESH_MS) await this.#refresh(age > STALE_MS);
    if (this.#age() > LAST_GOOD_MS) throw new AppError('unavailable', "The issuer's keys cannot be had.");
    if (this.#known?.ids.has(keyId) === false) await this.#refresh(true);
    return this.#known?.ids.has(keyId) === true ? this.#known.resolve : undefined;
  }

  #age(): number {
    return this.#known === undefined
      ? Number.POSITIVE_INFINITY
      : this.#deps.clock.monotonic() - this.#known.loadedAt;
  }

  async #refresh(wait: boolean): Promise<void> {
    const pause = this.#known === undefined ? FIRST_RETRY_MS : this.#issuer.refetch_s * 1_000;
    if (this.#loading === undefined && this.#deps.clock.monotonic() - this.#triedAt >= pause) {
      this.#triedAt = this.#deps.clock.monotonic();
      this.#loading = this.#load()
        // The last good keys go on serving.
        .catch(() => undefined)
        .finally(() => {
          this.#loading = undefined;
        });
    }
    if (wait) await this.#loading;
  }

  async #load(): Promise<void> {
    const { source, clock } = this.#deps;
    const { keys } = keySet.parse(await source.get(await this.#address()));
    // A key that could also sign is nobody's public key.
    const usable = keys.filter(({ kty, d, k }) => PUBLIC.has(kty) && d === undefined && k === undefined);
    const ids = usable.flatMap(({ kid }) => (typeof kid === 'string' ? [kid] : []));
    if (ids.length === 0) throw new Error('the issuer shows no key');
    const resolve = createLocalJWKSet({ keys: usable } as JSONWebKeySet) as Resolve;
    this.#known = { ids: new Set(ids), resolve, loadedAt: clock.monotonic() };
  }

  async #address(): Promise<string> {
    const { issuer, jwks_uri } = this.#issuer;
    if (jwks_uri !== undefined) return jwks_uri;
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const found = discovery.parse(await this.#deps.source.get(url));
    if (found.issuer !== issuer) throw new Error('the discovery document is of another issuer');
    if (!this.#deps.isFit(found.jwks_uri)) throw new Error('the keys are at an address that is not fit');
    return found.jwks_uri;
  }
}
