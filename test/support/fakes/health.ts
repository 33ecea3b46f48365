/** Health of models over one store, as several instances see it. */
import { MemoryHealthStore } from '../../../shared/adapters/memory/health-store.ts';
import type { CallOutcome, HealthRecord } from '../../../shared/model/health.ts';
import type { HealthSwap } from '../../../shared/ports/health-store.ts';
import { AdapterHealth, type Ended } from '../../../shared/services/health/adapter-health.ts';
import { afterCall, unknownHealth } from '../../../shared/services/health/breaker.ts';
import { ManualClock } from './manual-clock.ts';
import { drawing, seededRandom } from './seeded-random.ts';

export const OK: Ended = { result: 'ok', probe: false };
export const FAILED: Ended = { result: 'failed', probe: false, error: 'provider_error' };

export const outcome = (ended: Ended, at = 0, draw = 0.5): CallOutcome => ({ ...ended, at, draw });

export const healthAfter = (...outcomes: CallOutcome[]): HealthRecord =>
  outcomes.reduce(afterCall, unknownHealth('a', 'then'));

/** As many as open a breaker. */
export const FIVE = 5;
export const failures = (count: number, at = 0): CallOutcome[] =>
  Array.from({ length: count }, () => outcome(FAILED, at));

export class WatchedHealthStore extends MemoryHealthStore {
  swaps = 0;
  isAway = false;

  override async list(): Promise<HealthRecord[]> {
    if (this.isAway) throw new Error('the table is away');
    return super.list();
  }

  override async swap(record: HealthRecord): Promise<HealthSwap> {
    this.swaps += 1;
    if (this.isAway) throw new Error('the table is away');
    return super.swap(record);
  }
}

export class SharedHealth {
  readonly clock = new ManualClock();
  readonly store = new WatchedHealthStore();

  /** Half of an opening's jitter: the first one takes 7.5 s. */
  instance(): AdapterHealth {
    return new AdapterHealth({ store: this.store, clock: this.clock, random: drawing(0.5) });
  }

  /** With chance of its own. */
  seeded(seed: number): AdapterHealth {
    return new AdapterHealth({ store: this.store, clock: this.clock, random: seededRandom(seed) });
  }
}

export const breakOpen = async (
  health: AdapterHealth,
  adapter: { id: string; updated_at: string },
): Promise<void> => {
  for (let count = 0; count < FIVE; count++) health.record(adapter, FAILED);
  await health.flush();
};
