/** One suite for every observation store: listings are complete, newest first, page by page. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ObservationStore, SettledObservation } from '../../../shared/ports/observation-store.ts';
import { startDynamo, type TestDynamo } from '../../support/dynamodb.ts';
import { TENANT } from '../../support/fakes/limits.ts';
import { everyPage, SUBJECTS, type Subject } from './subjects.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

const commitAll = async (store: ObservationStore, all: SettledObservation[]): Promise<void> => {
  for (let start = 0; start < all.length; start += store.maxBatch) {
    await store.commit(all.slice(start, start + store.maxBatch));
  }
};

const newestFirst = (all: SettledObservation[]): string[] =>
  all
    .map(({ observation }) => observation.id)
    .sort()
    .reverse();

describe.each(SUBJECTS)('the listing %s', (_, make) => {
  let subject: Subject;
  beforeEach(async () => {
    subject = await make(dynamo);
  });

  it('is empty where nothing happened', async () => {
    expect(await subject.store.list({ limit: 10 })).toEqual({ items: [] });
  });

  it('shows what was just committed, alone and for its tenant', async () => {
    const { store, happened } = subject;
    const settled = happened.make();
    await store.commit([settled]);

    expect((await store.list({ limit: 1 })).items).toEqual([settled.observation]);
    expect((await store.list({ limit: 1, tenant_id: TENANT })).items).toEqual([settled.observation]);
  });

  it('goes back over days, also empty ones', async () => {
    const { store, happened } = subject;
    const all = [0, HOUR, DAY, 2 * DAY, 3 * DAY, 30 * DAY, 89 * DAY].map((ago) => happened.make({}, ago));
    await commitAll(store, all);

    expect((await store.list({ limit: 100 })).items.map(({ id }) => id)).toEqual(newestFirst(all));
  });

  it.each([1, 3, 7])('gives every one once, in pages of %i', async (limit) => {
    const { store, happened } = subject;
    const all = Array.from({ length: 20 }, (_, index) => happened.make({}, index * 5 * HOUR));
    await commitAll(store, all);

    expect((await everyPage(store, { limit })).map(({ id }) => id)).toEqual(newestFirst(all));
  });

  it.each([1, 4, 50])("gives every one of a tenant's once, in pages of %i", async (limit) => {
    const { store, happened } = subject;
    const mine = Array.from({ length: 12 }, (_, index) => happened.make({}, index * 1_000));
    const others = Array.from({ length: 12 }, (_, index) =>
      happened.make({ tenant_id: 'other' }, index * 1_000),
    );
    await commitAll(store, [...mine, ...others]);

    const listed = await everyPage(store, { limit, tenant_id: TENANT });

    expect(listed.map(({ id }) => id)).toEqual(newestFirst(mine));
  });

  it.each([{}, { tenant_id: TENANT }])('keeps to one model: %o', async (scope) => {
    const { store, happened } = subject;
    const rare = Array.from({ length: 3 }, (_, index) => happened.make({ model: 'rare' }, index * HOUR));
    const common = Array.from({ length: 30 }, (_, index) => happened.make({}, index * HOUR));
    await commitAll(store, [...rare, ...common]);

    const listed = await everyPage(store, { limit: 2, model: 'rare', ...scope });

    expect(listed.map(({ id }) => id)).toEqual(newestFirst(rare));
  });

  it.each([{}, { tenant_id: TENANT }])('keeps to one outcome: %o', async (scope) => {
    const { store, happened } = subject;
    const rare = Array.from({ length: 3 }, (_, index) => happened.make({ outcome: 'timeout' }, index * HOUR));
    const common = Array.from({ length: 30 }, (_, index) => happened.make({}, index * HOUR));
    await commitAll(store, [...rare, ...common]);

    const listed = await everyPage(store, { limit: 2, outcome: 'timeout', ...scope });

    expect(listed.map(({ id }) => id)).toEqual(newestFirst(rare));
  });

  it.each([{}, { tenant_id: TENANT }])('keeps to a span of time: %o', async (scope) => {
    const { store, happened, clock } = subject;
    const all = Array.from({ length: 12 }, (_, index) => happened.make({}, index * 7 * HOUR));
    await commitAll(store, all);
    const times = all.map(({ observation }) => Date.parse(observation.created_at)).sort((a, b) => a - b);
    const [since = 0, until = 0] = [times[3], times[8]];

    const within = await everyPage(store, { limit: 2, since, until, ...scope });
    const wanted = all.filter(({ observation: { created_at } }) => {
      const at = Date.parse(created_at);
      return at >= since && at < until;
    });

    expect(within.map(({ id }) => id)).toEqual(newestFirst(wanted));
    expect(wanted).toHaveLength(5);
    for (const nothing of [
      { since: clock.now() + DAY },
      { until: 0 },
      { until: -1e12 },
      { since: until, until: since },
    ])
      expect(await everyPage(store, { limit: 2, ...nothing, ...scope })).toEqual([]);
  });

  it('counts a slow answer by when it ended', async () => {
    const { store, happened } = subject;
    const { observation, settlement } = happened.make({}, 10 * 60_000);
    const ended = Date.parse(observation.created_at) + 5 * 60_000;
    const slow = { observation: { ...observation, created_at: new Date(ended).toISOString() }, settlement };
    await store.commit([slow]);

    expect((await store.list({ limit: 1, since: ended })).items).toHaveLength(1);
    expect((await store.list({ limit: 1, until: ended })).items).toHaveLength(0);
  });

  it('is not moved by what happens between two pages', async () => {
    const { store, happened } = subject;
    const [older, newer] = [happened.make({}, 2 * HOUR), happened.make({}, HOUR)];
    await store.commit([older, newer]);
    const first = await store.list({ limit: 1 });
    await store.commit([happened.make()]);

    const second = await store.list({ limit: 1, cursor: first.cursor ?? '' });

    expect(second.items.map(({ id }) => id)).toEqual([older.observation.id]);
  });

  it.each(['', 'x', 'bm90IGpzb24', btoa('null'), btoa('{"before":7}'), btoa('{"before":"a"}')])(
    'refuses the cursor %j',
    async (cursor) => {
      await expect(subject.store.list({ limit: 1, cursor })).rejects.toMatchObject({
        code: 'invalid_request',
        errors: [{ path: '/query/cursor' }],
      });
    },
  );
});
