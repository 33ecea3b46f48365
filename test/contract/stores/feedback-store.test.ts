/** One suite for every feedback store: a score counts once, for the request of the tenant that gives it. */
import { DeleteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DynamoFeedbackStore } from '../../../shared/adapters/dynamodb/feedback-store.ts';
import { partitionOf } from '../../../shared/adapters/dynamodb/observation-item.ts';
import type { Observation } from '../../../shared/model/observation.ts';
import { startDynamo, type TestDynamo } from '../../support/dynamodb.ts';
import { TENANT } from '../../support/fakes/limits.ts';
import { seededRandom } from '../../support/fakes/seeded-random.ts';
import { inDynamo, SUBJECTS, type Subject } from './subjects.ts';

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

const scoreOf = (request_id: string, quality_score: number, labels?: Record<string, string>) => ({
  tenant_id: TENANT,
  request_id,
  quality_score,
  ...(labels === undefined ? {} : { labels }),
});

const committed = async (
  { store, happened }: Subject,
  fields: Partial<Observation> = {},
): Promise<Observation> => {
  const settled = happened.make(fields);
  await store.commit([settled]);
  return settled.observation;
};

describe.each(SUBJECTS)('feedback %s', (_, make) => {
  let subject: Subject;
  beforeEach(async () => {
    subject = await make(dynamo);
  });

  it('shows in the observation', async () => {
    const { id } = await committed(subject);

    expect(await subject.feedback.record(scoreOf(id, 0.9))).toBe('stored');

    expect((await subject.store.find(TENANT, id))?.quality_score).toBe(0.9);
  });

  it('is joined by the request id that the caller chose', async () => {
    const { id } = await committed(subject, { request_id: 'mine-0001' });

    expect(await subject.feedback.record(scoreOf('mine-0001', 0))).toBe('stored');

    expect((await subject.store.find(TENANT, id))?.quality_score).toBe(0);
  });

  it('may come twice, its labels in another order', async () => {
    const { id } = await committed(subject);
    await subject.feedback.record(scoreOf(id, 0.5, { a: '1', b: '2' }));

    expect(await subject.feedback.record(scoreOf(id, 0.5, { b: '2', a: '1' }))).toBe('same');
  });

  it('counts a score too small for a table as the same again', async () => {
    const { id } = await committed(subject);
    await subject.feedback.record(scoreOf(id, 1e-200));

    expect(await subject.feedback.record(scoreOf(id, 1e-200))).toBe('same');
  });

  it.each([
    ['another score', 0.6, { a: '1' }],
    ['other labels', 0.5, { a: '2' }],
    ['no labels', 0.5, undefined],
  ])('does not change with %s', async (_name, score, labels) => {
    const { id } = await committed(subject);
    await subject.feedback.record(scoreOf(id, 0.5, { a: '1' }));

    expect(await subject.feedback.record(scoreOf(id, score, labels))).toBe('different');

    expect((await subject.store.find(TENANT, id))?.quality_score).toBe(0.5);
  });

  it('counts once of many that come at once', async () => {
    const { id } = await committed(subject);

    const results = await Promise.all(
      Array.from({ length: 8 }, () => subject.feedback.record(scoreOf(id, 0.5))),
    );

    expect(results.toSorted()).toEqual([...Array.from({ length: 7 }, () => 'same'), 'stored']);
  });

  it('is refused for a request that nobody made', async () => {
    expect(await subject.feedback.record(scoreOf('nobody-0001', 0.5))).toBe('unknown_request');
  });

  it("is refused for another tenant's request", async () => {
    const { id } = await committed(subject, { tenant_id: 'other' });

    expect(await subject.feedback.record(scoreOf(id, 0.5))).toBe('unknown_request');
  });
});

describe('feedback in DynamoDB', () => {
  it('waits for learning with its decision joined', async () => {
    const subject = await inDynamo(1)(dynamo);
    const { id } = await committed(subject, { model: 'm-1', policy: 'p-1', propensity: 0.25 });

    await subject.feedback.record(scoreOf(id, 0.9, { task: 'x' }));

    const { Items } = await dynamo.sdk.send(
      new ScanCommand({ TableName: subject.feedbackTable, IndexName: 'pending-index' }),
    );
    const now = subject.clock.now();
    expect(Items).toEqual([
      {
        feedback_id: { S: `${TENANT}#${id}` },
        policy: { S: 'p-1' },
        adapter_id: { S: 'm-1' },
        quality_score: { N: '0.9' },
        labels: { S: '[["task","x"]]' },
        created_at_ms: { N: String(now) },
        propensity: { N: '0.25' },
        pending: { S: 'p#p-1' },
        expires_at: { N: String(now / 1_000 + 90 * 86_400) },
      },
    ]);
  });

  const learnable = async (fields: Partial<Observation>) => {
    const subject = await inDynamo(1)(dynamo);
    const { id } = await committed(subject, fields);
    await subject.feedback.record(scoreOf(id, 0.9));
    const { Items } = await dynamo.sdk.send(new ScanCommand({ TableName: subject.feedbackTable }));
    return Items?.[0];
  };

  it('hands on what the strategy went by and how it fades, as `learn` reads them', async () => {
    const item = await learnable({
      features: 'AACAPwAAAD8=',
      features_version: 1,
      contextual: true,
      gamma: 0.99,
      memory: 64,
    });

    const bytes = Buffer.from(item?.features?.B ?? []);
    expect([bytes.readFloatLE(0), bytes.readFloatLE(4)]).toEqual([1, 0.5]);
    expect(item).toMatchObject({ gamma: { N: '0.99' }, memory: { N: '64' } });
  });

  it('keeps the score of a cached answer, and leaves nothing of it to learn', async () => {
    const subject = await inDynamo(1)(dynamo);
    const { id } = await committed(subject, { cached: true });

    expect(await subject.feedback.record(scoreOf(id, 0.9))).toBe('stored');
    expect(await subject.feedback.record(scoreOf(id, 0.9))).toBe('same');
    expect(await subject.store.find('acme', id)).toMatchObject({ cached: true, quality_score: 0.9 });
    const pending = { TableName: subject.feedbackTable, IndexName: 'pending-index' };
    expect((await dynamo.sdk.send(new ScanCommand(pending))).Items).toEqual([]);
  });

  it('learns a score without its features where they meant something else', async () => {
    const item = await learnable({
      features: 'AACAPwAAAD8=',
      features_version: 2,
      contextual: true,
    });

    expect(item).toMatchObject({ pending: { S: 'p#default' } });
    expect(item).not.toHaveProperty('features');
    expect(item).not.toHaveProperty('gamma');
    expect(item).not.toHaveProperty('memory');
  });

  it.each([
    [7, ['AACAPw==', 'AAAAQA==']],
    [6, ['AACAPw==', undefined]],
  ])('teaches each policy by features of its own kind, at version %i', async (version, expected) => {
    const subject = await inDynamo(1)(dynamo);
    const seen = { version: 1, model: 'x', state_version: 0, propensities: {} };
    const { id } = await committed(subject, {
      policy: 'hashed',
      contextual: true,
      features: 'AACAPw==',
      features_version: 1,
      embedded_features: 'AAAAQA==',
      embedded_features_version: version,
      shadow: [
        {
          ...seen,
          policy: 'e',
          learning_state: 'e~embedded',
          contextual: true,
          features_kind: 'embedded',
        },
      ],
    });

    await subject.feedback.record(scoreOf(id, 0.9));

    const { Items = [] } = await dynamo.sdk.send(new ScanCommand({ TableName: subject.feedbackTable }));
    const taught = new Map(Items.map(({ policy, features }) => [policy?.S, features?.B]));
    const base64 = ['hashed', 'e~embedded'].map((state) => {
      const bytes = taught.get(state);
      return bytes === undefined ? undefined : Buffer.from(bytes).toString('base64');
    });
    expect(base64).toEqual(expected);
  });

  it.each([
    ['a policy that sums up', {}, true],
    ['a policy that remembers', { memory: 64 }, false],
  ])('without the encoder teaches %s: %j', async (_, fields, isTaught) => {
    const item = await learnable({
      embedded_features: 'AAAAQA==',
      embedded_features_version: 7,
      features_fallback: 'busy',
      features_kind: 'embedded',
      contextual: true,
      ...fields,
    });

    expect(item?.features !== undefined).toBe(isTaught);
    expect(item).toMatchObject({ pending: { S: 'p#default' } });
  });

  it('teaches each state once: the one that decided, and those in shadow', async () => {
    const subject = await inDynamo(1)(dynamo);
    const seen = { version: 1, model: 'x', state_version: 0, propensities: {} };
    const { id } = await committed(subject, {
      model: 'm-1',
      policy: 'p-1',
      learning_state: 'older',
      features: 'AACAPwAAAD8=',
      features_version: 1,
      shadow: [
        { ...seen, policy: 'linear', contextual: true, gamma: 0.9, task: 2 ** 53 - 1 },
        { ...seen, policy: 'same', learning_state: 'older' },
        { ...seen, policy: 'again', learning_state: 'linear' },
      ],
    });

    expect(await subject.feedback.record(scoreOf(id, 0.9))).toBe('stored');
    expect(await subject.feedback.record(scoreOf(id, 0.9))).toBe('same');

    const { Items = [] } = await dynamo.sdk.send(
      new ScanCommand({ TableName: subject.feedbackTable, IndexName: 'pending-index' }),
    );
    const main = `${TENANT}#${id}`;
    const inMain = (item: (typeof Items)[number]): boolean => item.feedback_id?.S === main;
    expect(Items).toHaveLength(2);
    expect(Items.find(inMain)).toMatchObject({ policy: { S: 'older' }, pending: { S: 'p#older' } });
    expect(Items.find(inMain)).not.toHaveProperty('features');
    expect(Items.find(inMain)).not.toHaveProperty('task');
    expect(Items.find((item) => !inMain(item))).toMatchObject({
      feedback_id: { S: `${main}#linear` },
      policy: { S: 'linear' },
      pending: { S: 'p#linear' },
      adapter_id: { S: 'm-1' },
      quality_score: { N: '0.9' },
      gamma: { N: '0.9' },
      task: { N: '9007199254740991' },
      features: { B: expect.any(Uint8Array) },
    });
  });

  it('does not bring back an observation that expired meanwhile', async () => {
    const subject = await inDynamo(1)(dynamo);
    const observation = await committed(subject);
    const Key = { pk: { S: partitionOf(observation.id, 1) ?? '' }, sk: { S: observation.id } };
    const feedback = new DynamoFeedbackStore({
      ...subject,
      client: dynamo.client,
      shards: 1,
      random: seededRandom(),
      featureVersions: { hashed: 1, embedded: 7 },
      observations: {
        find: async () => {
          await dynamo.sdk.send(new DeleteItemCommand({ TableName: subject.observationsTable, Key }));
          return observation;
        },
      },
    });

    expect(await feedback.record(scoreOf(observation.id, 0.5))).toBe('unknown_request');

    expect((await subject.store.list({ limit: 10 })).items).toEqual([]);
  });
});
