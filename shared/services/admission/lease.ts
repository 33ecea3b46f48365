/**
 * A process's lease of a busy tenant: blocks of requests that were counted in one swap, and are let in without another. A block
 * counts from its end, so whoever draws on it before counts from then or earlier: limits stay as exact as without. Where half of
 * every limit is free a block lasts half a second, two where processes contend, and the next one is fetched while it is in use;
 * else it ends with the 50 ms bucket that it was granted in. What was not drawn goes back with the next swap, or a moment after
 * the end. Only a process that serves several requests at once has a lease, since one that serves one at a time may be frozen
 * after it; and one that never is, for a tenant that has asked for a while. That one also lets in ahead who asks now and then.
 */
import { type AdmissionRequest, type LimitState, toNano, type Verdict } from '../../model/quota.ts';
import { type Block, BUCKET_MS, type LeaseRequest } from './block.ts';

/** Requests within some five seconds (a bucket's share fades by 1 % a bucket) that make a tenant a steady or a regular one. */
const STEADY = 64;
const REGULAR = 3;
const FADING = 0.99;
/** How much of the average a bucket moves. */
const SMOOTHING = 0.3;
/** Shares of a lease's time and requests that are left when the next one is fetched; the time is drawn anew each time. */
const RENEW_TIME = [0.2, 0.4] as const;
const RENEW_REQUESTS = 0.25;
/** Milliseconds before a renewal that failed is tried again. */
const RENEW_PAUSE_MS = 50;

/** Whether a swap may lease a block for requests that come together, and one for those that come now and then. */
export interface MayLease {
  blocks: boolean;
  ahead: boolean;
}

/** `at` is the account's time from which it counts; tokens and dollars are infinite where there is no such limit. */
export interface Grant extends Block {
  at: number;
  /** How long it lasts. */
  ms: number;
  isLong: boolean;
  limits: readonly LimitState[];
  /** Whether requests that draw on it have to be told apart until they settle. */
  holds: boolean;
}

interface Live extends Grant {
  /** In milliseconds of the monotonic clock. */
  until: number;
  granted: number;
}

interface Drawn {
  tokens: number;
  cost_nano: number;
  expires_at: number;
}

export class Lease {
  readonly id: string;
  readonly #random: () => number;
  readonly #drawn = new Map<string, Drawn>();
  /** Oldest first. */
  #grants: Live[] = [];
  /** Given back by the swap under way. */
  #returning = new Set<Live>();
  #isHeld = false;
  #serial = 0;
  #former = 0;
  #released = false;
  #renewAtMs = 0;
  #renewNotBefore = 0;
  #bucket = 0;
  #inBucket = 0;
  #expected = 0;
  #lately = 0;
  #average = { tokens: 0, cost_nano: 0, hold_ms: 0 };

  /** `random` spreads the instants at which processes renew: 0 to 1. */
  constructor(id: string, random: () => number = () => 0.5) {
    this.id = id;
    this.#random = random;
  }

  /** To be told of every request, leased or not. */
  note(request: AdmissionRequest, nowMs: number): void {
    this.#turnTo(nowMs);
    this.#inBucket += 1;
    this.#lately += 1;
    const average = this.#average;
    average.tokens += (request.tokens - average.tokens) * SMOOTHING;
    average.cost_nano += (toNano(request.cost_usd) - average.cost_nano) * SMOOTHING;
    average.hold_ms = request.hold_ms;
  }

  /** The request's verdict, where the lease has room for it. */
  draw(request: AdmissionRequest, nowMs: number, monotonicMs: number): Verdict | undefined {
    const cost_nano = toNano(request.cost_usd);
    const grant = this.#grants.find(
      ({ requests, until, tokens, ...block }) =>
        requests > 0 && monotonicMs < until && request.tokens <= tokens && cost_nano <= block.cost_nano,
    );
    if (grant === undefined) return undefined;
    grant.requests -= 1;
    const limits = grant.limits.length === 0 ? {} : { limits: shownLimits(grant) };
    if (!grant.holds) return { admitted: true, ...limits };
    grant.tokens -= request.tokens;
    grant.cost_nano -= cost_nano;
    this.#drawn.set(request.id, { tokens: request.tokens, cost_nano, expires_at: nowMs + request.hold_ms });
    return { admitted: true, ...limits, leased: true };
  }

  /** A request that drew on it has been booked: what it held is free with the next swap. */
  release(requestId: string): void {
    if (this.#drawn.delete(requestId)) this.#released = true;
  }

  /** Has it asked often enough lately to be worth a lease also where its requests come one after the other? */
  get isSteady(): boolean {
    return this.#lately >= STEADY;
  }

  /** Or to be let in ahead, where that reserves nothing but a count? */
  get isRegular(): boolean {
    return this.#lately >= REGULAR;
  }

  /** Does the tenant's item hold something for it? */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Is it about to run out, so that the next block should be fetched? */
  isLow(monotonicMs: number): boolean {
    const last = this.#grants.at(-1);
    if (last?.isLong !== true || monotonicMs < this.#renewNotBefore) return false;
    if (monotonicMs < last.until - this.#renewAtMs && last.requests > last.granted * RENEW_REQUESTS)
      return false;
    this.#renewNotBefore = monotonicMs + RENEW_PAUSE_MS;
    return true;
  }

  /** Has it run out, or been drawn on by requests that have settled since the last swap? */
  isOverdue(monotonicMs: number): boolean {
    const isLive = this.#grants.some(({ until }) => monotonicMs < until + BUCKET_MS);
    return !isLive && (this.#grants.length > 0 || this.#released || this.#drawn.size === 0);
  }

  /**
   * For a swap. What has ended is given back with it; on the rest may be drawn meanwhile. Where others swap too, `heldUp` is
   * how many requests had to wait for that, and would have come again but for it.
   */
  request(mayLease: MayLease, nowMs: number, monotonicMs: number, heldUp?: number): LeaseRequest {
    this.#released = false;
    const drawn = { requests: 0, tokens: 0, cost_nano: 0, expires_at: 0 };
    for (const [id, { tokens, cost_nano, expires_at }] of this.#drawn) {
      if (expires_at <= nowMs) this.#drawn.delete(id);
      else {
        drawn.requests += 1;
        drawn.tokens += tokens;
        drawn.cost_nano += cost_nano;
        drawn.expires_at = Math.max(drawn.expires_at, expires_at);
      }
    }
    const kept = { ready: 0, requests: 0, tokens: 0, cost_nano: 0 };
    for (const grant of this.#grants) {
      if (monotonicMs >= grant.until) this.#returning.add(grant);
      if (this.#returning.has(grant)) continue;
      kept.ready += grant.requests;
      if (!grant.holds) continue;
      kept.requests += grant.requests;
      kept.tokens += Number.isFinite(grant.tokens) ? grant.tokens : 0;
      kept.cost_nano += Number.isFinite(grant.cost_nano) ? grant.cost_nano : 0;
    }
    this.#turnTo(nowMs);
    const expected = mayLease.blocks ? Math.max(this.#expected, heldUp ?? 0) : 0;
    const expectedNow = mayLease.blocks ? Math.max(expected, this.#inBucket) : 0;
    const ahead = mayLease.ahead ? { ahead: this.#lately * (1 - FADING) } : {};
    const { tokens, cost_nano, hold_ms } = this.#average;
    return {
      id: this.id,
      serial: ++this.#serial,
      former: this.#former,
      drawn,
      kept,
      unused: [...this.#returning].map(({ at, requests }) => ({ at, requests })),
      hold_ms,
      ...(mayLease.blocks || mayLease.ahead
        ? { want: { expected, expectedNow, contended: heldUp !== undefined, ...ahead, tokens, cost_nano } }
        : {}),
    };
  }

  /** The swap was written. `sinceMs`: the monotonic time at which it was decided, so that its own duration counts. */
  adopt(grant: Grant | undefined, sinceMs: number): void {
    this.#former = this.#serial;
    this.#drop();
    if (grant !== undefined) {
      this.#grants.push({ ...grant, until: sinceMs + grant.ms, granted: grant.requests });
      const [least, most] = RENEW_TIME;
      this.#renewAtMs = grant.ms * (least + (most - least) * this.#random());
      this.#renewNotBefore = 0;
    }
    this.#isHeld = this.#grants.length > 0 || this.#drawn.size > 0;
  }

  /** Whether the swap was written is not known: what it gave back must not be given back again. */
  forget(): void {
    this.#drop();
    this.#released = true;
  }

  #drop(): void {
    this.#grants = this.#grants.filter((grant) => !this.#returning.has(grant));
    this.#returning.clear();
  }

  #turnTo(nowMs: number): void {
    const bucket = Math.floor(nowMs / BUCKET_MS);
    if (bucket === this.#bucket) return;
    const past = Math.max(1, bucket - this.#bucket);
    this.#lately *= FADING ** past;
    this.#expected =
      (this.#expected * (1 - SMOOTHING) + this.#inBucket * SMOOTHING) * (1 - SMOOTHING) ** (past - 1);
    this.#bucket = bucket;
    this.#inBucket = 0;
  }
}

/** What the process has leased counts as used in the account, but is still to be had here. */
const shownLimits = ({ limits, requests }: Grant): LimitState[] =>
  limits.map((limit) => ({ ...limit, remaining: limit.remaining + requests }));
