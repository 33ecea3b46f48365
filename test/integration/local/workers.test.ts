/** Gateway processes that share a port share the limits too. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ownUsageReply } from '../../../shared/model/quota-replies.ts';
import { askReply } from '../../../shared/model/replies.ts';
import { bearer, expectReply } from '../../support/flow/client.ts';
import { burst, expectLimited } from '../../support/flow/first-flow.ts';
import { openLocalTarget } from '../../support/flow/local-target.ts';
import { until } from '../../support/flow/poll.ts';
import { Setting, THREE_MODELS } from '../../support/flow/setting.ts';

const OPENED_WITHIN_MS = 300_000;
const FREED_WITHIN_MS = 60_000;
const TEST_WITHIN_MS = 240_000;

describe('four workers', () => {
  let opened: Setting | undefined;
  const setting = (): Setting => {
    if (opened === undefined) throw new Error('the runtime was not opened');
    return opened;
  };

  beforeAll(async () => {
    opened = new Setting(await openLocalTarget(['--empty', '--workers', '4']));
    await opened.useModels(THREE_MODELS);
  }, OPENED_WITHIN_MS);

  afterAll(() => opened?.target.stop(), OPENED_WITHIN_MS);

  test.each([1, 2, 3])('let exactly five of ten concurrent asks pass, burst %i', async () => {
    expectLimited(await burst(setting()));
  });

  test(
    'let an unknown tenant begin all at once, sessions and all, and count each of its asks once',
    async () => {
      const { client } = await setting().tenant({ rate_limit: { rph: 60, tokens_per_day: 1e9 } });

      const replies = await Promise.all(
        Array.from({ length: 120 }, (_, n) =>
          client.post('/v1/ask', {
            prompt: `Question ${n}`,
            ...(n % 3 === 0 ? { session_id: `s${n}` } : {}),
          }),
        ),
      );

      const answers = replies
        .filter(({ status }) => status === 200)
        .map((reply) => expectReply(reply, askReply));
      expect(replies.filter(({ status }) => status === 429)).toHaveLength(60);
      expect(answers).toHaveLength(60);
      const { limits } = await until('nothing is held', FREED_WITHIN_MS, async () => {
        const usage = expectReply(await client.get('/v1/usage'), ownUsageReply);
        return usage.limits.tokens_per_day.held === 0 ? usage : undefined;
      });
      expect(limits.hour).toMatchObject({ limit: 60, used: 60, held: 0, free: 0 });
      const tokens = answers.reduce((sum, { tokens_in, tokens_out }) => sum + tokens_in + tokens_out, 0);
      expect(limits.tokens_per_day).toMatchObject({ used: tokens, free: 1e9 - tokens });
    },
    TEST_WITHIN_MS,
  );

  test(
    'spend no more than the budget, however many ask at once, and refuse with 402 from then on',
    async () => {
      const budget = 0.01;
      const { client } = await setting().tenant({ rate_limit: { cost_per_day_usd: budget } });
      const statuses = new Set<number>();
      for (let turn = 0; turn < 20 && !statuses.has(402); turn += 1) {
        const asks = Array.from({ length: 40 }, () => client.post('/v1/ask', { prompt: 'How much is it?' }));
        for (const { status } of await Promise.all(asks)) statuses.add(status);
      }

      const { limits } = expectReply(await client.get('/v1/usage'), ownUsageReply);
      expect([...statuses].sort()).toEqual([200, 402]);
      expect(limits.cost_per_day_usd.used).toBeLessThanOrEqual(budget);
    },
    TEST_WITHIN_MS,
  );

  test(
    'free what clients held that left in the middle of their stream',
    async () => {
      await setting().useModels([
        { id: 'slow', cost_per_1k: 0.01, simulated: { latency_ms: 2_000, jitter: 0, chunks: 40 } },
      ]);
      const { client, key } = await setting().tenant({ rate_limit: { concurrent: 4 } });
      const left = await Promise.all(
        Array.from({ length: 4 }, async () => {
          const leaving = new AbortController();
          const reply = await fetch(`${setting().target.url}/v1/ask`, {
            method: 'POST',
            headers: { ...bearer(key), 'content-type': 'application/json' },
            body: JSON.stringify({ prompt: 'Tell me a long story.', stream: true }),
            signal: leaving.signal,
          });
          return { status: reply.status, leave: () => leaving.abort() };
        }),
      );
      expect(left.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      for (const { leave } of left) leave();

      const { limits } = await until('nothing is in flight', FREED_WITHIN_MS, async () => {
        const usage = expectReply(await client.get('/v1/usage'), ownUsageReply);
        return usage.limits.concurrent.held === 0 ? usage : undefined;
      });

      expect(limits.concurrent).toMatchObject({ limit: 4, free: 4 });
      await setting().useModels(THREE_MODELS);
    },
    TEST_WITHIN_MS,
  );
});
