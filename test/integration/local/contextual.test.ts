/** A contextual policy learns in shadow which model suits which prompt, is shown to be better, promoted, and then decides so; and
 * it learns by the name of a task. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { policyReply, promotionReply } from '../../../shared/model/policy-replies.ts';
import { askReply, observeReply, planReply } from '../../../shared/model/replies.ts';
import { type Client, expectReply } from '../../support/flow/client.ts';
import { openLocalTarget } from '../../support/flow/local-target.ts';
import { Setting } from '../../support/flow/setting.ts';

const OPENED_WITHIN_MS = 600_000;
/** A change of policies holds everywhere within 5 s, and so does feedback. */
const HOLDS_WITHIN_MS = 5_000;
const ROUNDS = 50;
const AT_ONCE = 10;
const PROMPTS = [
  { prompt: 'Write a function in Python that sorts a list of numbers', model: 'coder' },
  { prompt: 'Write a short poem about the autumn rain', model: 'writer' },
] as const;

describe('a contextual policy', () => {
  let opened: Setting | undefined;

  beforeAll(async () => {
    const target = await openLocalTarget();
    opened = new Setting(target);
    await target.rustDecides();
  }, OPENED_WITHIN_MS);

  afterAll(() => opened?.target.stop(), OPENED_WITHIN_MS);

  const askAndScore = async (client: Client, index: number): Promise<void> => {
    const { prompt, model } = PROMPTS[index % 2 === 0 ? 0 : 1];
    const { request_id, model_used } = expectReply(await client.post('/v1/ask', { prompt }), askReply);
    const quality_score = model_used === model ? 0.9 : 0.2;
    expectReply(await client.post('/v1/observe', { request_id, quality_score }), observeReply);
  };

  test('goes from shadow to every request', async () => {
    if (opened === undefined) throw new Error('the runtime was not opened');
    const alike = { cost_per_1k: 0.001, quality: 0.5, simulated: { latency_ms: 1, jitter: 0 } };
    await opened.useModels([
      { id: 'coder', ...alike },
      { id: 'writer', ...alike },
    ]);
    const { admin } = opened;
    const linear = { strategy: 'lin-thompson', params: { exploration: 0.2 } };
    const champion = {
      strategy: 'epsilon-greedy',
      params: { epsilon: 0.4 },
      shadow: ['linear'],
      challenger: { policy: 'linear', percent: 0, min_count: 100 },
    };
    expectReply(await admin.send('PUT', '/admin/policies/linear', { body: linear }), policyReply);
    expectReply(await admin.send('PUT', '/admin/policies/default', { body: champion }), policyReply);
    await sleep(HOLDS_WITHIN_MS);
    const { client } = await opened.tenant();
    for (let round = 0; round < ROUNDS; round++) {
      await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => askAndScore(client, index)));
    }

    const promoted = expectReply(await admin.post('/admin/policies/default/promote', {}), promotionReply);
    await sleep(HOLDS_WITHIN_MS);

    expect(promoted.evaluation).toMatchObject({ judged: 250, from_shadow: 250 });
    expect(promoted.policy).toMatchObject({ version: 2, learning_state: 'linear' });
    for (const { prompt, model } of [...PROMPTS, ...PROMPTS]) {
      const { candidates, selector } = expectReply(await client.post('/v1/plan', { prompt }), planReply);
      expect([selector, candidates[0]?.id]).toEqual(['rust', model]);
    }
  });

  test('goes by what a model scored on the task that the caller names, and says by how much', async () => {
    if (opened === undefined) throw new Error('the runtime was not opened');
    const { client } = await opened.tenant();
    const asked = { prompt: PROMPTS[0].prompt, task_type: 'sorting for Jane' };
    const used = new Set<string>();
    for (let round = 0; round < 4; round++) {
      const { request_id, model_used } = expectReply(await client.post('/v1/ask', asked), askReply);
      expectReply(await client.post('/v1/observe', { request_id, quality_score: 0 }), observeReply);
      used.add(model_used);
    }
    await sleep(HOLDS_WITHIN_MS);

    const plan = async (task_type: string) =>
      expectReply(await client.post('/v1/plan', { ...asked, task_type }), planReply).candidates;
    const named = await plan(asked.task_type);

    for (const { id, by_task } of named) {
      if (used.has(id)) expect(by_task).toBeLessThan(0);
      else expect(by_task).toBeUndefined();
    }
    expect((await plan('never asked')).map(({ by_task }) => by_task)).toEqual([undefined, undefined]);
  });
});
