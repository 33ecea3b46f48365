/** Anthropic's messages, called with Anthropic's own client, over a model that is none of Anthropic's. */
import Anthropic, { APIError } from '@anthropic-ai/sdk';
import { beforeAll, describe, expect, test } from 'vitest';
import { observationsReply } from '../../../shared/model/replies.ts';
import { expectReply } from './client.ts';
import type { Setting, Tenant } from './setting.ts';

const ECHO = { id: 'echo', cost_per_1k: 0.002, simulated: { latency_ms: 5, echo: true } };
const TOOLS: Anthropic.Tool[] = [
  {
    name: 'weather',
    input_schema: {
      type: 'object',
      properties: { days: { type: 'integer', minimum: 3 } },
      required: ['days'],
    },
  },
];

const ask = (content: string) => ({
  model: 'auto',
  max_tokens: 256,
  messages: [{ role: 'user' as const, content }],
});

const raised = async (call: Promise<unknown>): Promise<APIError> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof APIError) return error;
  throw new Error('the call was expected to fail');
};

export const messages = (setting: () => Setting): void => {
  describe('POST /v1/messages', () => {
    let tenant: Tenant;
    let client: Anthropic;

    const clientOf = (apiKey: string): Anthropic =>
      new Anthropic({ apiKey, baseURL: setting().target.url, maxRetries: 0 });

    beforeAll(async () => {
      await setting().useModels([ECHO]);
      tenant = await setting().tenant();
      client = clientOf(tenant.key);
    });

    test('answers, and the observation is there at once', async () => {
      const text = 'Mail john.doe@example.com about it';
      const message = await client.messages.create(ask(text));
      const list = await setting().admin.get(`/admin/observations?tenant_id=${tenant.id}&limit=1`);

      expect(message).toMatchObject({
        type: 'message',
        role: 'assistant',
        model: 'echo',
        content: [{ type: 'text', text }],
        stop_reason: 'end_turn',
      });
      expect(expectReply(list, observationsReply)).toMatchObject([
        { prompt: 'Mail [REDACTED:EMAIL] about it', tokens_out: message.usage.output_tokens },
      ]);
    });

    test('a forced tool is used with an input of its schema, streamed or not', async () => {
      const forced = {
        ...ask('Weather?'),
        tools: TOOLS,
        tool_choice: { type: 'tool' as const, name: 'weather' },
      };
      const whole = await client.messages.create(forced);
      const streamed = await client.messages.stream(forced).finalMessage();

      for (const { content, stop_reason } of [whole, streamed]) {
        expect([stop_reason, content]).toEqual([
          'tool_use',
          [expect.objectContaining({ type: 'tool_use', name: 'weather', input: { days: 3 } })],
        ]);
      }
    });

    test('a stream gathers into the same message', async () => {
      const text = 'Grüße: one two three 😀';
      const message = await client.messages.stream(ask(text)).finalMessage();

      expect(message).toMatchObject({
        model: 'echo',
        content: [{ type: 'text', text }],
        stop_reason: 'end_turn',
      });
      expect(message.usage.output_tokens).toBeGreaterThan(0);
    });

    test('each fault raises the error that the client has for it', async () => {
      const faults = await Promise.all([
        raised(clientOf('sk-wrong').messages.create(ask('Hi'))),
        raised(client.messages.create({ ...ask('Hi'), max_tokens: 0 })),
        raised(client.messages.create({ ...ask('Hi'), model: 'nobody' })),
      ]);

      expect(faults.map((error) => [error.constructor.name, error.status])).toEqual([
        ['AuthenticationError', 401],
        ['BadRequestError', 400],
        ['NotFoundError', 404],
      ]);
    });
  });
};
