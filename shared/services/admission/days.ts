/** Days of the daily limits: UTC. */
import type { LedgerItem } from '../../ports/usage-ledger.ts';

const DAY_MS = 86_400_000;

/** YYYY-MM-DD of milliseconds since the epoch. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Milliseconds to the next day. */
export const untilMidnight = (ms: number): number => DAY_MS - (ms % DAY_MS);

/** Days before yesterday, which no settlement and no clock still needs. */
export const formerDays = (days: LedgerItem['days'], now: number): string[] => {
  const yesterday = dayOf(now - DAY_MS);
  return Object.keys(days).filter((day) => day < yesterday);
};
