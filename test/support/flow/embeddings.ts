/** OpenAI's embeddings, called with OpenAI's own client. */
import type OpenAI from 'openai';
import { beforeAll, describe, expect, test } from 'vitest';
import { observationsReply } from '../../../shared/model/replies.ts';
import { openAiClient, raised } from './chat.ts';
import { expectReply } from './client.ts';
import type { Setting, Tenant } from './setting.ts';

const VECTORS = {
  id: 'vectors',
  price: { input_per_mtok: 0.02, output_per_mtok: 0 },
  capabilities: ['embeddings'],
  simulated: { latency_ms: 5 },
};
const PLAIN = { id: 'plain', cost_per_1k: 0.001 };

const dot = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);

export const embeddings = (setting: () => Setting): void => {
  describe('POST /v1/embeddings', () => {
    let tenant: Tenant;
    let client: OpenAI;

    beforeAll(async () => {
      await setting().useModels([PLAIN, VECTORS]);
      tenant = await setting().tenant();
      client = openAiClient(setting(), tenant);
    });

    test('makes a vector of each text, and the observation is there at once', async () => {
      const input = ['The harbour at night', 'Night in the harbour', 'Mail john.doe@example.com'];
      const { data, response } = await client.embeddings.create({ model: 'vectors', input }).withResponse();
      const list = await setting().admin.get(`/admin/observations?tenant_id=${tenant.id}&limit=1`);
      const [one = [], near = [], far = []] = data.data.map(({ embedding }) => embedding);

      expect([data.model, data.data.map(({ index }) => index)]).toEqual(['vectors', [0, 1, 2]]);
      expect([one.length, dot(one, one)]).toEqual([1_536, expect.closeTo(1, 3)]);
      expect(dot(one, near)).toBeGreaterThan(dot(one, far));
      expect(Number(response.headers.get('x-atp-cost-usd'))).toBeGreaterThan(0);
      expect(expectReply(list, observationsReply)).toMatchObject([
        {
          model: 'vectors',
          prompt: 'Mail [REDACTED:EMAIL]',
          tokens_in: data.usage.prompt_tokens,
          tokens_out: 0,
        },
      ]);
    });

    test('numbers and base64 are the same vector', async () => {
      const ask = { model: 'vectors', input: 'Grüße', dimensions: 16 };
      const decoded = await client.embeddings.create(ask);
      const numbers = await client.embeddings.create({ ...ask, encoding_format: 'float' });

      expect(decoded.data[0]?.embedding).toEqual(numbers.data[0]?.embedding);
    });

    test('each fault raises the error that the client has for it', async () => {
      const create = (body: object) =>
        raised(client.embeddings.create({ model: 'vectors', input: 'Hi', ...body } as never));
      const faults = await Promise.all([
        create({ input: [1, 2] }),
        create({ model: 'auto' }),
        create({ model: 'nobody' }),
      ]);

      expect(faults.map((error) => [error.constructor.name, error.status, error.param])).toEqual([
        ['BadRequestError', 400, 'input[0]'],
        ['BadRequestError', 400, 'model'],
        ['NotFoundError', 404, 'model'],
      ]);
    });
  });
};
