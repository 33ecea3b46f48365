/** One set of limits at work, a tenant's or a key's: counts and sums as stored, moved on by each request that passes. */
import {
  type AdmissionRequest,
  type LimitState,
  type RateLimit,
  toNano,
  type Window,
} from '../../model/quota.ts';
import type { DayUse, UseBound } from '../../ports/usage-ledger.ts';
import type { Block } from './block.ts';
import { dayOf, untilMidnight } from './days.ts';
import {
  packWindows,
  REQUEST_WINDOWS,
  type RequestWindow,
  SHAPES,
  SlidingWindow,
  type Windows,
} from './windows.ts';

/** Held budget frees itself when requests settle, which is soon but not known. */
const SETTLING_SOON_MS = 1_000;
/** So much of what is left a lease may take, and nothing of the last few: other processes find something too. */
const LEASED_SHARE = 0.25;
const NEVER_LEASED = 256;
/** What multiplying two decimal numbers may lose. */
const ROUNDING = 1e-6;

/** How much of a limit is used, held and free: together the limit, unless more was used than that. */
export interface LimitUse {
  limit: number | null;
  used: number;
  held: number;
  /** null where there is no limit. */
  free: number | null;
  /** Milliseconds until nothing of it is used any more. */
  reset_ms: number;
}

export interface LimitSetInput {
  rates: RateLimit;
  /** Multiplies `rps` alone. */
  burst?: number;
  /** As stored. */
  windows: Windows;
  used: DayUse;
  now: number;
  scope?: 'key';
}

export class LimitSet {
  readonly #rates: RateLimit;
  readonly #limits: Partial<Record<RequestWindow, number>>;
  readonly #windows: Windows = {};
  readonly #now: number;
  readonly #used: DayUse;
  readonly #held: DayUse = { tokens: 0, cost_nano: 0 };
  readonly #scope: { scope?: 'key' };
  #inFlight = 0;

  constructor({ rates, burst = 1, windows, used, now, scope }: LimitSetInput) {
    const { rps, rpm, rph } = rates;
    this.#rates = rates;
    this.#limits = {
      ...(rps === null ? {} : { second: Math.floor(rps * burst + ROUNDING) }),
      ...(rpm === null ? {} : { minute: rpm }),
      ...(rph === null ? {} : { hour: rph }),
    };
    for (const name of REQUEST_WINDOWS) {
      if (this.#limits[name] !== undefined)
        this.#windows[name] = windows[name] ?? new SlidingWindow(SHAPES[name]);
    }
    this.#now = now;
    this.#used = used;
    this.#scope = scope === undefined ? {} : { scope };
  }

  /** Has each request to be told apart until it settles? */
  get holds(): boolean {
    return this.#hasBudget || this.#rates.concurrent !== null;
  }

  get #hasBudget(): boolean {
    return this.#rates.tokens_per_day !== null || this.#rates.cost_per_day_usd !== null;
  }

  count(requests = 1, at = this.#now): void {
    for (const name of REQUEST_WINDOWS) this.#windows[name]?.add(at, requests);
  }

  takeBack(at: number, requests: number): void {
    for (const name of REQUEST_WINDOWS) this.#windows[name]?.takeBack(at, requests);
  }

  reserve({ tokens, cost_nano }: DayUse, requests = 1): void {
    this.#inFlight += requests;
    this.#held.tokens += tokens;
    this.#held.cost_nano += cost_nano;
  }

  /** All limits in the way. */
  refusals(request: AdmissionRequest): LimitState[] {
    const reached: LimitState[] = [];
    const reach = (window: Window, limit: number, remaining: number, reset_ms: number): void => {
      reached.push({ window, ...this.#scope, limit, remaining: Math.max(0, remaining), reset_ms });
    };
    for (const name of REQUEST_WINDOWS) {
      const limit = this.#limits[name];
      const window = this.#windows[name];
      if (limit === undefined || window === undefined || window.count(this.#now) < limit) continue;
      reach(name, limit, 0, limit === 0 ? window.lengthMs : window.untilAtMost(limit - 1, this.#now));
    }
    const { tokens_per_day, cost_per_day_usd, concurrent } = this.#rates;
    if (concurrent !== null && this.#inFlight >= concurrent)
      reach('concurrent', concurrent, 0, SETTLING_SOON_MS);
    if (tokens_per_day !== null) {
      const free = tokens_per_day - this.#used.tokens;
      const left = free - this.#held.tokens;
      if (request.tokens > left)
        reach('tokens_per_day', tokens_per_day, left, this.#untilBudget(request.tokens <= free));
    }
    if (cost_per_day_usd !== null) {
      const asked = toNano(request.cost_usd);
      const free = toNano(cost_per_day_usd) - this.#used.cost_nano;
      const left = free - this.#held.cost_nano;
      if (asked > left)
        reach('cost_per_day_usd', cost_per_day_usd, left / 1e9, this.#untilBudget(asked <= free));
    }
    return reached;
  }

  /** Of the request windows, the one with the least of its limit left first. */
  states(): LimitState[] {
    const states = REQUEST_WINDOWS.flatMap((name): LimitState[] => {
      const limit = this.#limits[name];
      const window = this.#windows[name];
      if (limit === undefined || window === undefined) return [];
      const remaining = limit - window.count(this.#now);
      return [{ window: name, ...this.#scope, limit, remaining, reset_ms: window.untilEmpty(this.#now) }];
    });
    return states.length < 2 ? states : states.sort((a, b) => shareLeft(a) - shareLeft(b));
  }

  /** What of a block may be leased: where `roomy`, only if half of every limit is still free afterwards. */
  lendable(wanted: Block, roomy: boolean): Block | undefined {
    const block = {
      requests: wanted.requests,
      tokens: this.#rates.tokens_per_day === null ? Infinity : wanted.tokens,
      cost_nano: this.#rates.cost_per_day_usd === null ? Infinity : wanted.cost_nano,
    };
    for (const [of, limit, left] of this.#room()) {
      if (left < NEVER_LEASED) return undefined;
      block[of] = Math.min(block[of], Math.floor(left * LEASED_SHARE));
      if (roomy && left - block[of] < limit / 2) return undefined;
    }
    return block.requests < 1 ? undefined : block;
  }

  /** The most that may be used on the day as this set counts what is held. */
  bound(): UseBound | undefined {
    if (!this.#hasBudget) return undefined;
    const { tokens_per_day, cost_per_day_usd } = this.#rates;
    return {
      day: dayOf(this.#now),
      ...(tokens_per_day === null ? {} : { tokens: tokens_per_day - this.#held.tokens }),
      // Beyond 2^53 nano-dollars a difference is rounded; what was seen as used must stay within the bound.
      ...(cost_per_day_usd === null
        ? {}
        : {
            cost_nano: Math.max(this.#used.cost_nano, toNano(cost_per_day_usd) - this.#held.cost_nano),
          }),
    };
  }

  packed(): string {
    return packWindows(this.#windows);
  }

  /** When nothing of the windows counts any more; milliseconds since the epoch. */
  get ends(): number {
    return Math.max(0, ...REQUEST_WINDOWS.map((name) => this.#windows[name]?.ends ?? 0));
  }

  /** By the names of the limits; a request window that has no limit is not counted. */
  uses(): Record<Window, LimitUse> {
    const { tokens_per_day, cost_per_day_usd, concurrent } = this.#rates;
    const midnight = untilMidnight(this.#now);
    const ofRequests = (name: RequestWindow): LimitUse => {
      const window = this.#windows[name];
      const reset_ms = window?.untilEmpty(this.#now) ?? 0;
      return useOf(this.#limits[name] ?? null, window?.count(this.#now) ?? 0, 0, reset_ms);
    };
    const nano = cost_per_day_usd === null ? null : toNano(cost_per_day_usd);
    const cost = useOf(nano, this.#used.cost_nano, this.#held.cost_nano, midnight);
    return {
      second: ofRequests('second'),
      minute: ofRequests('minute'),
      hour: ofRequests('hour'),
      tokens_per_day: useOf(tokens_per_day, this.#used.tokens, this.#held.tokens, midnight),
      cost_per_day_usd: {
        ...cost,
        limit: cost_per_day_usd,
        used: cost.used / 1e9,
        held: cost.held / 1e9,
        free: cost.free === null ? null : cost.free / 1e9,
      },
      concurrent: useOf(concurrent, 0, this.#inFlight, 0),
    };
  }

  /** Of what can be leased: the limits, and what is left of them. */
  *#room(): Generator<[keyof Block, number, number]> {
    const { tokens_per_day, cost_per_day_usd, concurrent } = this.#rates;
    for (const name of REQUEST_WINDOWS) {
      const limit = this.#limits[name];
      if (limit !== undefined)
        yield ['requests', limit, limit - (this.#windows[name]?.count(this.#now) ?? 0)];
    }
    if (concurrent !== null) yield ['requests', concurrent, concurrent - this.#inFlight];
    if (tokens_per_day !== null)
      yield ['tokens', tokens_per_day, tokens_per_day - this.#used.tokens - this.#held.tokens];
    if (cost_per_day_usd !== null) {
      const limit = toNano(cost_per_day_usd);
      yield ['cost_nano', limit, limit - this.#used.cost_nano - this.#held.cost_nano];
    }
  }

  #untilBudget(fitsOnceSettled: boolean): number {
    const midnight = untilMidnight(this.#now);
    return fitsOnceSettled ? Math.min(SETTLING_SOON_MS, midnight) : midnight;
  }
}

const useOf = (limit: number | null, used: number, held: number, reset_ms: number): LimitUse => ({
  limit,
  used,
  held,
  free: limit === null ? null : Math.max(0, limit - used - held),
  reset_ms,
});

/** A limit of nothing leaves nothing. */
export const shareLeft = ({ limit, remaining }: LimitState): number => (limit === 0 ? 0 : remaining / limit);
