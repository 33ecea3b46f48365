/** Settled observations at chosen times, in the order of their making. */
import { uuidv7Source } from '../../../shared/adapters/runtime/uuidv7.ts';
import type { Observation } from '../../../shared/model/observation.ts';
import type { SettledObservation } from '../../../shared/ports/observation-store.ts';
import type { IdSource } from '../../../shared/ports/runtime.ts';
import { settlementOf, TENANT } from './limits.ts';
import type { ManualClock } from './manual-clock.ts';
import { settledOf } from './observations.ts';
import { seededRandom } from './seeded-random.ts';

export class Happened {
  readonly #clock: ManualClock;
  readonly #random = seededRandom(11);
  readonly #now: IdSource;

  constructor(clock: ManualClock) {
    this.#clock = clock;
    this.#now = uuidv7Source(clock, this.#random);
  }

  /** By default now, for the tenant of the tests, under the observation's own id. */
  make(fields: Partial<Observation> = {}, msAgo = 0): SettledObservation {
    const at = this.#clock.now() - msAgo;
    const id = fields.id ?? this.#idOf(at, msAgo);
    const settlement = settlementOf(id, { tokens: 12, day: new Date(at).toISOString().slice(0, 10) });
    const { observation } = settledOf({ ...settlement, tenant_id: fields.tenant_id ?? TENANT });
    return {
      settlement: { ...settlement, tenant_id: observation.tenant_id },
      observation: { ...observation, created_at: new Date(at).toISOString(), ...fields },
    };
  }

  #idOf(at: number, msAgo: number): string {
    if (msAgo === 0) return this.#now.uuidv7();
    const clock = { now: () => at, monotonic: () => 0, sleep: () => Promise.resolve() };
    return uuidv7Source(clock, this.#random).uuidv7();
  }
}
