/**
 * Copies of secrets in memory: a provider of Powertools' parameters, whose cache and age of a value they are. Added to it:
 * a bound, a clock that is given, what a copy's keeper needs to serve it after its time, and that a read which a write
 * has overtaken leaves no copy.
 */
import { BaseProvider } from '@aws-lambda-powertools/parameters/base';
import type { Clock } from '../../ports/runtime.ts';

export interface Copy {
  readonly value: string;
  /** When it was read and when its time is up, by Clock.monotonic(). */
  readonly readAt: number;
  readonly ttl: number;
  /** Not to be tried again before, as it just failed. */
  retryAt: number;
  isExpired(): boolean;
}

/** A value with the writes that were known when it was asked for. */
interface Reading {
  value: string;
  writes: number;
}

const MAX_COPIES = 1_000;

/** As the base class names a value that it does not transform. */
const keyOf = (name: string): string => `${name},`;

export class SecretCopies extends BaseProvider {
  readonly #read: (name: string) => Promise<string | undefined>;
  readonly #clock: Clock;
  readonly #maxAgeMs: number;
  #writes = 0;

  constructor(read: (name: string) => Promise<string | undefined>, clock: Clock, maxAgeMs: number) {
    super({});
    this.#read = read;
    this.#clock = clock;
    this.#maxAgeMs = maxAgeMs;
  }

  /** However old it is. */
  held(name: string): Copy | undefined {
    return this.store.get(keyOf(name)) as Copy | undefined;
  }

  /** Reads it, whatever is held. Throws GetParameterError; its cause is what the read threw. */
  async fetched(name: string): Promise<string | undefined> {
    const options = { forceFetch: true, maxAge: this.#maxAgeMs / 1_000 };
    return ((await this.get(name, options)) as Reading | undefined)?.value;
  }

  /** After a write, or one that may have happened: reads under way may still bring the former value. */
  written(name: string): void {
    this.#writes += 1;
    this.store.delete(keyOf(name));
  }

  override addToCache(key: string, { value, writes }: Reading, maxAgeSeconds: number): void {
    if (writes !== this.#writes) return;
    const readAt = this.#clock.monotonic();
    const ttl = readAt + maxAgeSeconds * 1_000;
    const isExpired = (): boolean => this.#clock.monotonic() >= ttl;
    const copy: Copy = { value, readAt, ttl, retryAt: 0, isExpired };
    this.store.delete(key);
    this.store.set(key, copy);
    const oldest = this.store.keys().next();
    if (this.store.size > MAX_COPIES && oldest.done !== true) this.store.delete(oldest.value);
  }

  protected override async _get(name: string): Promise<Reading | undefined> {
    const writes = this.#writes;
    const value = await this.#read(name);
    if (value !== undefined) return { value, writes };
    if (writes === this.#writes) this.store.delete(keyOf(name));
    return undefined;
  }

  /** Secrets are read one by one. */
  protected override async _getMultiple(): Promise<undefined> {
    return undefined;
  }
}
