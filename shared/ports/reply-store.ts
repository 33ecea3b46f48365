/** Whoever answers a request first claims its key, for `leaseMs`; `owner` tells one claim from another. */
export interface ReplyClaim {
  key: string;
  /** Of what was asked: another request under the same key has another one. */
  fingerprint: string;
  owner: string;
  leaseMs: number;
  /** Milliseconds for which the key is taken. */
  keptMs: number;
}

/** Busy: the first one still runs. Other: another request has the key. Lost: it was answered, and its reply is not there. */
export type ClaimResult =
  | { state: 'claimed' | 'busy' | 'other' | 'lost' }
  | { state: 'answered'; sealed: string };

/** Replies by idempotency key. Keys say nothing of who asked what. All methods throw `unavailable`. */
export interface ReplyStore {
  claim(claim: ReplyClaim): Promise<ClaimResult>;
  /** Keeps the reply, or that there was one where `sealed` is left out. Nothing where the claim was lost. */
  keep(key: string, owner: string, sealed?: string): Promise<void>;
  /** The next request may have the key. Nothing where the claim was lost. */
  free(key: string, owner: string): Promise<void>;
}

/** Sealed answers by the hash of what was asked. */
export interface AnswerCache {
  /** Nothing that has expired. */
  get(key: string): Promise<string | undefined>;
  /** Replaces what is there. Nothing larger than `LARGEST_ANSWER` may be put. */
  put(key: string, sealed: string, ttlMs: number): Promise<void>;
}

/** Characters of base64. */
export const LARGEST_ANSWER = 480_000;
