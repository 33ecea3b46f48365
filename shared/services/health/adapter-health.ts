/**
 * The models' health as one instance sees it: what the store holds, and what happened here since. A breaker's change is
 * written before the request that brought it about is answered; averages follow every few seconds, so that the last seconds
 * of an instance may be lacking from them. Fails open: while the store is away each instance goes by what it saw itself.
 */
import type { Adapter } from '../../model/adapter.ts';
import type { CallOutcome, HealthRecord } from '../../model/health.ts';
import type { HealthStore } from '../../ports/health-store.ts';
import type { Clock, Random } from '../../ports/runtime.ts';
import type { Standing } from '../routing/predict.ts';
import {
  afterCall,
  isOtherBreaker,
  type Passage,
  passageOf,
  phaseOf,
  unknownHealth,
  withProbe,
} from './breaker.ts';
import { availabilityOf, isOf } from './standing.ts';

export interface AdapterHealthDeps {
  store: HealthStore;
  /** Told once of each breaker that opens or closes, by the instance that wrote it. */
  noticed?: (adapter: string, change: 'opened' | 'closed') => Promise<void>;
  clock: Clock;
  random: Random;
}

/** How a call ended, as the caller of the model tells it. */
export type Ended = Omit<CallOutcome, 'at' | 'draw'>;

type Named = Pick<Adapter, 'id' | 'updated_at' | 'account'>;

/** A tenant's own account at the provider fares by itself: what its key does wrong is nobody else's trouble, nor theirs its. */
const nameOf = ({ id, account }: Named): string =>
  typeof account === 'object' ? `${id}@${account.tenant_id}` : id;

interface Entry {
  /** As it is stored, as far as known. */
  stored: HealthRecord;
  /** With what happened here since. */
  local: HealthRecord;
  /** What happened, oldest first. */
  pending: CallOutcome[];
  hasFailed: boolean;
  writtenAt: number;
  /** The last write failed. */
  isAway: boolean;
  writing: Promise<void> | undefined;
}

/** Milliseconds between two writes of averages by one instance, and by all of them. */
const EVERY_MS = 5_000;
/** The same after a failure: others are to hear of it soon. */
const FAILED_EVERY_MS = 1_000;
const MAX_PENDING = 256;
const MAX_TRIES = 5;
const WELL: Standing = { availability: 1 };

export class AdapterHealth {
  readonly #deps: AdapterHealthDeps;
  readonly #entries = new Map<string, Entry>();
  /** Those with something to write. */
  readonly #dirty = new Set<Entry>();

  constructor(deps: AdapterHealthDeps) {
    this.#deps = deps;
  }

  /** Takes over what other instances wrote. Never rejects. */
  async read(): Promise<void> {
    try {
      for (const record of await this.#deps.store.list()) this.#learn(record);
    } catch {
      // What is known goes on counting.
    }
  }

  recordOf(adapter: Named): HealthRecord {
    const id = nameOf(adapter);
    const { updated_at } = adapter;
    const local = this.#entries.get(id)?.local;
    return local !== undefined && isOf(local, { id, updated_at })
      ? local
      : unknownHealth(id, updated_at, local?.version);
  }

  /** For routing. A model whose turn it is to be tried again may be chosen; whoever calls it claims the try first. */
  standingOf(adapter: Named): Standing {
    const record = this.recordOf(adapter);
    if (record.open === undefined && record.failures === 0) return WELL;
    const now = this.#deps.clock.now();
    const availability = availabilityOf(record, now);
    if (passageOf(record, now) !== 'wait') return { availability };
    return { availability, heldBack: phaseOf(record, now) === 'open' ? 'breaker_open' : 'unhealthy' };
  }

  passageOf(adapter: Named): Passage {
    return passageOf(this.recordOf(adapter), this.#deps.clock.now());
  }

  /** Is the caller the one that tries the model, for as long as `leaseMs` at most? One write. Never rejects. */
  async claim(adapter: Named, leaseMs: number): Promise<boolean> {
    const { store, clock } = this.#deps;
    try {
      for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
        const entry = this.#entryOf(adapter);
        if (entry !== undefined && isOtherBreaker(entry.stored, entry.local)) await this.#write(entry);
        const claimed = entry === undefined ? undefined : withProbe(entry.stored, clock.now(), leaseMs);
        if (claimed === undefined) return false;
        const next = { ...claimed, version: claimed.version + 1 };
        const result = await store.swap(next);
        if (result.swapped) {
          this.#learn(next);
          return true;
        }
        this.#correct(next.adapter, result.current);
      }
    } catch {
      // Whoever cannot say that it tries does not try.
    }
    return false;
  }

  record(adapter: Named, ended: Ended): void {
    const { clock, random } = this.#deps;
    const entry = this.#entryOf(adapter);
    if (entry === undefined) return;
    const outcome: CallOutcome = { ...ended, at: clock.now(), draw: random.next() };
    const local = afterCall(entry.local, outcome);
    if (local === entry.local) return;
    entry.local = local;
    entry.pending.push(outcome);
    if (entry.pending.length > MAX_PENDING) entry.pending.shift();
    entry.hasFailed ||= outcome.result === 'failed';
    this.#dirty.add(entry);
  }

  /** Writes what is due; undefined where nothing is. Never rejects. */
  flush(): Promise<unknown> | undefined {
    if (this.#dirty.size === 0) return undefined;
    const due = [...this.#dirty].filter((entry) => this.#isDue(entry));
    return due.length === 0 ? undefined : Promise.all(due.map((entry) => this.#write(entry)));
  }

  #isDue({ stored, local, hasFailed, writtenAt, isAway }: Entry): boolean {
    const now = this.#deps.clock.now();
    if (isAway && now - writtenAt < FAILED_EVERY_MS) return false;
    if (isOtherBreaker(stored, local)) return true;
    if (hasFailed) return now - writtenAt >= FAILED_EVERY_MS;
    return now - Math.max(writtenAt, stored.checked_at) >= EVERY_MS;
  }

  /** Undefined where the adapter was registered anew since the caller read of it. */
  #entryOf(adapter: Named): Entry | undefined {
    const id = nameOf(adapter);
    const { updated_at } = adapter;
    const known = this.#entries.get(id);
    if (known === undefined) return this.#put(unknownHealth(id, updated_at));
    const { registered, version } = known.stored;
    if (registered === updated_at) return known;
    if (registered > updated_at) return undefined;
    return this.#put(unknownHealth(id, updated_at, version));
  }

  #put(stored: HealthRecord): Entry {
    const replaced = this.#entries.get(stored.adapter);
    if (replaced !== undefined) this.#dirty.delete(replaced);
    const entry: Entry = {
      stored,
      local: stored,
      pending: [],
      hasFailed: false,
      writtenAt: Number.NEGATIVE_INFINITY,
      isAway: false,
      writing: undefined,
    };
    this.#entries.set(stored.adapter, entry);
    return entry;
  }

  /** Takes over a newer version, with what happened here told again on top of it. */
  #learn(record: HealthRecord): void {
    const entry = this.#entries.get(record.adapter);
    if (entry === undefined || entry.stored.registered < record.registered) this.#put(record);
    else if (entry.stored.version < record.version) this.#rebase(entry, record);
  }

  /** What is stored is not what it was taken for. */
  #correct(adapter: string, current: HealthRecord | undefined): void {
    const entry = this.#entries.get(adapter);
    if (entry === undefined) return;
    if (current === undefined) this.#rebase(entry, { ...entry.stored, version: 0 });
    else if (entry.stored.registered < current.registered) this.#put(current);
    else this.#rebase(entry, current);
  }

  #rebase(entry: Entry, record: HealthRecord): void {
    const { adapter, registered } = entry.stored;
    entry.stored =
      record.registered === registered ? record : unknownHealth(adapter, registered, record.version);
    entry.local = entry.pending.reduce(afterCall, entry.stored);
  }

  async #tellOf(former: HealthRecord, next: HealthRecord): Promise<void> {
    const wasOpen = former.open !== undefined;
    const isOpen = next.open !== undefined;
    if (wasOpen === isOpen) return;
    await this.#deps.noticed?.(next.adapter, isOpen ? 'opened' : 'closed');
  }

  /** One at a time for each model; what comes up meanwhile is written too where others have to know at once. */
  #write(entry: Entry): Promise<void> {
    entry.writing ??= this.#swap(entry);
    return entry.writing;
  }

  async #swap(entry: Entry): Promise<void> {
    const { store, clock } = this.#deps;
    try {
      for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
        const last = entry.pending.at(-1);
        const former = entry.stored;
        const next = { ...entry.local, version: former.version + 1 };
        const result = await store.swap(next);
        if (!result.swapped) {
          this.#correct(next.adapter, result.current);
          continue;
        }
        // Some of the oldest may have been dropped meanwhile.
        if (last !== undefined) entry.pending = entry.pending.slice(entry.pending.indexOf(last) + 1);
        entry.hasFailed = entry.pending.some(({ result: how }) => how === 'failed');
        await this.#tellOf(former, next);
        this.#learn(next);
        if (!isOtherBreaker(entry.stored, entry.local)) break;
      }
      entry.isAway = false;
    } catch {
      // Tried again when it is due again; until then this instance alone knows.
      entry.isAway = true;
    }
    // In the same turn as the last look for changes, so that none falls between.
    entry.writing = undefined;
    entry.writtenAt = clock.now();
    if (entry.pending.length === 0) this.#dirty.delete(entry);
  }
}
