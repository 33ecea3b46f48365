/** The Config table's snapshot as requests see it: at most 4 s old, or 5 minutes while the table is away (then 503). */
import { AppError } from '../errors/app-error.ts';
import type { ConfigSnapshot } from '../model/policy.ts';
import type { ConfigSource, ConfigStore } from '../ports/config-store.ts';
import type { Clock } from '../ports/runtime.ts';
import { SwrCache } from './swr-cache.ts';

export const CONFIG_BOUNDS = { freshMs: 1_000, staleMs: 4_000, errorMs: 300_000, maxEntries: 1 };
const KEY = 'snapshot';

export class CachedConfig implements ConfigSource {
  readonly #cache: SwrCache<ConfigSnapshot>;

  /** `alongside` reads, at the same time, what has to be as fresh as the configuration. It never rejects. */
  constructor(store: ConfigStore, clock: Clock, alongside: () => Promise<void> = async () => undefined) {
    const load = async (): Promise<ConfigSnapshot> => (await Promise.all([store.snapshot(), alongside()]))[0];
    this.#cache = new SwrCache(load, clock, CONFIG_BOUNDS);
  }

  current(): Promise<ConfigSnapshot> {
    const held = this.#cache.held(KEY);
    if (held !== undefined) return Promise.resolve(held);
    return this.#answer(this.#cache.get(KEY));
  }

  refresh(): Promise<ConfigSnapshot> {
    return this.#answer(this.#cache.refresh(KEY));
  }

  async #answer(loading: Promise<ConfigSnapshot | undefined>): Promise<ConfigSnapshot> {
    try {
      const snapshot = await loading;
      if (snapshot !== undefined) return snapshot;
    } catch (cause) {
      throw new AppError('unavailable', 'The configuration cannot be read at the moment.', { cause });
    }
    throw new AppError('unavailable', 'The configuration cannot be read at the moment.');
  }
}
