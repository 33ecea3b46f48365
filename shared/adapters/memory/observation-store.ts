import { invalidField } from '../../errors/app-error.ts';
import {
  asStored,
  type Feedback,
  isWanted,
  type Observation,
  type ObservationPage,
  type ObservationQuery,
} from '../../model/observation.ts';
import type { Settlement } from '../../model/quota.ts';
import type {
  DeadLetters,
  FeedbackResult,
  FeedbackStore,
  ObservationStore,
  SettledObservation,
} from '../../ports/observation-store.ts';
import { timeOfUuidv7 } from '../runtime/uuidv7.ts';

/** Observations and feedback in memory. `settle` books the tenants' usage. */
export class MemoryObservationStore implements ObservationStore, FeedbackStore {
  readonly maxBatch = 33;
  readonly #settle: (settlements: readonly Settlement[]) => void;
  readonly #byId = new Map<string, Observation>();
  readonly #aliases = new Map<string, string>();
  readonly #feedback = new Map<string, string>();

  constructor(settle: (settlements: readonly Settlement[]) => void = () => undefined) {
    this.#settle = settle;
  }

  async commit(batch: readonly SettledObservation[]): Promise<void> {
    for (const { observation, settlement } of batch) {
      if (this.#byId.has(observation.id)) continue;
      this.#byId.set(observation.id, structuredClone(asStored(observation)));
      const alias = `${observation.tenant_id}#${observation.request_id}`;
      if (observation.id > (this.#aliases.get(alias) ?? '')) this.#aliases.set(alias, observation.id);
      this.#settle([settlement]);
    }
  }

  async find(tenantId: string, requestId: string): Promise<Observation | undefined> {
    const id = this.#aliases.get(`${tenantId}#${requestId}`) ?? requestId;
    const observation = this.#byId.get(id);
    return observation?.tenant_id === tenantId ? structuredClone(observation) : undefined;
  }

  async list(query: ObservationQuery): Promise<ObservationPage> {
    const before = query.cursor;
    if (before !== undefined && timeOfUuidv7(before) === undefined) {
      throw invalidField('/query/cursor', 'is not a cursor of this listing');
    }
    const items = [...this.#byId.values()]
      .filter((observation) => isWanted(query, observation))
      .filter(({ id }) => before === undefined || id < before)
      .sort((a, b) => (a.id < b.id ? 1 : -1))
      .slice(0, query.limit)
      .map((observation) => structuredClone(observation));
    const last = items.at(-1);
    return items.length >= query.limit && last !== undefined ? { items, cursor: last.id } : { items };
  }

  async record(feedback: Feedback): Promise<FeedbackResult> {
    const observation = await this.find(feedback.tenant_id, feedback.request_id);
    if (observation === undefined) return 'unknown_request';
    const labels = Object.entries(feedback.labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    const told = JSON.stringify([feedback.quality_score, labels]);
    const before = this.#feedback.get(observation.id);
    if (before !== undefined) return before === told ? 'same' : 'different';
    this.#feedback.set(observation.id, told);
    this.#byId.set(observation.id, { ...observation, quality_score: feedback.quality_score });
    return 'stored';
  }
}

export class MemoryDeadLetters implements DeadLetters {
  readonly letters: SettledObservation[] = [];

  async put(batch: readonly SettledObservation[]): Promise<void> {
    this.letters.push(...structuredClone([...batch]));
  }
}
