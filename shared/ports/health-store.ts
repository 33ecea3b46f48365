import type { HealthRecord } from '../model/health.ts';

export type HealthSwap = { swapped: true } | { swapped: false; current: HealthRecord | undefined };

/** The models' health, shared by all instances: written when a breaker changes, and every few seconds at most otherwise. */
export interface HealthStore {
  /** Strongly consistent. */
  list(): Promise<HealthRecord[]>;
  get(adapter: string): Promise<HealthRecord | undefined>;
  /** Stored where the version that is there is the one before (none for version 1); else what is there. Throws `unavailable`. */
  swap(record: HealthRecord): Promise<HealthSwap>;
}
