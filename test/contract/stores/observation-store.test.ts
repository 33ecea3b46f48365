/** One suite for every observation store: what is committed is found, once. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MAX_STORED_PROMPT } from '../../../shared/model/observation.ts';
import { startDynamo, type TestDynamo } from '../../support/dynamodb.ts';
import { TENANT } from '../../support/fakes/limits.ts';
import { SUBJECTS, type Subject } from './subjects.ts';

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

describe.each(SUBJECTS)('observations %s', (_, make) => {
  let subject: Subject;
  beforeEach(async () => {
    subject = await make(dynamo);
  });

  it('gives back what was committed', async () => {
    const { store, happened } = subject;
    const settled = happened.make({
      session_id: 's-1',
      propensities: { a: 0.25, b: 0.75 },
      tokens_estimated: true,
      selector: 'rust',
      quality_score: 0.5,
    });

    await store.commit([settled]);

    expect(await store.find(TENANT, settled.observation.id)).toEqual(settled.observation);
  });

  it('takes a full batch whose entries each have a tenant and a request id of their own', async () => {
    const { store, happened } = subject;
    const batch = Array.from({ length: store.maxBatch }, (_, index) =>
      happened.make({ tenant_id: `tenant-${index}`, request_id: `request-${index}` }),
    );

    await store.commit(batch);

    const found = await Promise.all(
      batch.map(({ observation: { tenant_id, request_id } }) => store.find(tenant_id, request_id)),
    );
    expect(found).toEqual(batch.map(({ observation }) => observation));
  });

  it('writes the new ones of a batch that repeats others', async () => {
    const { store, happened } = subject;
    const [first, second] = [happened.make({ prompt: 'first' }), happened.make({ prompt: 'second' })];
    await store.commit([first]);
    const repeated = { ...first, observation: { ...first.observation, prompt: 'changed' } };

    await store.commit([repeated, second]);

    const prompts = (await store.list({ limit: 10 })).items.map(({ prompt }) => prompt);
    expect(prompts).toEqual(['second', 'first']);
  });

  it('keeps the first of two entries of one id in a batch', async () => {
    const { store, happened } = subject;
    const settled = happened.make({ prompt: 'first' });
    const again = { ...settled, observation: { ...settled.observation, prompt: 'again' } };

    await store.commit([settled, again]);

    expect((await store.find(TENANT, settled.observation.id))?.prompt).toBe('first');
  });

  it('finds the newest that carried a request id', async () => {
    const { store, happened } = subject;
    const older = happened.make({ request_id: 'mine-0001' }, 60_000);
    const newer = happened.make({ request_id: 'mine-0001' });
    await store.commit([older]);
    await store.commit([newer]);

    expect((await store.find(TENANT, 'mine-0001'))?.id).toBe(newer.observation.id);
  });

  it('lets a late older one not take over a request id', async () => {
    const { store, happened } = subject;
    const older = happened.make({ request_id: 'mine-0001' }, 60_000);
    const newer = happened.make({ request_id: 'mine-0001' });
    await store.commit([newer]);

    await store.commit([older, happened.make()]);

    expect((await store.find(TENANT, 'mine-0001'))?.id).toBe(newer.observation.id);
    expect((await store.list({ limit: 10 })).items).toHaveLength(3);
  });

  it('finds the newest of one batch that shares a request id', async () => {
    const { store, happened } = subject;
    const older = happened.make({ request_id: 'mine-0001' }, 1_000);
    const newer = happened.make({ request_id: 'mine-0001' });

    await store.commit([newer, older]);

    expect((await store.find(TENANT, 'mine-0001'))?.id).toBe(newer.observation.id);
  });

  it('prefers a newer request to the one whose id it carries', async () => {
    const { store, happened } = subject;
    const first = happened.make();
    const second = happened.make({ request_id: first.observation.id });

    await store.commit([first, second]);

    expect((await store.find(TENANT, first.observation.id))?.id).toBe(second.observation.id);
  });

  it("keeps a tenant's requests from others", async () => {
    const { store, happened } = subject;
    const settled = happened.make({ request_id: 'mine-0001' });

    await store.commit([settled]);

    expect(await store.find('other', 'mine-0001')).toBeUndefined();
    expect(await store.find('other', settled.observation.id)).toBeUndefined();
  });

  it('finds nothing under ids that nobody had', async () => {
    const { store, happened } = subject;

    expect(await store.find(TENANT, 'nobody-0001')).toBeUndefined();
    expect(await store.find(TENANT, happened.make().observation.id)).toBeUndefined();
  });

  it('keeps the beginning of a long prompt, and says so', async () => {
    const { store, happened } = subject;
    const settled = happened.make({ prompt: 'x'.repeat(MAX_STORED_PROMPT + 1) });

    await store.commit([settled]);

    const found = await store.find(TENANT, settled.observation.id);
    expect(found?.prompt).toHaveLength(MAX_STORED_PROMPT);
    expect(found?.prompt_truncated).toBe(true);
  });

  it('does not split a character where it cuts', async () => {
    const { store, happened } = subject;
    const settled = happened.make({ prompt: `${'x'.repeat(MAX_STORED_PROMPT - 1)}🙂` });

    await store.commit([settled]);

    const found = await store.find(TENANT, settled.observation.id);
    expect(found?.prompt).toBe('x'.repeat(MAX_STORED_PROMPT - 1));
  });

  it('keeps a prompt that just fits as it is', async () => {
    const { store, happened } = subject;
    const settled = happened.make({ prompt: `${'x'.repeat(MAX_STORED_PROMPT - 2)}🙂` });

    await store.commit([settled]);

    expect(await store.find(TENANT, settled.observation.id)).toEqual(settled.observation);
  });

  it('survives numbers that are too small for a table', async () => {
    const { store, happened } = subject;
    const settled = happened.make({ propensity: 1e-300, cost_usd: 5e-324 });

    await store.commit([settled]);

    expect((await store.find(TENANT, settled.observation.id))?.propensity).toBeCloseTo(0);
  });

  it('takes each of many that come at once, whatever the order', async () => {
    const { store, happened } = subject;
    const batches = Array.from({ length: 12 }, () => Array.from({ length: 5 }, () => happened.make()));

    await Promise.all([...batches, ...batches.toReversed()].map((batch) => store.commit(batch)));

    expect((await store.list({ limit: 100 })).items).toHaveLength(60);
  });
});
