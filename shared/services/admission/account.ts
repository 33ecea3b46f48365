/** A tenant's limits at work for one pass, and those of its keys: the item, moved on by each request that passes. */
import {
  type AdmissionRequest,
  type Hold,
  type KeyLimits,
  type LimitState,
  toNano,
  UNLIMITED,
  type Verdict,
} from '../../model/quota.ts';
import {
  type DayUse,
  type KeyChange,
  type LedgerChange,
  type LedgerItem,
  NO_KEY_USE,
  usedOn,
} from '../../ports/usage-ledger.ts';
import { type LeaseRequest, leaseHold, wantedBlocks } from './block.ts';
import { dayOf, formerDays } from './days.ts';
import type { Grant } from './lease.ts';
import { LimitSet, shareLeft } from './limit-set.ts';
import { SHAPES, seenIn, unpackWindows, withSeen } from './windows.ts';

/** An update expression holds 4 KB: 200 holds that come and so many that go. */
const MAX_DROPS = 100;
/** Keys of which nothing counts any more, dropped with one swap. */
const MAX_DROPPED_KEYS = 10;

interface Key {
  limits: LimitSet;
  isChanged: boolean;
}

export class Account {
  readonly #item: LedgerItem;
  readonly #tenant: LimitSet;
  readonly #keys = new Map<string, Key>();
  readonly #now: number;
  readonly #day: string;
  /** Holds that count for a key. */
  readonly #keyHolds = new Map<string, Hold[]>();
  readonly #added: Record<string, Hold> = {};
  readonly #dropped: string[] = [];
  readonly #lease: LeaseRequest | undefined;
  #isChanged = false;

  /**
   * `now` is milliseconds since the epoch; where the account has seen a later time, that one counts. `lease` is that of the
   * process that asks: its drawn requests take the place of its hold.
   */
  constructor(item: LedgerItem, now: number, lease?: LeaseRequest) {
    this.#item = item;
    this.#lease = lease;
    this.#now = Math.max(now, seenIn(item.windows ?? ''));
    this.#day = dayOf(this.#now);
    this.#tenant = new LimitSet({
      rates: item.quota?.rate_limit ?? UNLIMITED,
      burst: item.quota?.burst_multiplier ?? 1,
      windows: unpackWindows(item.windows ?? ''),
      used: usedOn(item, this.#day),
      now: this.#now,
    });
    for (const [id, hold] of Object.entries(item.holds)) {
      if (id === lease?.id) this.#takeBack(hold, lease);
      else if (hold.expires_at <= this.#now) this.#dropped.push(id);
      else {
        this.#tenant.reserve(hold, hold.lease?.requests);
        if (hold.key !== undefined) this.#holdFor(hold.key, hold);
      }
    }
    if (lease !== undefined) {
      this.#tenant.reserve(lease.drawn, lease.drawn.requests);
      this.#tenant.reserve(lease.kept, lease.kept.requests);
    }
  }

  admit(request: AdmissionRequest): Verdict {
    const known = this.#item.holds[request.id];
    const key = request.key === undefined ? undefined : this.#keyOf(request.key);
    // The swap that admitted it was carried out, but its reply was lost on the way, and the client tried again.
    if (known !== undefined && known.expires_at > this.#now) return this.#admitted(known, key);
    const reached = [...(key?.limits.refusals(request) ?? []), ...this.#tenant.refusals(request)];
    const refusal = longest(reached);
    if (refusal !== undefined) {
      const limits = this.#states(key);
      return { admitted: false, limit: refusal, limits, retry_after_ms: refusal.reset_ms };
    }
    this.#isChanged = true;
    this.#tenant.count();
    if (key !== undefined) {
      key.isChanged = true;
      key.limits.count();
    }
    return this.#admitted(this.#hold(request, key), key);
  }

  /** Did a request pass that had not passed before? */
  get isChanged(): boolean {
    return this.#isChanged;
  }

  /** How the tenant's limits stand, or those of one of its keys. */
  uses(key?: KeyLimits): ReturnType<LimitSet['uses']> {
    return (key === undefined ? this.#tenant : this.#keyOf(key).limits).uses();
  }

  /** A block for requests yet to come, after those that wait. It counts from its end, so that it may be drawn on until then. */
  grant(): Grant | undefined {
    const lease = this.#lease;
    if (lease?.want === undefined) return undefined;
    const { holds } = this.#tenant;
    for (const { until, isLong, countsOnly, ...wanted } of wantedBlocks(
      lease.want,
      lease.kept.ready,
      this.#now,
    )) {
      const block = countsOnly && holds ? undefined : this.#tenant.lendable(wanted, isLong);
      if (block === undefined) continue;
      const at = until - SHAPES.second.bucketMs;
      this.#tenant.count(block.requests, at);
      this.#leased(lease, block, until);
      return {
        ...block,
        at,
        ms: until - this.#now,
        isLong,
        holds,
        limits: this.#tenant.states(),
      };
    }
    return undefined;
  }

  /** Whether a former lease is to be written off, if nothing else is. */
  get hasLeased(): boolean {
    return this.#lease !== undefined && this.#lease.id in this.#item.holds;
  }

  /** What the requests that passed change; `adds` is false where nothing did, and holds only go. */
  change(adds: boolean): LedgerChange {
    const atMost = adds ? this.#tenant.bound() : undefined;
    const keys = this.#keyChanges();
    return {
      windows: this.#packed(keys),
      holds: this.#added,
      dropHolds: this.#dropped.slice(0, MAX_DROPS),
      dropDays: formerDays(this.#item.days, this.#now),
      ...(atMost === undefined ? {} : { atMost }),
      ...(Object.keys(keys).length === 0 ? {} : { keys }),
    };
  }

  /** Where nothing counts, time need not be known. */
  #packed(keys: object): string {
    const windows = this.#tenant.packed();
    return windows === '' && Object.keys(keys).length === 0 ? '' : withSeen(windows, this.#now);
  }

  #keyChanges(): Record<string, KeyChange> {
    const changes: Record<string, KeyChange> = {};
    for (const [id, { limits, isChanged }] of this.#keys) {
      if (!isChanged) continue;
      const atMost = limits.bound();
      changes[id] = {
        windows: limits.packed(),
        until: limits.ends,
        dropDays: formerDays(this.#item.keys?.[id]?.days ?? {}, this.#now),
        ...(atMost === undefined ? {} : { atMost }),
      };
    }
    let dropped = 0;
    for (const [id, { until, days, windows }] of Object.entries(this.#item.keys ?? {})) {
      if (id in changes || until > this.#now || dropped === MAX_DROPPED_KEYS) continue;
      const dropDays = formerDays(days, this.#now);
      if (windows === '' && dropDays.length === 0) continue;
      changes[id] = { windows: '', until: 0, dropDays };
      dropped += 1;
    }
    return changes;
  }

  #keyOf({ id, rate_limit }: KeyLimits): Key {
    const known = this.#keys.get(id);
    if (known !== undefined) return known;
    const use = this.#item.keys?.[id] ?? NO_KEY_USE;
    const limits = new LimitSet({
      rates: rate_limit,
      windows: unpackWindows(use.windows),
      used: use.days[this.#day] ?? { tokens: 0, cost_nano: 0 },
      now: this.#now,
      scope: 'key',
    });
    for (const hold of this.#keyHolds.get(id) ?? []) limits.reserve(hold);
    const key = { limits, isChanged: false };
    this.#keys.set(id, key);
    return key;
  }

  #holdFor(key: string, hold: Hold): void {
    const holds = this.#keyHolds.get(key);
    if (holds === undefined) this.#keyHolds.set(key, [hold]);
    else holds.push(hold);
  }

  #admitted(held: Hold | undefined, key: Key | undefined): Verdict {
    const limits = this.#states(key);
    return {
      admitted: true,
      ...(limits.length === 0 ? {} : { limits }),
      ...(held === undefined ? {} : { held }),
    };
  }

  #states(key: Key | undefined): LimitState[] {
    const states = this.#tenant.states();
    return key === undefined
      ? states
      : [...states, ...key.limits.states()].sort((a, b) => shareLeft(a) - shareLeft(b));
  }

  #hold(request: AdmissionRequest, key: Key | undefined): Hold | undefined {
    const forKey = key?.limits.holds === true && request.key !== undefined;
    if (!forKey && !this.#tenant.holds) return undefined;
    const hold = {
      tokens: request.tokens,
      cost_nano: toNano(request.cost_usd),
      expires_at: this.#now + request.hold_ms,
      ...(forKey ? { key: request.key?.id ?? '' } : {}),
    };
    this.#added[request.id] = hold;
    this.#tenant.reserve(hold);
    if (forKey) key.limits.reserve(hold);
    return hold;
  }

  /** What its lease had left. A write whose answer was lost may have done so before; then the item holds another one. */
  #takeBack(hold: Hold, lease: LeaseRequest): void {
    const { id, drawn, kept, unused, former } = lease;
    if (hold.lease?.serial === former) {
      for (const { at, requests } of unused) this.#tenant.takeBack(at, requests);
    }
    if (drawn.requests === 0 && kept.ready === 0) this.#dropped.unshift(id);
    else this.#added[id] = leaseHold(lease, NOTHING, hold.lease?.until ?? 0);
  }

  #leased(lease: LeaseRequest, block: { requests: number } & DayUse, until: number): void {
    const held = {
      requests: this.#tenant.holds ? block.requests : 0,
      tokens: block.tokens === Infinity ? 0 : block.tokens,
      cost_nano: block.cost_nano === Infinity ? 0 : block.cost_nano,
    };
    this.#added[lease.id] = leaseHold(lease, held, until);
    if (this.#dropped[0] === lease.id) this.#dropped.shift();
    this.#tenant.reserve(held, held.requests);
  }
}

const NOTHING = { requests: 0, tokens: 0, cost_nano: 0 };

/** Of all limits in the way, the one that lasts longest. */
const longest = (reached: readonly LimitState[]): LimitState | undefined =>
  reached.reduce<LimitState | undefined>(
    (last, limit) => (last === undefined || limit.reset_ms > last.reset_ms ? limit : last),
    undefined,
  );
