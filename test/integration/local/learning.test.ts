/** Feedback moves decisions: of two models alike in price and latency the better one gets the traffic. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AskReplyBody, askReply, observeReply } from '../../../shared/model/replies.ts';
import { type Client, expectReply } from '../../support/flow/client.ts';
import { openLocalTarget } from '../../support/flow/local-target.ts';
import { Setting } from '../../support/flow/setting.ts';

const OPENED_WITHIN_MS = 600_000;
const ASKS = 300;
const OVER_MS = 20_000;
/** More would only wait for one another, where the machine is slow. */
const AT_ONCE = 8;
const JUDGED = 100;
const TRUE_QUALITY: Readonly<Record<string, number>> = { better: 0.9, worse: 0.3 };

/** Uniform in [0, 1) from a seed (xorshift32). */
const coin = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
};

describe('learning', () => {
  let opened: Setting | undefined;

  beforeAll(async () => {
    const target = await openLocalTarget();
    opened = new Setting(target);
    await target.rustDecides();
  }, OPENED_WITHIN_MS);

  afterAll(() => opened?.target.stop(), OPENED_WITHIN_MS);

  const askAndScore = async (client: Client, index: number, toss: number): Promise<AskReplyBody> => {
    const answer = expectReply(await client.post('/v1/ask', { prompt: `Question ${index}` }), askReply);
    const quality_score = toss < (TRUE_QUALITY[answer.model_used] ?? 0) ? 1 : 0;
    const score = { request_id: answer.request_id, quality_score };
    expectReply(await client.post('/v1/observe', score), observeReply);
    return answer;
  };

  test('300 asks with feedback over 20 s leave 80 of the last 100 to the better model', {
    timeout: 240_000,
  }, async () => {
    if (opened === undefined) throw new Error('the runtime was not opened');
    const alike = { cost_per_1k: 0.01, quality: 0.5, simulated: { latency_ms: 20, jitter: 0 } };
    await opened.useModels([
      { id: 'better', ...alike },
      { id: 'worse', ...alike },
    ]);
    const { client } = await opened.tenant();
    const toss = coin(20_240_607);
    const started = performance.now();
    const asked: Promise<AskReplyBody>[] = [];
    for (let index = 0; index < ASKS; index++) {
      const due = started + (index * OVER_MS) / ASKS;
      await Promise.all([sleep(Math.max(0, due - performance.now())), asked[index - AT_ONCE]]);
      asked.push(askAndScore(client, index, toss()));
    }
    const answers = await Promise.all(asked);
    const onBetter = answers.slice(-JUDGED).filter(({ model_used }) => model_used === 'better').length;
    const last = answers.at(-1)?.candidates.map(({ id }) => id);
    expect(answers.filter(({ selector }) => selector === 'rust').length).toBeGreaterThan(ASKS * 0.9);
    expect(onBetter).toBeGreaterThanOrEqual(JUDGED * 0.8);
    expect(last).toHaveLength(2);
  });
});
