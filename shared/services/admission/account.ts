/** A tenant's limits at work for one pass: the counts and sums of its item, moved on by each request that passes. */
import {
  type AdmissionRequest,
  type Hold,
  type LimitState,
  type Quota,
  toNano,
  type Verdict,
} from '../../model/quota.ts';
import { type DayUse, type LedgerChange, type LedgerItem, usedOn } from '../../ports/usage-ledger.ts';
import { dayOf, formerDays, untilMidnight } from './days.ts';
import { type Grant, type LeaseRequest, leaseHold } from './lease.ts';
import {
  packWindows,
  REQUEST_WINDOWS,
  type RequestWindow,
  SHAPES,
  SlidingWindow,
  unpackWindows,
  type Windows,
} from './windows.ts';

type Limits = Partial<Record<RequestWindow, number>>;

/** Held budget frees itself when requests settle, which is soon but not known. */
const SETTLING_SOON_MS = 1_000;
/** An update expression holds 4 KB: 200 holds that come and so many that go. */
const MAX_DROPS = 100;
/** So much of what is left a lease may take, and nothing of the last few: other processes find something too. */
const LEASED_SHARE = 0.25;
const NEVER_LEASED = 32;
/** What multiplying two decimal numbers may lose. */
const ROUNDING = 1e-6;

const requestLimits = ({ rate_limit, burst_multiplier }: Quota): Limits => {
  const { rps, rpm, rph } = rate_limit;
  return {
    ...(rps === null ? {} : { second: Math.floor(rps * burst_multiplier + ROUNDING) }),
    ...(rpm === null ? {} : { minute: rpm }),
    ...(rph === null ? {} : { hour: rph }),
  };
};

export class Account {
  readonly #item: LedgerItem;
  readonly #quota: Quota;
  readonly #limits: Limits;
  readonly #windows: Windows = {};
  readonly #now: number;
  readonly #day: string;
  readonly #used: DayUse;
  readonly #held: DayUse = { tokens: 0, cost_nano: 0 };
  readonly #added: Record<string, Hold> = {};
  readonly #dropped: string[] = [];
  readonly #lease: LeaseRequest | undefined;
  #inFlight = 0;
  #isChanged = false;

  /**
   * `now` is milliseconds since the epoch; where the account has seen a later time, that one counts. `lease` is that of the
   * process that asks: its drawn requests take the place of its hold.
   */
  constructor(item: LedgerItem & { quota: Quota }, now: number, lease?: LeaseRequest) {
    this.#item = item;
    this.#lease = lease;
    this.#quota = item.quota;
    this.#limits = requestLimits(item.quota);
    const stored = unpackWindows(item.windows ?? '');
    for (const name of REQUEST_WINDOWS) {
      if (this.#limits[name] !== undefined)
        this.#windows[name] = stored[name] ?? new SlidingWindow(SHAPES[name]);
    }
    this.#now = Math.max(now, ...Object.values(stored).map((window) => window.newest));
    this.#day = dayOf(this.#now);
    this.#used = usedOn(item, this.#day);
    for (const [id, hold] of Object.entries(item.holds)) {
      if (id === lease?.id) this.#takeBack(hold, lease);
      else if (hold.expires_at <= this.#now) this.#dropped.push(id);
      else this.#reserve(hold, hold.lease?.requests);
    }
    if (lease !== undefined) this.#reserve(lease.drawn, lease.drawn.requests);
  }

  admit(request: AdmissionRequest): Verdict {
    const known = this.#item.holds[request.id];
    // The swap that admitted it was carried out, but its reply was lost on the way, and the client tried again.
    if (known !== undefined && known.expires_at > this.#now) return this.#admitted(known);
    const refusal = this.#refusal(request);
    if (refusal !== undefined) return { admitted: false, limit: refusal, retry_after_ms: refusal.reset_ms };
    this.#isChanged = true;
    for (const name of REQUEST_WINDOWS) this.#windows[name]?.add(this.#now);
    return this.#admitted(this.#hold(request));
  }

  /** Did a request pass that had not passed before? */
  get isChanged(): boolean {
    return this.#isChanged;
  }

  /** A block for requests yet to come, after those that wait. */
  grant(): Grant | undefined {
    const lease = this.#lease;
    if (lease?.want === undefined) return undefined;
    const { want, serial } = lease;
    const { tokens_per_day, cost_per_day_usd, concurrent } = this.#quota.rate_limit;
    const share = (wanted: number, left: number): number =>
      left < NEVER_LEASED ? 0 : Math.min(wanted, Math.floor(left * LEASED_SHARE));
    let { requests } = want;
    for (const name of REQUEST_WINDOWS) {
      const limit = this.#limits[name];
      if (limit !== undefined)
        requests = share(requests, limit - (this.#windows[name]?.count(this.#now) ?? 0));
    }
    if (concurrent !== null) requests = share(requests, concurrent - this.#inFlight);
    if (requests < 1) return undefined;
    const tokens =
      tokens_per_day === null
        ? Infinity
        : share(want.tokens, tokens_per_day - this.#used.tokens - this.#held.tokens);
    const cost_nano =
      cost_per_day_usd === null
        ? Infinity
        : share(want.cost_nano, toNano(cost_per_day_usd) - this.#used.cost_nano - this.#held.cost_nano);
    for (const name of REQUEST_WINDOWS) this.#windows[name]?.add(this.#now, requests);
    const holds = tokens_per_day !== null || cost_per_day_usd !== null || concurrent !== null;
    this.#leased(
      lease,
      {
        requests: holds ? requests : 0,
        tokens: tokens === Infinity ? 0 : tokens,
        cost_nano: cost_nano === Infinity ? 0 : cost_nano,
      },
      want.hold_ms,
    );
    const limit = this.#tightest();
    return {
      requests,
      tokens,
      cost_nano,
      at: this.#now,
      serial,
      holds,
      ...(limit === undefined ? {} : { limit }),
    };
  }

  /** Whether a former lease is to be written off, if nothing else is. */
  get hasLeased(): boolean {
    return this.#lease !== undefined && this.#lease.id in this.#item.holds;
  }

  /** What the requests that passed change; `adds` is false where nothing did, and holds only go. */
  change(adds: boolean): LedgerChange {
    const { tokens_per_day, cost_per_day_usd } = this.#quota.rate_limit;
    const bound = {
      day: this.#day,
      ...(tokens_per_day === null ? {} : { tokens: tokens_per_day - this.#held.tokens }),
      // Beyond 2^53 nano-dollars a difference is rounded; what was seen as used must stay within the bound.
      ...(cost_per_day_usd === null
        ? {}
        : {
            cost_nano: Math.max(this.#used.cost_nano, toNano(cost_per_day_usd) - this.#held.cost_nano),
          }),
    };
    return {
      windows: packWindows(this.#windows),
      holds: this.#added,
      dropHolds: this.#dropped.slice(0, MAX_DROPS),
      dropDays: formerDays(this.#item, this.#now),
      ...(!adds || (tokens_per_day === null && cost_per_day_usd === null) ? {} : { atMost: bound }),
    };
  }

  /** Of all limits in the way, the one that lasts longest. */
  #refusal(request: AdmissionRequest): LimitState | undefined {
    const { tokens_per_day, cost_per_day_usd, concurrent } = this.#quota.rate_limit;
    const reached: LimitState[] = [];
    for (const name of REQUEST_WINDOWS) {
      const limit = this.#limits[name];
      const window = this.#windows[name];
      if (limit === undefined || window === undefined || window.count(this.#now) < limit) continue;
      reached.push({ window: name, limit, remaining: 0, reset_ms: untilRoom(window, limit, this.#now) });
    }
    if (concurrent !== null && this.#inFlight >= concurrent) {
      reached.push({ window: 'concurrent', limit: concurrent, remaining: 0, reset_ms: SETTLING_SOON_MS });
    }
    if (tokens_per_day !== null) {
      const free = tokens_per_day - this.#used.tokens;
      const left = free - this.#held.tokens;
      if (request.tokens > left) {
        const reset_ms = this.#untilBudget(request.tokens <= free);
        reached.push({
          window: 'tokens_per_day',
          limit: tokens_per_day,
          remaining: Math.max(0, left),
          reset_ms,
        });
      }
    }
    if (cost_per_day_usd !== null) {
      const asked = toNano(request.cost_usd);
      const free = toNano(cost_per_day_usd) - this.#used.cost_nano;
      const left = free - this.#held.cost_nano;
      if (asked > left) {
        const remaining = Math.max(0, left) / 1e9;
        const reset_ms = this.#untilBudget(asked <= free);
        reached.push({ window: 'cost_per_day_usd', limit: cost_per_day_usd, remaining, reset_ms });
      }
    }
    return reached.reduce<LimitState | undefined>(
      (longest, limit) => (longest === undefined || limit.reset_ms > longest.reset_ms ? limit : longest),
      undefined,
    );
  }

  #untilBudget(fitsOnceSettled: boolean): number {
    const midnight = untilMidnight(this.#now);
    return fitsOnceSettled ? Math.min(SETTLING_SOON_MS, midnight) : midnight;
  }

  #admitted(held: Hold | undefined): Verdict {
    const limit = this.#tightest();
    return {
      admitted: true,
      ...(limit === undefined ? {} : { limit }),
      ...(held === undefined ? {} : { held }),
    };
  }

  #hold(request: AdmissionRequest): Hold | undefined {
    const { tokens_per_day, cost_per_day_usd, concurrent } = this.#quota.rate_limit;
    if (tokens_per_day === null && cost_per_day_usd === null && concurrent === null) return undefined;
    const hold = {
      tokens: request.tokens,
      cost_nano: toNano(request.cost_usd),
      expires_at: this.#now + request.hold_ms,
    };
    this.#added[request.id] = hold;
    this.#reserve(hold);
    return hold;
  }

  #reserve({ tokens, cost_nano }: DayUse, requests = 1): void {
    this.#inFlight += requests;
    this.#held.tokens += tokens;
    this.#held.cost_nano += cost_nano;
  }

  /** What its lease had left. A write whose answer was lost may have done so before; then the item holds another grant. */
  #takeBack(hold: Hold, lease: LeaseRequest): void {
    const { id, drawn, unused } = lease;
    if (unused !== undefined && hold.lease?.serial === unused.serial) {
      for (const name of REQUEST_WINDOWS) this.#windows[name]?.takeBack(unused.at, unused.requests);
    }
    if (drawn.requests === 0) this.#dropped.unshift(id);
    else this.#added[id] = leaseHold(lease, { requests: 0, tokens: 0, cost_nano: 0 }, this.#now, 0);
  }

  #leased(lease: LeaseRequest, block: { requests: number } & DayUse, hold_ms: number): void {
    this.#added[lease.id] = leaseHold(lease, block, this.#now, this.#now + hold_ms);
    if (this.#dropped[0] === lease.id) this.#dropped.shift();
    this.#reserve(block, block.requests);
  }

  /** The request window with the least of its limit left. */
  #tightest(): LimitState | undefined {
    let tightest: RequestWindow | undefined;
    let least = Infinity;
    for (const name of REQUEST_WINDOWS) {
      const window = this.#windows[name];
      const limit = this.#limits[name];
      if (window === undefined || limit === undefined) continue;
      const share = (limit - window.count(this.#now)) / limit;
      if (share < least) [tightest, least] = [name, share];
    }
    if (tightest === undefined) return undefined;
    const limit = this.#limits[tightest] ?? 0;
    const window = this.#windows[tightest];
    if (window === undefined) return undefined;
    const remaining = limit - window.count(this.#now);
    return { window: tightest, limit, remaining, reset_ms: window.untilAtMost(0, this.#now) };
  }
}

const untilRoom = (window: SlidingWindow, limit: number, now: number): number =>
  limit === 0 ? window.lengthMs : window.untilAtMost(limit - 1, now);
