import type { Quota, QuotaUse } from '../model/quota.ts';

/**
 * One item for each tenant: its quota, the state of its windows and holds, and a version.
 * `State` is opaque to everyone but services/admission.
 */
export interface LedgerItem {
  version: number;
  quota?: Quota;
  /** Packed admission state, as written by services/admission/codec.ts. */
  state?: string;
}

export type SwapResult = { swapped: true } | { swapped: false; current: LedgerItem | undefined };

/** Storage of the limits. When it cannot answer it throws `unavailable`: the caller fails closed. */
export interface UsageLedger {
  /** Strongly consistent. */
  read(tenantId: string): Promise<LedgerItem | undefined>;
  /** Writes `state` if the version is still `expectedVersion` (0: no item yet); a failed swap returns the fresh item. */
  swap(tenantId: string, expectedVersion: number, state: string): Promise<SwapResult>;
  /** Bumps the version, so that every instance sees the new quota at its next swap. */
  putQuota(quota: Quota): Promise<void>;
  listQuotas(): Promise<Quota[]>;
  /** What was used on a day (UTC, YYYY-MM-DD) and is held now. */
  use(tenantId: string, day: string): Promise<QuotaUse>;
}
