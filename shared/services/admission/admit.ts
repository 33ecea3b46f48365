/**
 * The pure heart of the limits: a tenant's account and a request give a verdict, and the account as it is then. No I/O and
 * no clock of its own; what is written and how is the ledger's.
 */
import {
  type AdmissionRequest,
  type Hold,
  type LimitState,
  type Quota,
  toNano,
  type Verdict,
} from '../../model/quota.ts';
import type { LedgerChange, LedgerItem } from '../../ports/usage-ledger.ts';
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

const DAY_MS = 86_400_000;
/** Held budget frees itself when requests settle, which is soon but not known. */
const SETTLING_SOON_MS = 1_000;

export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const requestLimits = ({ rate_limit, burst_multiplier }: Quota): Limits => {
  const { rps, rpm, rph } = rate_limit;
  return {
    ...(rps === null ? {} : { second: Math.floor(rps * burst_multiplier) }),
    ...(rpm === null ? {} : { minute: rpm }),
    ...(rph === null ? {} : { hour: rph }),
  };
};

/** Is there anything to count before a request? Use is counted afterwards in any case. */
export const isLimited = (quota: Quota | undefined): quota is Quota =>
  quota !== undefined && Object.values(quota.rate_limit).some((limit) => limit !== null);

export class Account {
  readonly #quota: Quota;
  readonly #limits: Limits;
  readonly #windows: Windows = {};
  readonly #holds: Map<string, Hold>;
  readonly #added: Record<string, Hold> = {};
  readonly #expired: string[] = [];
  readonly #item: LedgerItem;
  readonly #now: number;
  readonly #day: string;
  #tokens: number;
  #costNano: number;

  /** `now` is milliseconds since the epoch; where the account has seen a later time, that one counts. */
  constructor(item: LedgerItem & { quota: Quota }, now: number) {
    this.#item = item;
    this.#quota = item.quota;
    this.#limits = requestLimits(item.quota);
    const stored = unpackWindows(item.windows ?? '');
    for (const name of REQUEST_WINDOWS) {
      if (this.#limits[name] !== undefined)
        this.#windows[name] = stored[name] ?? new SlidingWindow(SHAPES[name]);
    }
    this.#now = Math.max(now, ...Object.values(this.#windows).map((window) => window.newest));
    this.#day = dayOf(this.#now);
    const used = item.days[this.#day] ?? { tokens: 0, cost_nano: 0 };
    this.#tokens = used.tokens;
    this.#costNano = used.cost_nano;
    this.#holds = new Map();
    for (const [id, hold] of Object.entries(item.holds)) {
      if (hold.expires_at <= this.#now) this.#expired.push(id);
      else this.#reserve(id, hold);
    }
  }

  admit(request: AdmissionRequest): Verdict {
    const refusal = this.#refusal(request);
    if (refusal !== undefined) return refusal;
    for (const name of REQUEST_WINDOWS) this.#windows[name]?.add(this.#now);
    const held = this.#hold(request);
    const limit = this.#tightest();
    return {
      admitted: true,
      ...(limit === undefined ? {} : { limit }),
      ...(held === undefined ? {} : { held }),
    };
  }

  /** What to write, and the item as it is after that. */
  change(): { change: LedgerChange; next: LedgerItem } {
    const windows = packWindows(this.#windows);
    const dropDays = Object.keys(this.#item.days).filter((day) => day < dayOf(this.#now - DAY_MS));
    const days = Object.fromEntries(
      Object.entries(this.#item.days).filter(([day]) => !dropDays.includes(day)),
    );
    return {
      change: { windows, holds: this.#added, dropHolds: this.#expired, dropDays },
      next: {
        ...this.#item,
        version: this.#item.version + 1,
        windows,
        days,
        holds: Object.fromEntries(this.#holds),
      },
    };
  }

  #refusal(request: AdmissionRequest): Verdict | undefined {
    for (const name of REQUEST_WINDOWS) {
      const window = this.#windows[name];
      const limit = this.#limits[name];
      if (window === undefined || limit === undefined || window.count(this.#now) < limit) continue;
      const wait =
        limit === 0 ? SHAPES[name].bucketMs * SHAPES[name].buckets : window.untilAtMost(limit - 1, this.#now);
      return refused({ window: name, limit, remaining: 0, reset_ms: wait });
    }
    const { tokens_per_day, cost_per_day_usd, concurrent } = this.#quota.rate_limit;
    if (concurrent !== null && this.#holds.size >= concurrent) {
      return refused({ window: 'concurrent', limit: concurrent, remaining: 0, reset_ms: SETTLING_SOON_MS });
    }
    if (tokens_per_day !== null && this.#tokens + request.tokens > tokens_per_day) {
      return this.#overBudget('tokens_per_day', tokens_per_day, tokens_per_day - this.#tokens);
    }
    if (cost_per_day_usd !== null && this.#costNano + toNano(request.cost_usd) > toNano(cost_per_day_usd)) {
      return this.#overBudget('cost_per_day_usd', cost_per_day_usd, cost_per_day_usd - this.#costNano / 1e9);
    }
    return undefined;
  }

  #overBudget(window: 'tokens_per_day' | 'cost_per_day_usd', limit: number, remaining: number): Verdict {
    const midnight = DAY_MS - (this.#now % DAY_MS);
    const reset_ms = this.#holds.size > 0 ? Math.min(SETTLING_SOON_MS, midnight) : midnight;
    return refused({ window, limit, remaining: Math.max(0, remaining), reset_ms });
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
    this.#reserve(request.id, hold);
    return hold;
  }

  #reserve(id: string, hold: Hold): void {
    this.#holds.set(id, hold);
    this.#tokens += hold.tokens;
    this.#costNano += hold.cost_nano;
  }

  /** The request window with the least of its limit left. */
  #tightest(): LimitState | undefined {
    let tightest: LimitState | undefined;
    for (const name of REQUEST_WINDOWS) {
      const window = this.#windows[name];
      const limit = this.#limits[name];
      if (window === undefined || limit === undefined) continue;
      const count = window.count(this.#now);
      const remaining = Math.max(0, limit - count);
      if (tightest === undefined || remaining / limit < tightest.remaining / tightest.limit) {
        tightest = { window: name, limit, remaining, reset_ms: window.untilAtMost(0, this.#now) };
      }
    }
    return tightest;
  }
}

const refused = (limit: LimitState): Verdict => ({ admitted: false, limit, retry_after_ms: limit.reset_ms });
