/**
 * A process's lease of a busy tenant: a block of requests that were counted in one swap, and are let in without another. It
 * lasts to the end of the 50 ms bucket that it was counted in, so every request still counts from its own bucket: limits stay
 * as exact as without. What was not drawn goes back with the next swap, or a moment after the end. Only requests that come
 * at the same time bring a lease about; an instance that serves one at a time, and may be frozen after it, never has one.
 */
import {
  type AdmissionRequest,
  type Hold,
  type LimitState,
  toNano,
  type Verdict,
} from '../../model/quota.ts';
import { REQUEST_WINDOWS, SHAPES } from './windows.ts';

/** The longest that a lease lasts. */
export const LEASE_MS = Math.min(...REQUEST_WINDOWS.map((name) => SHAPES[name].bucketMs));
/** Requests of a process in a bucket, fewer than which are not worth a lease. */
const FEWEST = 4;
/** Somewhat more than is expected, since a lease that runs out costs a swap, and what is left over goes back. */
const AMPLE = 1.25;
/** How much of the average a bucket moves. */
const SMOOTHING = 0.3;

export interface Block {
  requests: number;
  tokens: number;
  cost_nano: number;
}

/** What a process asks of the tenant's account beside its requests. */
export interface LeaseRequest {
  /** Of its hold. */
  id: string;
  /** The requests in flight that drew on it. */
  drawn: Block & { expires_at: number };
  /** Of the hold that this swap writes. */
  serial: number;
  /** What is left of the former one: as granted. */
  unused?: { at: number; serial: number; requests: number };
  want?: Block & { hold_ms: number };
}

/** `at` is the account's time; tokens and dollars are infinite where there is no such limit. */
export interface Grant extends Block {
  at: number;
  serial: number;
  limit?: LimitState;
  /** Whether requests that draw on it have to be told apart until they settle. */
  holds: boolean;
}

interface Drawn {
  tokens: number;
  cost_nano: number;
  expires_at: number;
}

export class Lease {
  readonly id: string;
  readonly #drawn = new Map<string, Drawn>();
  #grant: Grant | undefined;
  /** In milliseconds of the monotonic clock. */
  #until = 0;
  /** What is left is being given back. */
  #closed = false;
  #isHeld = false;
  #serial = 0;
  #released = false;
  #bucket = 0;
  #inBucket = 0;
  #expected = 0;
  #average = { tokens: 0, cost_nano: 0, hold_ms: 0 };

  constructor(id: string) {
    this.id = id;
  }

  /** To be told of every request, leased or not. */
  note(request: AdmissionRequest, nowMs: number): void {
    const bucket = Math.floor(nowMs / LEASE_MS);
    if (bucket !== this.#bucket) {
      const past = Math.max(1, Math.min(bucket - this.#bucket, 100));
      this.#expected =
        (this.#expected * (1 - SMOOTHING) + this.#inBucket * SMOOTHING) * (1 - SMOOTHING) ** (past - 1);
      this.#bucket = bucket;
      this.#inBucket = 0;
    }
    this.#inBucket += 1;
    const average = this.#average;
    average.tokens += (request.tokens - average.tokens) * SMOOTHING;
    average.cost_nano += (toNano(request.cost_usd) - average.cost_nano) * SMOOTHING;
    average.hold_ms = request.hold_ms;
  }

  /** The request's verdict, where the lease has room for it. */
  draw(request: AdmissionRequest, nowMs: number, monotonicMs: number): Verdict | undefined {
    const grant = this.#grant;
    if (grant === undefined || this.#closed || grant.requests === 0 || monotonicMs >= this.#until)
      return undefined;
    const cost_nano = toNano(request.cost_usd);
    if (request.tokens > grant.tokens || cost_nano > grant.cost_nano) return undefined;
    grant.requests -= 1;
    const limit = grant.limit === undefined ? {} : { limit: shownLimit(grant.limit, grant.requests) };
    if (!grant.holds) return { admitted: true, ...limit };
    grant.tokens -= request.tokens;
    grant.cost_nano -= cost_nano;
    this.#drawn.set(request.id, { tokens: request.tokens, cost_nano, expires_at: nowMs + request.hold_ms });
    return { admitted: true, ...limit, leased: true };
  }

  /** A request that drew on it has been booked: what it held is free with the next swap. */
  release(requestId: string): void {
    if (this.#drawn.delete(requestId)) this.#released = true;
  }

  /** Does the tenant's item hold something for it? */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Has it run out, or been drawn on by requests that have settled since the last swap? */
  isOverdue(monotonicMs: number): boolean {
    const isLive = this.#grant !== undefined && monotonicMs < this.#until + LEASE_MS;
    return !isLive && (this.#grant !== undefined || this.#released || this.#drawn.size === 0);
  }

  /** For a swap; `together` requests are decided in it. Nothing is drawn until `adopt` or `forget`. */
  request(together: number, nowMs: number): LeaseRequest {
    this.#closed = true;
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
    const requests = together < 2 ? 0 : this.#wanted(nowMs);
    const { tokens, cost_nano, hold_ms } = this.#average;
    const each = requests * AMPLE;
    return {
      id: this.id,
      serial: ++this.#serial,
      drawn,
      ...(this.#grant === undefined
        ? {}
        : { unused: { at: this.#grant.at, serial: this.#grant.serial, requests: this.#grant.requests } }),
      ...(requests === 0
        ? {}
        : {
            want: {
              requests,
              tokens: Math.ceil(tokens * each),
              cost_nano: Math.ceil(cost_nano * each),
              hold_ms,
            },
          }),
    };
  }

  /** The swap was written. `sinceMs`: the monotonic time at which it was decided, so that its own duration counts. */
  adopt(grant: Grant | undefined, sinceMs: number): void {
    this.#closed = false;
    this.#grant = grant;
    this.#isHeld = grant !== undefined || this.#drawn.size > 0;
    if (grant !== undefined) this.#until = sinceMs + LEASE_MS - (grant.at % LEASE_MS);
  }

  /** Whether the swap was written is not known: what was left must not be given back again. */
  forget(): void {
    this.#closed = false;
    this.#grant = undefined;
    this.#released = true;
  }

  /** For the rest of this bucket, as the last ones went. */
  #wanted(nowMs: number): number {
    const expected = Math.max(this.#expected, this.#inBucket);
    if (expected < FEWEST) return 0;
    const left = 1 - (nowMs % LEASE_MS) / LEASE_MS;
    return Math.ceil(expected * left * AMPLE);
  }
}

/** What the process has leased counts as used in the account, but is still to be had here. */
const shownLimit = (limit: LimitState, free: number): LimitState => ({
  ...limit,
  remaining: limit.remaining + free,
});

/** The hold that stands for a lease; it is there for its serial number, also where nothing is reserved. */
export const leaseHold = (
  { drawn, serial }: LeaseRequest,
  block: Block,
  at: number,
  expires_at: number,
): Hold => ({
  tokens: drawn.tokens + block.tokens,
  cost_nano: drawn.cost_nano + block.cost_nano,
  expires_at: Math.max(drawn.expires_at, expires_at),
  lease: { requests: drawn.requests + block.requests, at, serial },
});
