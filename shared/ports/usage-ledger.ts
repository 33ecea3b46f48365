import type { Hold, Quota, QuotaUse, Settlement } from '../model/quota.ts';

export interface DayUse {
  tokens: number;
  cost_nano: number;
}

/** What counts for one key that has limits of its own. */
export interface KeyUse {
  /** Packed by services/admission/windows.ts; nothing of it counts from `until` on, milliseconds since the epoch. */
  windows: string;
  until: number;
  days: Readonly<Record<string, DayUse>>;
}

/** One item for each tenant: its quota, the counts of its windows, the days' use, the holds, and a version. */
export interface LedgerItem {
  /** Changes with every swap and every new quota, not with a settlement; 0 where there was neither. */
  version: number;
  quota?: Quota;
  /** Packed by services/admission/windows.ts. */
  windows?: string;
  /** By day (UTC, YYYY-MM-DD). */
  days: Readonly<Record<string, DayUse>>;
  /** By observation id. */
  holds: Readonly<Record<string, Hold>>;
  /** By the key's id. */
  keys?: Readonly<Record<string, KeyUse>>;
}

/** The most that may be used on `day` for a change to hold. */
export interface UseBound {
  day: string;
  tokens?: number;
  cost_nano?: number;
}

export interface KeyChange {
  windows: string;
  until: number;
  dropDays: readonly string[];
  atMost?: UseBound;
}

export interface LedgerChange {
  windows: string;
  holds: Readonly<Record<string, Hold>>;
  /** Expired holds and former days. */
  dropHolds: readonly string[];
  dropDays: readonly string[];
  /**
   * The most that may be used on `day` for the change to hold. Settlements leave the version alone, so a copy may not have
   * seen them; what it counts as held and this bound together keep the day within its limit all the same.
   */
  atMost?: UseBound;
  /** By the key's id; one of which nothing counts any more is dropped. */
  keys?: Readonly<Record<string, KeyChange>>;
}

/** `current` is the item after the swap, or the one that stood in its way. */
export type SwapResult =
  | { swapped: true; current: LedgerItem }
  | { swapped: false; current: LedgerItem | undefined };

/** Storage of the limits. When it cannot answer it throws `unavailable`: the caller fails closed. */
export interface UsageLedger {
  /** Strongly consistent. */
  read(tenantId: string): Promise<LedgerItem | undefined>;
  /** Writes the change if the version is still `expectedVersion` and no more is used than `atMost`. */
  swap(tenantId: string, expectedVersion: number, change: LedgerChange): Promise<SwapResult>;
  /** Bumps the version, so that every instance sees the new quota at its next swap. */
  putQuota(quota: Quota): Promise<void>;
  listQuotas(): Promise<Quota[]>;
}

/**
 * Books what was used and drops the hold, whatever the version. DynamoDB does it within the transaction that writes the
 * observation, which makes it once.
 */
export interface UsageBooks {
  settle(settlements: readonly Settlement[]): void;
}

const NO_USE: DayUse = { tokens: 0, cost_nano: 0 };
export const NO_KEY_USE: KeyUse = { windows: '', until: 0, days: {} };

const without = <Value>(record: Readonly<Record<string, Value>>, keys: readonly string[]) =>
  Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));

export const EMPTY_LEDGER: LedgerItem = { version: 0, days: {}, holds: {} };

/** What was used on a day. */
export const usedOn = (item: LedgerItem, day: string): DayUse => item.days[day] ?? NO_USE;

const isWithin = (days: LedgerItem['days'] = {}, atMost: UseBound | undefined): boolean => {
  if (atMost === undefined) return true;
  const used = days[atMost.day] ?? NO_USE;
  return used.tokens <= (atMost.tokens ?? Infinity) && used.cost_nano <= (atMost.cost_nano ?? Infinity);
};

/** Does the change still hold for the item as it is? */
export const accepts = (
  item: LedgerItem,
  expectedVersion: number,
  { atMost, keys = {} }: LedgerChange,
): boolean => {
  if (item.version !== expectedVersion) return false;
  return (
    isWithin(item.days, atMost) &&
    Object.entries(keys).every(([id, key]) => isWithin(item.keys?.[id]?.days, key.atMost))
  );
};

/** The item after a swap. */
export const afterSwap = ({ keys, ...item }: LedgerItem, change: LedgerChange): LedgerItem => ({
  ...item,
  version: item.version + 1,
  windows: change.windows,
  holds: { ...without(item.holds, change.dropHolds), ...change.holds },
  days: without(item.days, change.dropDays),
  ...keysAfter(keys, change),
});

const keysAfter = (before: LedgerItem['keys'], change: LedgerChange): Pick<LedgerItem, 'keys'> => {
  const keys = { ...before };
  for (const [id, { windows, until, dropDays }] of Object.entries(change.keys ?? {})) {
    const days = without(keys[id]?.days ?? {}, dropDays);
    if (windows === '' && Object.keys(days).length === 0) delete keys[id];
    else keys[id] = { windows, until: windows === '' ? 0 : until, days };
  }
  return Object.keys(keys).length === 0 ? {} : { keys };
};

const plus = (days: LedgerItem['days'], { day, tokens, cost_nano }: Settlement): LedgerItem['days'] => {
  const used = days[day] ?? NO_USE;
  return { ...days, [day]: { tokens: used.tokens + tokens, cost_nano: used.cost_nano + cost_nano } };
};

/** The item after a settlement. */
export const afterSettlement = (item: LedgerItem, settlement: Settlement): LedgerItem => {
  const key = settlement.held?.key;
  const use = key === undefined ? undefined : (item.keys?.[key] ?? NO_KEY_USE);
  return {
    ...item,
    holds: without(item.holds, [settlement.id]),
    days: plus(item.days, settlement),
    ...(key === undefined || use === undefined
      ? {}
      : { keys: { ...item.keys, [key]: { ...use, days: plus(use.days, settlement) } } }),
  };
};

/** What a tenant used on a day and holds at `now`. */
export const useOf = (item: LedgerItem | undefined, day: string, now: number): QuotaUse => {
  const used = usedOn(item ?? EMPTY_LEDGER, day);
  const live = Object.values(item?.holds ?? {}).filter((hold) => hold.expires_at > now);
  return {
    day,
    tokens_used: used.tokens,
    cost_used_usd: used.cost_nano / 1e9,
    tokens_held: live.reduce((sum, hold) => sum + hold.tokens, 0),
    cost_held_usd: live.reduce((sum, hold) => sum + hold.cost_nano, 0) / 1e9,
    in_flight: live.reduce((sum, { lease }) => sum + (lease?.requests ?? 1), 0),
  };
};
