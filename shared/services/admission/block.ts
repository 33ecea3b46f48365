/** What a lease is made of: how long a block may last, and how many requests are worth one. */
import type { Hold } from '../../model/quota.ts';
import { REQUEST_WINDOWS, SHAPES } from './windows.ts';

/** The finest bucket; ends of leases lie on it. */
export const BUCKET_MS = Math.min(...REQUEST_WINDOWS.map((name) => SHAPES[name].bucketMs));
/** How long a lease lasts, but for the rest of its last bucket; longer where processes get in each other's way. */
const LONG_MS = 500;
const LONGEST_MS = 2_000;
export const LONGEST_LEASE_MS = LONGEST_MS + BUCKET_MS;
/** Requests expected in a block, fewer than which are not worth one. */
const FEWEST = 4;
const FEWEST_LONG = 8;
/** Somewhat more than is expected, since a lease that runs out costs a swap, and what is left over goes back. */
const AMPLE = 1.25;

export interface Block {
  requests: number;
  tokens: number;
  cost_nano: number;
}

/** What is expected of the requests to come. */
export interface Want {
  /** Requests in a bucket: on average, and if the present one was like those to come. */
  expected: number;
  expectedNow: number;
  /** Do others swap the same item? */
  contended: boolean;
  /** In a bucket, of a tenant whose next requests may be let in ahead, however few they are. */
  ahead?: number;
  /** On average, of one request. */
  tokens: number;
  cost_nano: number;
}

/** What a process asks of the tenant's account beside its requests. */
export interface LeaseRequest {
  /** Of its hold. */
  id: string;
  /** The requests in flight that drew on it. */
  drawn: Block & { expires_at: number };
  /** What is reserved of blocks that are still drawn on, and how many requests these let in. */
  kept: Block & { ready: number };
  hold_ms: number;
  /** Of the hold that this swap writes, and of the one that its process wrote last as far as it knows. */
  serial: number;
  former: number;
  /** What is left of the blocks that have ended. */
  unused: readonly { at: number; requests: number }[];
  want?: Want;
}

/** A block that might be had. */
export interface Wanted extends Block {
  /** Account's time. */
  until: number;
  /** It lasts beyond its bucket, which takes room in every limit. */
  isLong: boolean;
  /** Of no use where it would reserve tokens, dollars or places. */
  countsOnly: boolean;
}

const endOfBucket = (ms: number): number => Math.ceil(ms / BUCKET_MS) * BUCKET_MS;

/** The blocks that might be granted at `now`, the best first; `kept` requests are there already. A long one goes by the average alone. */
export const wantedBlocks = (want: Want, kept: number, now: number): Wanted[] => {
  const { expected, expectedNow, ahead } = want;
  const longest = endOfBucket(now + LONGEST_MS);
  const wanted: Wanted[] = [];
  const offer = (until: number, inBucket: number, shape: { isLong: boolean; countsOnly: boolean }): void => {
    const requests = Math.ceil(inBucket * ((until - now) / BUCKET_MS) * AMPLE) - kept;
    if (requests < 1) return;
    wanted.push({
      requests,
      tokens: Math.ceil(want.tokens * requests * AMPLE),
      cost_nano: Math.ceil(want.cost_nano * requests * AMPLE),
      until,
      ...shape,
    });
  };
  const offerLong = (until: number): void => {
    if (expected * ((until - now) / BUCKET_MS) >= FEWEST_LONG)
      offer(until, expected, { isLong: true, countsOnly: false });
  };
  if (want.contended) offerLong(longest);
  offerLong(endOfBucket(now + LONG_MS));
  const next = (Math.floor(now / BUCKET_MS) + 1) * BUCKET_MS;
  if (expectedNow >= FEWEST) offer(next, expectedNow, { isLong: false, countsOnly: false });
  if (ahead !== undefined) offer(longest, ahead, { isLong: true, countsOnly: true });
  return wanted;
};

/** The hold that stands for a lease; it is there for its serial number, also where nothing is reserved. */
export const leaseHold = (
  { drawn, kept, serial, hold_ms }: LeaseRequest,
  block: Block,
  until: number,
): Hold => ({
  tokens: drawn.tokens + kept.tokens + block.tokens,
  cost_nano: drawn.cost_nano + kept.cost_nano + block.cost_nano,
  // Who draws last is held as long as anyone.
  expires_at: Math.max(drawn.expires_at, until + hold_ms),
  lease: { requests: drawn.requests + kept.requests + block.requests, until, serial },
});
