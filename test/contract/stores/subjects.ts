/** The observation and feedback stores that one suite runs against: in memory, and in a DynamoDB with one or more shards. */
import { DynamoFeedbackStore } from '../../../shared/adapters/dynamodb/feedback-store.ts';
import { DynamoObservationStore } from '../../../shared/adapters/dynamodb/observation-store.ts';
import { settlementUpdates } from '../../../shared/adapters/dynamodb/usage-ledger.ts';
import { MemoryObservationStore } from '../../../shared/adapters/memory/observation-store.ts';
import { systemRandom } from '../../../shared/adapters/runtime/system.ts';
import type { Observation, ObservationQuery } from '../../../shared/model/observation.ts';
import type { Settlement } from '../../../shared/model/quota.ts';
import type { FeedbackStore, ObservationStore } from '../../../shared/ports/observation-store.ts';
import type { TestDynamo } from '../../support/dynamodb.ts';
import { Happened } from '../../support/fakes/happened.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';
import { makeTable } from '../../support/store-tables.ts';

export interface Subject {
  store: ObservationStore;
  feedback: FeedbackStore;
  clock: ManualClock;
  happened: Happened;
}

export interface DynamoSubject extends Subject {
  observationsTable: string;
  feedbackTable: string;
}

export type MakeSubject = (dynamo: TestDynamo) => Promise<Subject>;

export const inMemory: MakeSubject = async () => {
  const clock = new ManualClock({ autoAdvance: true });
  const settled: Settlement[] = [];
  const store = new MemoryObservationStore((settlements) => settled.push(...settlements));
  return { store, feedback: store, clock, happened: new Happened(clock) };
};

export const inDynamo =
  (shards: number) =>
  async ({ client, sdk }: TestDynamo): Promise<DynamoSubject> => {
    const clock = new ManualClock({ autoAdvance: true });
    // Its bytes tell transactions apart, and all subjects of a suite share one DynamoDB.
    const random = systemRandom();
    const observationsTable = await makeTable(sdk, 'Observations');
    const feedbackTable = await makeTable(sdk, 'Feedback');
    const usageTable = await makeTable(sdk, 'Usage');
    const shared = { client, shards, clock, random };
    const store = new DynamoObservationStore({
      ...shared,
      table: observationsTable,
      settlementUpdates: settlementUpdates(usageTable),
    });
    const feedback = new DynamoFeedbackStore({
      ...shared,
      feedbackTable,
      observationsTable,
      observations: store,
      featureVersions: { hashed: 1, embedded: 7 },
    });
    return { store, feedback, clock, happened: new Happened(clock), observationsTable, feedbackTable };
  };

export const SUBJECTS: [string, MakeSubject][] = [
  ['in memory', inMemory],
  ['in DynamoDB', inDynamo(1)],
  ['in DynamoDB, with three shards a day', inDynamo(3)],
];

/** Follows the cursors to the end. */
export const everyPage = async (store: ObservationStore, query: ObservationQuery): Promise<Observation[]> => {
  const items: Observation[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list(cursor === undefined ? query : { ...query, cursor });
    if (page.items.length > query.limit) throw new Error('a page is longer than its limit');
    if (page.cursor !== undefined && page.cursor === cursor) throw new Error('a page leads to itself');
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return items;
};
