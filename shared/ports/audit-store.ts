import type { AuditEntry, AuditPage, AuditQuery, ChainHead } from '../model/audit.ts';

/** One chain's part of an append: from the head that it had to the one that it gets. */
export interface ChainStep {
  /** Undefined where the chain begins. */
  from: ChainHead | undefined;
  to: ChainHead;
  entries: readonly AuditEntry[];
}

/** Where something lies: an entry by its number, a chain's head, or what can be neither. */
export interface AuditPlace {
  chain: string;
  seq: number | 'head' | undefined;
}

/** Chains of entries. Nothing in them is ever changed; reads of chains and heads are strongly consistent. */
export interface AuditStore {
  head(chain: string): Promise<ChainHead | undefined>;
  /** All steps or none: false where a chain's head is another than was thought. At most 40 entries. */
  append(steps: readonly ChainStep[]): Promise<boolean>;
  entry(chain: string, seq: number): Promise<AuditEntry | undefined>;
  /** By their numbers, from the one after `after`; fewer than `limit` only where there are no more. */
  entries(chain: string, after: number, limit: number): Promise<AuditEntry[]>;
  /** Newest first; over all chains they may lag by a second. */
  list(query: AuditQuery): Promise<AuditPage>;
  /** Of everything that is there, in pages and no order. */
  places(): AsyncIterable<readonly AuditPlace[]>;
}
