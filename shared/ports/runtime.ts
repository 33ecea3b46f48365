/** Clock, randomness and identifiers: the only ways time and chance come in. */

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds from an arbitrary start that never go back; for durations. */
  monotonic(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Integer in 0..2^53-1, the seed of one decision. */
  seed(): number;
  bytes(length: number): Uint8Array;
}

export interface IdSource {
  /** UUIDv7 (RFC 9562): sorts by time of making, also within a millisecond of one process. */
  uuidv7(): string;
}
