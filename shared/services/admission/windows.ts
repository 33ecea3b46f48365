/**
 * Sub-bucketed sliding windows. A request counts from its bucket until the same bucket one window later has ended, so no
 * window of the stated length, wherever it begins, ever holds more than its limit; a refusal comes at most one
 * bucket too early (50 ms, 1 s, 1 min).
 */
export interface WindowShape {
  bucketMs: number;
  buckets: number;
}

export const REQUEST_WINDOWS = ['second', 'minute', 'hour'] as const;
export type RequestWindow = (typeof REQUEST_WINDOWS)[number];

export const SHAPES: Readonly<Record<RequestWindow, WindowShape>> = {
  second: { bucketMs: 50, buckets: 20 },
  minute: { bucketMs: 1_000, buckets: 60 },
  hour: { bucketMs: 60_000, buckets: 60 },
};

export class SlidingWindow {
  readonly #shape: WindowShape;
  /** Buckets that count something, oldest first, as pairs: number of the bucket since the epoch, count. */
  readonly #pairs: number[];
  #first = 0;
  #total: number;

  constructor(shape: WindowShape, pairs: number[] = []) {
    this.#shape = shape;
    this.#pairs = pairs;
    this.#total = 0;
    for (let index = 1; index < pairs.length; index += 2) this.#total += pairs[index] ?? 0;
  }

  /** Requests that count at `now`. */
  count(now: number): number {
    const oldest = Math.floor(now / this.#shape.bucketMs) - this.#shape.buckets;
    while (this.#first < this.#pairs.length && (this.#pairs[this.#first] ?? 0) < oldest) {
      this.#total -= this.#pairs[this.#first + 1] ?? 0;
      this.#first += 2;
    }
    return this.#total;
  }

  /** In order of time, since what was leased counts from the end of its lease. */
  add(at: number, requests = 1): void {
    const bucket = Math.floor(at / this.#shape.bucketMs);
    let index = this.#pairs.length - 2;
    while (index >= this.#first && (this.#pairs[index] ?? 0) > bucket) index -= 2;
    if (index >= this.#first && this.#pairs[index] === bucket)
      this.#pairs[index + 1] = (this.#pairs[index + 1] ?? 0) + requests;
    else this.#pairs.splice(index + 2, 0, bucket, requests);
    this.#total += requests;
  }

  /** Takes back what was added at `then` for requests that never came. */
  takeBack(then: number, requests: number): void {
    const bucket = Math.floor(then / this.#shape.bucketMs);
    for (let index = this.#first; index < this.#pairs.length; index += 2) {
      if (this.#pairs[index] !== bucket) continue;
      const counted = this.#pairs[index + 1] ?? 0;
      if (counted > requests) this.#pairs[index + 1] = counted - requests;
      else this.#pairs.splice(index, 2);
      this.#total -= Math.min(counted, requests);
      return;
    }
  }

  /** Milliseconds until at most `count` requests still count. */
  untilAtMost(count: number, now: number): number {
    let left = this.count(now);
    if (left <= count) return 0;
    for (let index = this.#first; index < this.#pairs.length; index += 2) {
      left -= this.#pairs[index + 1] ?? 0;
      if (left <= count) return Math.max(1, this.#endOf(this.#pairs[index] ?? 0) - now);
    }
    return this.lengthMs;
  }

  /** Milliseconds until nothing counts. */
  untilEmpty(now: number): number {
    return this.count(now) === 0 ? 0 : this.ends - now;
  }

  /** When nothing counts any more; milliseconds since the epoch. */
  get ends(): number {
    return this.#endOf(this.#pairs.at(-2) ?? 0);
  }

  get lengthMs(): number {
    return this.#shape.bucketMs * this.#shape.buckets;
  }

  /** The start of the newest bucket that counts something. */
  get newest(): number {
    return (this.#pairs.at(-2) ?? 0) * this.#shape.bucketMs;
  }

  pairs(): number[] {
    return this.#pairs.slice(this.#first);
  }

  #endOf(bucket: number): number {
    return (bucket + this.#shape.buckets + 1) * this.#shape.bucketMs;
  }
}

export type Windows = Partial<Record<RequestWindow, SlidingWindow>>;

const RADIX = 36;

/** Of the section that holds the latest time that was seen. */
const SEEN = 't:';
const SEEN_MS = SHAPES.second.bucketMs;

/** Packed windows and the latest time of any request, milliseconds since the epoch; what is leased counts later. */
export const withSeen = (packed: string, seen: number): string =>
  `${packed === '' ? '' : `${packed};`}${SEEN}${Math.floor(seen / SEEN_MS).toString(RADIX)}`;

/** To the start of its 50 ms; time does not go back before it. */
export const seenIn = (packed: string): number => {
  const from = packed.lastIndexOf(SEEN);
  return from === -1 ? 0 : Number.parseInt(packed.slice(from + SEEN.length), RADIX) * SEEN_MS;
};

/** `window:bucket.count.delta.count…`, base 36, buckets as differences: some ten bytes for each bucket in use. */
export const packWindows = (windows: Windows): string =>
  REQUEST_WINDOWS.flatMap((name) => {
    const pairs = windows[name]?.pairs() ?? [];
    let previous = 0;
    const parts = pairs.map((value, index) => {
      if (index % 2 === 1) return value.toString(RADIX);
      const delta = value - previous;
      previous = value;
      return delta.toString(RADIX);
    });
    return parts.length === 0 ? [] : [`${name[0]}:${parts.join('.')}`];
  }).join(';');

export const unpackWindows = (packed: string): Windows => {
  const windows: Windows = {};
  for (const section of packed === '' ? [] : packed.split(';')) {
    const name = REQUEST_WINDOWS.find((window) => window[0] === section[0]);
    if (name === undefined) continue;
    let previous = 0;
    const pairs = section
      .slice(2)
      .split('.')
      .map((part, index) => {
        const value = Number.parseInt(part, RADIX);
        if (index % 2 === 1) return value;
        previous += value;
        return previous;
      });
    windows[name] = new SlidingWindow(SHAPES[name], pairs);
  }
  return windows;
};
