import type { Hold, Quota, QuotaUse, Settlement } from '../model/quota.ts';

export interface DayUse {
  tokens: number;
  cost_nano: number;
}

/** One item for each tenant: its quota, the counts of its windows, the days' use, the holds, and a version. */
export interface LedgerItem {
  /** Changes with every swap and every new quota; 0 where there was neither. */
  version: number;
  quota?: Quota;
  /** Packed by services/admission/windows.ts. */
  windows?: string;
  /** By day (UTC, YYYY-MM-DD). */
  days: Readonly<Record<string, DayUse>>;
  /** By observation id. */
  holds: Readonly<Record<string, Hold>>;
}

export interface LedgerChange {
  windows: string;
  holds: Readonly<Record<string, Hold>>;
  /** Expired holds and former days. */
  dropHolds: readonly string[];
  dropDays: readonly string[];
}

export type SwapResult = { swapped: true } | { swapped: false; current: LedgerItem | undefined };

/** Storage of the limits. When it cannot answer it throws `unavailable`: the caller fails closed. */
export interface UsageLedger {
  /** Strongly consistent. */
  read(tenantId: string): Promise<LedgerItem | undefined>;
  /** Writes the change if the version is still `expectedVersion`; a failed swap returns the fresh item. */
  swap(tenantId: string, expectedVersion: number, change: LedgerChange): Promise<SwapResult>;
  /** Bumps the version, so that every instance sees the new quota at its next swap. */
  putQuota(quota: Quota): Promise<void>;
  listQuotas(): Promise<Quota[]>;
}

/**
 * Books what was used and drops the hold. DynamoDB does it within the transaction that writes the observation. It needs
 * no version: a copy that has not seen it still counts the hold, which is as much; where the use exceeds the hold, the
 * version is bumped, so that no copy decides without having seen it.
 */
export interface UsageBooks {
  settle(settlements: readonly Settlement[]): void;
}

export const exceedsHold = ({ tokens, cost_nano, held }: Settlement): boolean =>
  held !== undefined && (tokens > held.tokens || cost_nano > held.cost_nano);

/** What a tenant used on a day and holds at `now`. */
export const useOf = (item: LedgerItem | undefined, day: string, now: number): QuotaUse => {
  const used = item?.days[day] ?? { tokens: 0, cost_nano: 0 };
  const live = Object.values(item?.holds ?? {}).filter((hold) => hold.expires_at > now);
  return {
    day,
    tokens_used: used.tokens,
    cost_used_usd: used.cost_nano / 1e9,
    tokens_held: live.reduce((sum, hold) => sum + hold.tokens, 0),
    cost_held_usd: live.reduce((sum, hold) => sum + hold.cost_nano, 0) / 1e9,
    in_flight: live.length,
  };
};
