import type { Feedback, Observation, ObservationPage, ObservationQuery } from '../model/observation.ts';
import type { Settlement } from '../model/quota.ts';

export interface SettledObservation {
  observation: Observation;
  settlement: Settlement;
}

export type FeedbackResult = 'stored' | 'same' | 'different' | 'unknown_request';

/** What happened, durable. */
export interface ObservationStore {
  /**
   * Writes all in one transaction: observations, and the tenants' usage, each request once.
   * At most `maxBatch` entries. A repeated entry changes nothing.
   */
  commit(batch: readonly SettledObservation[]): Promise<void>;
  readonly maxBatch: number;
  /** By the id that the reply carried; strongly consistent. */
  find(tenantId: string, requestId: string): Promise<Observation | undefined>;
  /** Newest first. */
  list(query: ObservationQuery): Promise<ObservationPage>;
}

export interface FeedbackStore {
  /** Joins the score to its decision, marks it as not yet learnt, and shows it in the observation, in one transaction. */
  record(feedback: Feedback): Promise<FeedbackResult>;
}

/** Where an observation waits when the table cannot take it; it survives the process. */
export interface DeadLetters {
  put(batch: readonly SettledObservation[]): Promise<void>;
}
