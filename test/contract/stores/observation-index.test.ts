/** What only a table does: an index that lags behind it, and pages that end before the reader has enough. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DynamoObservationStore } from '../../../shared/adapters/dynamodb/observation-store.ts';
import type { DynamoClient } from '../../../shared/adapters/dynamodb/wire.ts';
import { startDynamo, type TestDynamo } from '../../support/dynamodb.ts';
import { queryingThrough } from '../../support/fakes/clients.ts';
import { TENANT } from '../../support/fakes/limits.ts';
import { seededRandom } from '../../support/fakes/seeded-random.ts';
import { type DynamoSubject, everyPage, inDynamo } from './subjects.ts';

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

const SHARDS = 2;
const makeSubject = (): Promise<DynamoSubject> => inDynamo(SHARDS)(dynamo);

/** The same table, seen through another client. */
const readThrough = (client: DynamoClient, { clock, observationsTable }: DynamoSubject) =>
  new DynamoObservationStore({
    client,
    table: observationsTable,
    shards: SHARDS,
    clock,
    random: seededRandom(),
    settlementUpdates: () => [],
  });

const idsOf = (batch: { observation: { id: string } }[]): string[] =>
  batch.map(({ observation }) => observation.id);

describe('an index that lags', () => {
  it('hides nothing of the last seconds, on any page', async () => {
    const subject = await makeSubject();
    const batch = [4_000, 3_000, 2_000, 1_000, 0].map((ago) => subject.happened.make({}, ago));
    const others = Array.from({ length: 10 }, () => subject.happened.make({ tenant_id: 'other' }, 500));
    await subject.store.commit([...batch, ...others]);
    const unseen = new Set(idsOf(batch).slice(1));
    const client = queryingThrough(
      dynamo.client,
      (query) => query,
      (query, id) => query.IndexName === undefined || !unseen.has(id),
    );
    const store = readThrough(client, subject);

    const first = await store.list({ limit: 2, tenant_id: TENANT });
    const second = await store.list({ limit: 3, tenant_id: TENANT, cursor: first.cursor ?? '' });

    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(idsOf(batch).toReversed());
  });

  it('is asked alone for what is older', async () => {
    const subject = await makeSubject();
    const old = [subject.happened.make({}, 120_000), subject.happened.make({}, 60_000)];
    await subject.store.commit(old);
    const indexes: (string | undefined)[] = [];
    const client = queryingThrough(dynamo.client, (query) => {
      indexes.push(query.IndexName);
      return query;
    });
    const store = readThrough(client, subject);
    const { cursor = '' } = await store.list({ limit: 1, tenant_id: TENANT });
    indexes.length = 0;

    const second = await store.list({ limit: 1, tenant_id: TENANT, cursor });

    expect(second.items.map(({ id }) => id)).toEqual([old[0]?.observation.id]);
    expect(indexes).toEqual(['tenant-index']);
  });
});

describe('a tenant that lists', () => {
  it('sees the score that an observation has by now, though the index carries none', async () => {
    const subject = await makeSubject();
    const old = subject.happened.make({}, 120_000);
    await subject.store.commit([old]);
    await subject.feedback.record({ tenant_id: TENANT, request_id: old.observation.id, quality_score: 0.25 });

    const { items } = await subject.store.list({ limit: 5, tenant_id: TENANT });

    expect(items.map(({ quality_score }) => quality_score)).toEqual([0.25]);
  });

  it('gets more than a batch of them', async () => {
    const subject = await makeSubject();
    const batch = Array.from({ length: 130 }, (_, index) => subject.happened.make({}, 100_000 + index));
    for (let start = 0; start < batch.length; start += subject.store.maxBatch)
      await subject.store.commit(batch.slice(start, start + subject.store.maxBatch));

    const { items } = await subject.store.list({ limit: 120, tenant_id: TENANT });

    expect(items.map(({ id }) => id)).toEqual(idsOf(batch).slice(0, 120));
  });
});

describe('a listing of a rare model', () => {
  it.each([{}, { tenant_id: TENANT }])(
    'stops reading after some pages and goes on from there: %o',
    async (scope) => {
      const subject = await makeSubject();
      const rare = subject.happened.make({ model: 'rare' }, 3_600_000);
      const common = Array.from({ length: 60 }, () => subject.happened.make());
      await subject.store.commit([rare, ...common.slice(0, 30)]);
      await subject.store.commit(common.slice(30));
      const store = readThrough(
        queryingThrough(dynamo.client, (query) => ({ ...query, Limit: 1 })),
        subject,
      );
      const query = { limit: 5, model: 'rare', ...scope };

      const first = await store.list(query);
      const all = await everyPage(store, query);

      expect(first.items).toEqual([]);
      expect(all.map(({ id }) => id)).toEqual([rare.observation.id]);
    },
  );
});
