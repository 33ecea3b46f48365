/** Joins a score to its decision; what is `pending` waits for `learn` in a sparse index. */
import {
  type FeatureVersions,
  type Feedback,
  keptFeatures,
  type Learnable,
  type Observation,
} from '../../model/observation.ts';
import type { FeedbackResult, FeedbackStore, ObservationStore } from '../../ports/observation-store.ts';
import type { Clock, Random } from '../../ports/runtime.ts';
import { expiryOf, partitionOf, storable } from './observation-item.ts';
import { transact } from './transact.ts';
import { answering } from './unavailable.ts';
import type { DynamoClient, Item, TransactWriteItem } from './wire.ts';

export interface FeedbackStoreOptions {
  client: DynamoClient;
  feedbackTable: string;
  observationsTable: string;
  shards: number;
  observations: Pick<ObservationStore, 'find'>;
  /** Features of another version say nothing to those who decide by these: such scores are learnt without. */
  featureVersions: FeatureVersions;
  clock: Clock;
  random: Random;
}

/** Its place among the transaction's writes. */
const FEEDBACK = 0;

/** Labels as one text that does not depend on their order. */
export const canonicalLabels = (labels: Record<string, string> = {}): string =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

export class DynamoFeedbackStore implements FeedbackStore {
  readonly #options: FeedbackStoreOptions;

  constructor(options: FeedbackStoreOptions) {
    this.#options = options;
  }

  async record(feedback: Feedback): Promise<FeedbackResult> {
    const observation = await this.#options.observations.find(feedback.tenant_id, feedback.request_id);
    if (observation === undefined) return 'unknown_request';
    const failed = await transact(this.#options, this.#writes(feedback, observation));
    if (failed.length === 0) return 'stored';
    return failed.includes(FEEDBACK) ? this.#compare(feedback, observation) : 'unknown_request';
  }

  #writes(feedback: Feedback, observation: Observation): TransactWriteItem[] {
    const { feedbackTable, observationsTable, shards } = this.#options;
    const score = { N: String(storable(feedback.quality_score)) };
    return [
      {
        Put: {
          TableName: feedbackTable,
          Item: {
            feedback_id: { S: feedbackId(observation) },
            ...withoutPending(
              observation,
              this.#lesson(observation, observation.policy, observation, feedback),
            ),
            labels: { S: canonicalLabels(feedback.labels) },
          },
          ConditionExpression: 'attribute_not_exists(feedback_id)',
        },
      },
      {
        Update: {
          TableName: observationsTable,
          Key: { pk: { S: partitionOf(observation.id, shards) ?? '' }, sk: { S: observation.id } },
          UpdateExpression: 'SET quality_score = :score',
          // It may have expired since it was found; an update would bring back a part of it.
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: { ':score': score },
        },
      },
      ...this.#shadowLessons(feedback, observation),
    ];
  }

  /** What policies in shadow learn from the same score: each state once, and none twice. */
  #shadowLessons(feedback: Feedback, observation: Observation): TransactWriteItem[] {
    const taught = new Set([stateOf(observation.policy, observation)]);
    return (observation.shadow ?? []).flatMap((shadow) => {
      const state = stateOf(shadow.policy, shadow);
      if (taught.has(state)) return [];
      taught.add(state);
      const id = { S: `${feedbackId(observation)}#${state}` };
      const lesson = this.#lesson(observation, shadow.policy, shadow, feedback);
      return [{ Put: { TableName: this.#options.feedbackTable, Item: { feedback_id: id, ...lesson } } }];
    });
  }

  /** As `learn` reads it. */
  #lesson(observation: Observation, policy: string, learnable: Learnable, feedback: Feedback): Item {
    const { contextual, features_kind = 'hashed', gamma, memory, task } = learnable;
    const now = this.#options.clock.now();
    const state = stateOf(policy, learnable);
    const known = isMisplaced(observation, learnable)
      ? undefined
      : keptFeatures(observation, features_kind, this.#options.featureVersions);
    return {
      policy: { S: state },
      adapter_id: { S: observation.model },
      quality_score: { N: String(storable(feedback.quality_score)) },
      created_at_ms: { N: String(now) },
      propensity: { N: String(storable(observation.propensity)) },
      ...(contextual === true && known !== undefined ? { features: { B: known } } : {}),
      ...(gamma === undefined ? {} : { gamma: { N: String(gamma) } }),
      ...(memory === undefined ? {} : { memory: { N: String(memory) } }),
      ...(task === undefined ? {} : { task: { N: String(task) } }),
      pending: { S: `p#${state}` },
      expires_at: { N: expiryOf(now) },
    };
  }

  async #compare(feedback: Feedback, observation: Observation): Promise<FeedbackResult> {
    const input = {
      TableName: this.#options.feedbackTable,
      Key: { feedback_id: { S: feedbackId(observation) } },
      ConsistentRead: true,
    };
    const item: Item = (await answering(this.#options.client.call('GetItem', input))).Item ?? {};
    const same =
      Number(item.quality_score?.N) === storable(feedback.quality_score) &&
      item.labels?.S === canonicalLabels(feedback.labels);
    return same ? 'same' : 'different';
  }
}

/** A memory would find a request that the encoder did not see among the wrong neighbours; sums are not moved by zeros. */
const isMisplaced = ({ features_fallback }: Observation, { features_kind, memory }: Learnable): boolean =>
  features_fallback !== undefined && features_kind === 'embedded' && memory !== undefined;

/** A cached answer was not chosen: its score is kept, and nothing is learnt of it. */
const withoutPending = ({ cached }: Observation, { pending, ...lesson }: Item): Item =>
  cached === true || pending === undefined ? lesson : { ...lesson, pending };

const stateOf = (policy: string, { learning_state }: Learnable): string => learning_state ?? policy;

const feedbackId = (observation: Observation): string => `${observation.tenant_id}#${observation.id}`;
