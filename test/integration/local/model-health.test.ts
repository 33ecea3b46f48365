/** A provider that goes away costs callers nothing, and is asked again by itself when it is back. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adapterReply, askReply, planReply } from '../../../shared/model/replies.ts';
import { expectReply } from '../../support/flow/client.ts';
import { openLocalTarget } from '../../support/flow/local-target.ts';
import { until } from '../../support/flow/poll.ts';
import { Setting } from '../../support/flow/setting.ts';

const OPENED_WITHIN_MS = 600_000;
/** Five failures at two tries a request, and some for what other instances did. */
const ASKS = 12;
/** The breaker's time, and the next turn of those who ask. */
const BACK_WITHIN_MS = 120_000;
const HEARD_WITHIN_MS = 6_000;

const COMPLETION = JSON.stringify({
  id: 'c1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'back' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});

describe('a provider that goes away', () => {
  let opened: Setting | undefined;
  let provider: Server | undefined;
  let isAway = true;
  let calls = 0;

  beforeAll(async () => {
    opened = new Setting(await openLocalTarget());
    provider = createServer((request, response) => {
      calls += 1;
      request.resume();
      response.writeHead(isAway ? 500 : 200, { 'content-type': 'application/json' });
      response.end(isAway ? '{}' : COMPLETION);
    }).listen(0, '127.0.0.1');
    await once(provider, 'listening');
  }, OPENED_WITHIN_MS);

  afterAll(async () => {
    provider?.close();
    await opened?.target.stop();
  }, OPENED_WITHIN_MS);

  test('is passed over, and comes back without a caller', { timeout: 240_000 }, async () => {
    if (opened === undefined || provider === undefined) throw new Error('the runtime was not opened');
    const { admin } = opened;
    const { port } = provider.address() as AddressInfo;
    await opened.useModels([
      {
        id: 'remote',
        provider: 'openai-compatible',
        base_url: `http://127.0.0.1:${port}/v1`,
        cost_per_1k: 0.001,
        quality: 1,
      },
      { id: 'steady', cost_per_1k: 0.001, quality: 0.2, simulated: { latency_ms: 1 } },
    ]);
    const { client } = await opened.tenant();
    const remote = async () => expectReply(await admin.get('/admin/adapters/remote'), adapterReply).health;

    for (let index = 0; index < ASKS; index++) {
      const reply = expectReply(await client.post('/v1/ask', { prompt: `Number ${index}?` }), askReply);
      expect(reply.model_used).toBe('steady');
    }

    expect(await remote()).toMatchObject({
      state: 'unhealthy',
      breaker: expect.stringMatching(/open/),
      last_error_code: 'provider_error',
    });
    const failed = calls;
    expect(failed).toBeLessThan(2 * ASKS);

    isAway = false;
    await until('the model is healthy', BACK_WITHIN_MS, async () =>
      (await remote()).state === 'healthy' ? true : undefined,
    );
    expect(calls).toBe(failed + 1);
    await until('decisions count on it', HEARD_WITHIN_MS, async () => {
      const { candidates } = expectReply(await client.post('/v1/plan', { prompt: 'Is it back?' }), planReply);
      return candidates.every(({ eligible }) => eligible) ? true : undefined;
    });
  });
});
