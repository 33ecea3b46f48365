/** The flow that the product was first specified by. */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  adapterReply,
  askReply,
  observationsReply,
  type ProblemBody,
} from '../../../shared/model/replies.ts';
import { expectProblem, expectReply, type Reply } from './client.ts';
import { type Setting, THREE_MODELS } from './setting.ts';

const PRICES = { 'gpt-4': 0.03, 'claude-3': 0.015, 'gpt-3.5': 0.002 };
const WINDOW_MS = 1_000;
const BURSTS = 5;

const LIMIT = 5;

/**
 * Ten asks at once of a tenant with five a second, and the most that may pass: five where all arrive within the window they
 * are counted in. Slower bursts prove less, and are repeated a few times.
 */
export const burst = async (setting: Setting): Promise<{ replies: Reply[]; most: number }> => {
  for (let attempt = 1; ; attempt++) {
    const { client } = await setting.tenant({ rate_limit: { rps: LIMIT } });
    // The key, the models and the connections are known before the clock starts.
    await Promise.all(
      Array.from({ length: 10 }, () => client.post('/v1/plan', { prompt: 'Are you there?' })),
    );
    const started = performance.now();
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, index) => client.post('/v1/ask', { prompt: `Question ${index}` })),
    );
    const windows = 1 + Math.floor((performance.now() - started) / WINDOW_MS);
    if (windows === 1 || attempt === BURSTS) return { replies, most: LIMIT * windows };
  }
};

/** Exactly the limit, where the machine is not slower than the window is long. */
export const expectLimited = ({ replies, most }: { replies: Reply[]; most: number }): void => {
  const passed = replies.filter(({ status }) => status === 200).length;
  expect(passed).toBeGreaterThanOrEqual(LIMIT);
  expect(passed).toBeLessThanOrEqual(most);
  expect(replies.filter(({ status }) => status === 429)).toHaveLength(replies.length - passed);
};

export const firstFlow = (setting: () => Setting): void => {
  describe('the first flow', () => {
    beforeAll(() => setting().useModels(THREE_MODELS));

    test('models are registered by id, price and quality', async () => {
      const reply = await setting().admin.get('/admin/adapters/gpt-4');
      const adapter = expectReply(reply, adapterReply);
      expect(adapter).toMatchObject({
        id: 'gpt-4',
        provider: 'simulated',
        model: 'gpt-4',
        price: { input_per_mtok: 30, output_per_mtok: 30 },
        quality: 0.9,
        enabled: true,
      });
    });

    test('an ask is answered by one of them, and the newest observation is that one', async () => {
      const { id, client } = await setting().tenant();
      const ask = { prompt: 'Explain quantum computing', quality: 'balanced', max_cost_usd: 0.05 };
      const reply = await client.post('/v1/ask', ask);
      const answer = expectReply(reply, askReply);
      const list = await setting().admin.get('/admin/observations?limit=1');
      const [newest] = expectReply(list, observationsReply);
      expect(Object.keys(PRICES)).toContain(answer.model_used);
      expect(answer.cost_usd).toBeLessThanOrEqual(0.05);
      expect(newest).toMatchObject({
        request_id: answer.request_id,
        tenant_id: id,
        model: answer.model_used,
        prompt: 'Explain quantum computing',
        quality: 'balanced',
        tokens_in: answer.tokens_in,
        tokens_out: answer.tokens_out,
        cost_usd: answer.cost_usd,
        selector: answer.selector,
        outcome: 'success',
        quality_score: null,
      });
    });

    test('of ten concurrent asks exactly five pass a limit of five a second', async () => {
      const seen = await burst(setting());
      const { replies } = seen;
      expectLimited(seen);
      const refusals: ProblemBody[] = replies
        .filter(({ status }) => status !== 200)
        .map((reply) => expectProblem(reply, 'rate_limited'));
      for (const refusal of refusals) {
        expect(refusal).toMatchObject({ window: 'second', limit: 5 });
        expect(Math.abs(Date.parse(refusal.reset_at ?? '') - Date.now())).toBeLessThan(60_000);
      }
      for (const reply of replies.filter(({ status }) => status === 200)) expectReply(reply, askReply);
    });

    test('personal data in a prompt is stored nowhere, but its redaction is', async () => {
      const { id, client } = await setting().tenant();
      const prompt = 'Write to john.doe@example.com about SSN 123-45-6789';
      const answer = expectReply(await client.post('/v1/ask', { prompt }), askReply);
      const list = await setting().admin.get(`/admin/observations?tenant_id=${id}`);
      const stored = await setting().target.readEverythingStored();
      expect(expectReply(list, observationsReply)).toMatchObject([
        { request_id: answer.request_id, prompt: 'Write to [REDACTED:EMAIL] about SSN [REDACTED:SSN]' },
      ]);
      expect(stored).toContain('[REDACTED:EMAIL]');
      expect(stored).not.toContain('john.doe@example.com');
      expect(stored).not.toContain('123-45-6789');
    });
  });
};
