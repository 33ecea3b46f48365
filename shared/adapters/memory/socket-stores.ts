import { KEPT_MS, LONGEST_MS } from '../../model/socket-limits.ts';
import type { AskRecord, AskStore, Claim, Recipient } from '../../ports/ask-store.ts';
import type { ConnectionStore, RunningAsk, SocketConnection } from '../../ports/connection-store.ts';
import type { Clock } from '../../ports/runtime.ts';

/** The sweep closes a connection first, and removes it. */
const GRACE_MS = 600_000;

interface Expiring {
  expiresAt: number;
}

const live = <Entry extends Expiring>(entry: Entry | undefined, now: number): Entry | undefined =>
  entry !== undefined && entry.expiresAt > now ? entry : undefined;

const dropExpired = (entries: Map<string, Expiring>, now: number): void => {
  for (const [key, { expiresAt }] of entries) if (expiresAt <= now) entries.delete(key);
};

export class MemoryAskStore implements AskStore {
  readonly entries = new Map<string, AskRecord & Expiring & { leaseUntil: number }>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async claim(ask: Omit<AskRecord, 'sealed' | 'afterSeq'>, leaseMs: number): Promise<Claim> {
    const leaseUntil = this.#clock.now() + leaseMs;
    const known = this.#live(ask.requestId);
    if (known?.sealed !== undefined) return 'ended';
    if (known !== undefined && known.leaseUntil > this.#clock.now()) return 'busy';
    const entry = known ?? { ...ask, afterSeq: -1 };
    this.entries.set(ask.requestId, { ...entry, leaseUntil, expiresAt: leaseUntil + KEPT_MS });
    return known === undefined ? 'claimed' : 'lost';
  }

  async find(requestId: string): Promise<AskRecord | undefined> {
    const entry = this.#live(requestId);
    if (entry === undefined) return undefined;
    const { leaseUntil: _, expiresAt: __, ...record } = entry;
    return record;
  }

  async move(requestId: string, to: Recipient): Promise<boolean> {
    const entry = this.#live(requestId);
    if (entry === undefined || entry.sealed !== undefined) return false;
    if (entry.leaseUntil <= this.#clock.now()) return false;
    Object.assign(entry, { connectionId: to.connectionId, afterSeq: to.afterSeq });
    return true;
  }

  async end(requestId: string, recipient: Recipient, sealed: string): Promise<boolean> {
    const entry = this.#live(requestId);
    if (entry?.connectionId !== recipient.connectionId || entry.afterSeq !== recipient.afterSeq) return false;
    Object.assign(entry, { sealed, expiresAt: this.#clock.now() + KEPT_MS });
    return true;
  }

  #live(requestId: string) {
    return live(this.entries.get(requestId), this.#clock.now());
  }
}

export class MemoryConnectionStore implements ConnectionStore {
  readonly #entries = new Map<string, SocketConnection & Expiring>();
  readonly #asks: MemoryAskStore;
  readonly #clock: Clock;

  constructor(clock: Clock, asks: MemoryAskStore = new MemoryAskStore(clock)) {
    this.#clock = clock;
    this.#asks = asks;
  }

  async open(connection: Omit<SocketConnection, 'cancelled' | 'closing_at'>): Promise<void> {
    const expiresAt = connection.connected_at + LONGEST_MS + GRACE_MS;
    this.#entries.set(connection.id, { ...structuredClone(connection), cancelled: {}, expiresAt });
  }

  async find(id: string): Promise<SocketConnection | undefined> {
    const entry = this.#live(id);
    if (entry === undefined) return undefined;
    const { expiresAt: _, ...connection } = structuredClone(entry);
    return connection;
  }

  async close(id: string): Promise<void> {
    this.#entries.delete(id);
  }

  async seen(id: string, at: number): Promise<void> {
    const entry = this.#live(id);
    if (entry === undefined) return;
    entry.seen_at = at;
    delete entry.closing_at;
  }

  async cancel(id: string, hash: string, at: number, forget: readonly string[]): Promise<void> {
    const entry = this.#live(id);
    if (entry === undefined) return;
    const kept = Object.entries(entry.cancelled).filter(([known]) => !forget.includes(known));
    entry.cancelled = { ...Object.fromEntries(kept), [hash]: at };
  }

  async announce(id: string, closingAt: number): Promise<boolean> {
    const entry = this.#live(id);
    if (entry === undefined || entry.closing_at !== undefined) return false;
    entry.closing_at = closingAt;
    return true;
  }

  async census(): Promise<{ open: SocketConnection[]; running: RunningAsk[] }> {
    const now = this.#clock.now();
    const found = await Promise.all([...this.#entries.keys()].map((id) => this.find(id)));
    const running = [...this.#asks.entries.values()].filter(
      ({ sealed, leaseUntil }) => sealed === undefined && leaseUntil > now,
    );
    return {
      open: found.filter((connection) => connection !== undefined),
      running: running.map(({ requestId, connectionId }) => ({ requestId, connectionId })),
    };
  }

  async sweep(): Promise<SocketConnection[]> {
    dropExpired(this.#entries, this.#clock.now());
    dropExpired(this.#asks.entries, this.#clock.now());
    const found = await Promise.all([...this.#entries.keys()].map((id) => this.find(id)));
    return found.filter((connection) => connection !== undefined);
  }

  #live(id: string) {
    return live(this.#entries.get(id), this.#clock.now());
  }
}
