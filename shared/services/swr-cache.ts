/**
 * A bounded cache that serves while it refreshes. Younger than `freshMs`: served as it is. Younger than `staleMs`:
 * served, and refreshed behind the caller's back. Older: the caller waits for a fresh one. While the source is
 * away, the last good copy serves until it is `errorMs` old; then the failure is the caller's.
 */
import type { Clock } from '../ports/runtime.ts';

export interface SwrOptions {
  freshMs: number;
  staleMs: number;
  errorMs: number;
  maxEntries: number;
}

interface Entry<Value> {
  value: Value;
  loadedAt: number;
}

export class SwrCache<Value> {
  readonly #load: (key: string) => Promise<Value | undefined>;
  readonly #clock: Clock;
  readonly #options: SwrOptions;
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #loading = new Map<string, Promise<Value | undefined>>();
  /** To be loaded behind everybody's back. */
  readonly #due = new Set<string>();

  /** A `load` that answers undefined (there is none) is not remembered. */
  constructor(load: (key: string) => Promise<Value | undefined>, clock: Clock, options: SwrOptions) {
    this.#load = load;
    this.#clock = clock;
    this.#options = options;
  }

  async get(key: string): Promise<Value | undefined> {
    return this.held(key) ?? this.#renewed(key);
  }

  /** What may be served without a wait; undefined where there is none. */
  held(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const age = this.#ageOf(entry);
    if (age > this.#options.staleMs) return undefined;
    if (age > this.#options.freshMs) this.#refreshSoon(key);
    return entry.value;
  }

  async #renewed(key: string): Promise<Value | undefined> {
    const entry = this.#entries.get(key);
    try {
      return await this.refresh(key);
    } catch (error) {
      if (entry !== undefined && this.#ageOf(entry) <= this.#options.errorMs) return entry.value;
      throw error;
    }
  }

  #ageOf({ loadedAt }: Entry<Value>): number {
    return this.#clock.monotonic() - loadedAt;
  }

  /** Two turns of the event loop later, so that the calls that the caller itself waits for go out first. */
  #refreshSoon(key: string): void {
    if (this.#due.has(key) || this.#loading.has(key)) return;
    this.#due.add(key);
    setImmediate(() =>
      setImmediate(() => {
        this.#due.delete(key);
        // The failure of a background refresh shows when the copy is too old to serve.
        this.refresh(key).catch(() => undefined);
      }),
    );
  }

  /** Loads now; concurrent callers share one load. */
  refresh(key: string): Promise<Value | undefined> {
    const underway = this.#loading.get(key);
    if (underway !== undefined) return underway;
    const startedAt = this.#clock.monotonic();
    const loading = this.#load(key)
      .then((value) => {
        if (value === undefined) this.#entries.delete(key);
        else this.#remember(key, { value, loadedAt: startedAt });
        return value;
      })
      .finally(() => this.#loading.delete(key));
    this.#loading.set(key, loading);
    return loading;
  }

  #remember(key: string, entry: Entry<Value>): void {
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (this.#entries.size > this.#options.maxEntries) {
      const oldest = this.#entries.keys().next();
      if (oldest.done !== true) this.#entries.delete(oldest.value);
    }
  }
}
