/**
 * What one key of a table can carry: DynamoDB gives a partition 1,000 write units and 3,000 read units a second, however many
 * a table has. Of functions on demand, which share nothing but the tables.
 */
import { instancesOf, readUnits, SWAPS_ALONE, TRANSACTION, writeUnits } from './footprint.ts';
import type { Load } from './load.ts';
import type { Sizes } from './sizes.ts';

const WRITES = 1_000;
const READS = 3_000;

export interface Ceilings {
  /** One tenant: its item of the Usage table. */
  readonly tenantLimits: number;
  /** One tenant: its part of the observations' index, which is sorted by time. */
  readonly tenantIndex: number;
  /** Each shard of a day's observations. */
  readonly observationShard: number;
  /** All: the one partition of the configuration, which every instance reads each second. */
  readonly configuration: number;
  /** One policy: scores in its outbox, counted in asks. */
  readonly outbox: number;
}

export const ceilingsOf = (load: Load, sizes: Sizes): Ceilings => {
  const observation = writeUnits(sizes.observation);
  const refreshes = Math.min(1, instancesOf({ ...load, rps: 1_000 }) / 1_000);
  return {
    tenantLimits: WRITES / (writeUnits(sizes.usage) * (SWAPS_ALONE + TRANSACTION)),
    // Its entries are one unit each, however long the observation.
    tenantIndex: WRITES,
    observationShard: WRITES / (TRANSACTION * observation),
    configuration: READS / (readUnits(sizes.config) * refreshes),
    outbox: load.feedback === 0 ? Infinity : WRITES / (2 * writeUnits(sizes.feedback) * load.feedback),
  };
};
