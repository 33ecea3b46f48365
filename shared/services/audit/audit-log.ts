/**
 * Appends to chains, each by compare-and-swap on its head, so that several processes never fork one. What waits in one process
 * is appended together. Fails closed: what could not be written down is thrown as `unavailable`.
 */
import { createSecretKey } from 'node:crypto';
import { AppError } from '../../errors/app-error.ts';
import type { AuditEvent, ChainHead } from '../../model/audit.ts';
import type { AuditStore, ChainStep } from '../../ports/audit-store.ts';
import type { Clock, IdSource, Random } from '../../ports/runtime.ts';
import { Batcher } from '../batcher.ts';
import { RingReader, type RingSource } from '../secrets/ring-reader.ts';
import { AUDIT_SECRET } from './audit-key.ts';
import { type AuditKey, extend, REGISTRY } from './chain.ts';

export interface AuditLogDeps {
  store: AuditStore;
  secrets: RingSource;
  clock: Clock;
  random: Random;
  ids: IdSource;
}

export type NewEvent = Omit<AuditEvent, 'id' | 'at'>;

interface Waiting {
  chain: string;
  event: AuditEvent;
}

const MOST_TOGETHER = 20;
const ATTEMPTS = 12;
const BASE_DELAY_MS = 4;
const LONGEST_DELAY_MS = 150;

const unwritten = (cause: unknown): AppError =>
  new AppError('unavailable', 'The audit log cannot be written at the moment.', { cause });

export class AuditLog {
  readonly #deps: AuditLogDeps;
  readonly #key: RingReader;
  readonly #batches: Batcher<Waiting, AppError | undefined>;
  #known: AuditKey | undefined;
  #secret: string | undefined;

  constructor(deps: AuditLogDeps) {
    this.#deps = deps;
    this.#key = new RingReader(deps.secrets, AUDIT_SECRET);
    this.#batches = new Batcher((items) => this.#flush(items), { maxBatch: MOST_TOGETHER });
  }

  /** Resolves, with the entry's id, when it is durable. Throws `unavailable` where that is not certain. */
  async append(chain: string, event: NewEvent): Promise<string> {
    const { clock, ids } = this.#deps;
    const id = ids.uuidv7();
    const dated: AuditEvent = { id, at: new Date(clock.now()).toISOString(), ...event };
    const failure = await this.#batches.add({ chain, event: dated });
    if (failure !== undefined) throw failure;
    return id;
  }

  /** Each chain for itself: one that cannot be written fails no other. */
  async #flush(items: readonly Waiting[]): Promise<(AppError | undefined)[]> {
    const failures = new Map<string, AppError>();
    const extending = [...Map.groupBy(items, ({ chain }) => chain)].map(async ([chain, waiting]) => {
      const events = waiting.map(({ event }) => event);
      await this.#extend(chain, events).catch((cause: unknown) => {
        failures.set(chain, unwritten(cause));
      });
    });
    await Promise.all(extending);
    return items.map(({ chain }) => failures.get(chain));
  }

  async #extend(chain: string, events: readonly AuditEvent[]): Promise<void> {
    const { store, clock, random } = this.#deps;
    const key = await this.#currentKey();
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const head = await store.head(chain);
      const { entries, to } = extend(chain, head, events, key);
      const steps: ChainStep[] = [{ from: head, to, entries }];
      if (head === undefined) steps.push(await this.#registration(chain, key));
      if (await store.append(steps)) return;
      // Ours may have been written, and only the reply lost.
      const written = await store.entry(chain, to.seq);
      if (written?.mac === to.mac) return;
      await clock.sleep(random.next() * Math.min(LONGEST_DELAY_MS, BASE_DELAY_MS * 2 ** attempt));
    }
    throw unwritten(undefined);
  }

  /** A chain that is there is named in the registry, so that none can be taken away as a whole. */
  async #registration(chain: string, key: AuditKey): Promise<ChainStep> {
    const { store, clock, ids } = this.#deps;
    const from: ChainHead | undefined = await store.head(REGISTRY);
    const event: AuditEvent = {
      id: ids.uuidv7(),
      at: new Date(clock.now()).toISOString(),
      kind: 'system',
      action: 'begin chain',
      outcome: 'succeeded',
      target: { chain },
    };
    return { from, ...extend(REGISTRY, from, [event], key) };
  }

  async #currentKey(): Promise<AuditKey> {
    const { version, secret } = (await this.#key.ring()).current;
    if (this.#known === undefined || this.#secret !== secret) {
      this.#secret = secret;
      this.#known = { version, key: createSecretKey(secret, 'utf8') };
    }
    return this.#known;
  }
}
