/** What a tenant and its key have used, hold and have left, for people and programs to read. */
import { type KeyLimits, WINDOWS, type Window } from '../../model/quota.ts';
import { EMPTY_LEDGER, type LedgerItem } from '../../ports/usage-ledger.ts';
import { Account } from './account.ts';
import { dayOf } from './days.ts';
import type { LimitUse } from './limit-set.ts';

export type LimitUsage = Omit<LimitUse, 'reset_ms'> & { resets_at: string | null };
export type LimitsUsage = Record<Window, LimitUsage>;

const shown = (uses: Record<Window, LimitUse>, now: number): LimitsUsage =>
  Object.fromEntries(
    WINDOWS.map((window) => {
      const { reset_ms, ...use } = uses[window];
      return [window, { ...use, resets_at: reset_ms === 0 ? null : new Date(now + reset_ms).toISOString() }];
    }),
  ) as LimitsUsage;

/** By the names of the limits; `now` in milliseconds since the epoch. */
export const limitsUsage = (
  item: LedgerItem | undefined,
  now: number,
  key?: KeyLimits,
): { day: string; limits: LimitsUsage; key?: { id: string; limits: LimitsUsage } } => {
  const account = new Account(item ?? EMPTY_LEDGER, now);
  return {
    day: dayOf(now),
    limits: shown(account.uses(), now),
    ...(key === undefined ? {} : { key: { id: key.id, limits: shown(account.uses(key), now) } }),
  };
};
