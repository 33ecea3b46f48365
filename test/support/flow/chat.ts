/** OpenAI's chat completions, called with OpenAI's own client. */
import OpenAI, { APIError } from 'openai';
import type {
  ChatCompletionChunk,
  ChatCompletionCreateParams,
  ChatCompletionFunctionTool,
} from 'openai/resources/chat/completions';
import { beforeAll, describe, expect, test } from 'vitest';
import { observationsReply } from '../../../shared/model/replies.ts';
import { expectReply } from './client.ts';
import type { Setting, Tenant } from './setting.ts';

const ECHO = {
  id: 'echo',
  cost_per_1k: 0.002,
  capabilities: ['tools', 'json'],
  simulated: { latency_ms: 5, echo: true },
};
const PLAIN = { id: 'plain', cost_per_1k: 0.001, capabilities: ['streaming'] };

const WEATHER: ChatCompletionFunctionTool = {
  type: 'function',
  function: {
    name: 'weather',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 3 } },
      required: ['city', 'days'],
    },
  },
};
const FORCED: Pick<ChatCompletionCreateParams, 'tools' | 'tool_choice'> = {
  tools: [WEATHER],
  tool_choice: { type: 'function', function: { name: 'weather' } },
};

const ask = (content: string) => ({ model: 'auto', messages: [{ role: 'user' as const, content }] });

export const openAiClient = (setting: Setting, { key }: Pick<Tenant, 'key'>): OpenAI =>
  new OpenAI({ apiKey: key, baseURL: `${setting.target.url}/v1`, maxRetries: 0 });

/** The error that the client raises. */
export const raised = async (call: Promise<unknown>): Promise<APIError> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof APIError) return error;
  throw new Error('the call was expected to fail');
};

export const chat = (setting: () => Setting): void => {
  describe('POST /v1/chat/completions', () => {
    let tenant: Tenant;
    let client: OpenAI;

    beforeAll(async () => {
      await setting().useModels([ECHO, PLAIN]);
      tenant = await setting().tenant();
      client = openAiClient(setting(), tenant);
    });

    test('answers, and says who did and what it cost', async () => {
      const { data, response } = await client.chat.completions
        .create(ask('What is a tensor?'))
        .withResponse();

      expect(data).toMatchObject({
        object: 'chat.completion',
        model: response.headers.get('x-atp-model'),
        choices: [{ index: 0, message: { role: 'assistant' }, finish_reason: 'stop' }],
      });
      expect(['rust', 'typescript']).toContain(response.headers.get('x-atp-selector'));
      expect(Number(response.headers.get('x-atp-cost-usd'))).toBeGreaterThan(0);
      expect(data.usage?.total_tokens).toBe(
        Number(data.usage?.prompt_tokens) + Number(data.usage?.completion_tokens),
      );
    });

    test('one model answers where it is named, and the observation is there at once', async () => {
      const text = 'Mail john.doe@example.com about it';
      const { data, request_id } = await client.chat.completions
        .create({ ...ask(text), model: 'echo' })
        .withResponse();
      const list = await setting().admin.get(`/admin/observations?tenant_id=${tenant.id}&limit=1`);

      expect([data.model, data.choices[0]?.message.content]).toEqual(['echo', text]);
      expect(expectReply(list, observationsReply)).toMatchObject([
        { request_id, model: 'echo', prompt: 'Mail [REDACTED:EMAIL] about it', outcome: 'success' },
      ]);
    });

    test('a forced tool is called with arguments of its schema', async () => {
      const { choices, model } = await client.chat.completions.create({ ...ask('Weather?'), ...FORCED });
      const [call] = choices[0]?.message.tool_calls ?? [];

      expect([model, choices[0]?.finish_reason, call?.type]).toEqual(['echo', 'tool_calls', 'function']);
      expect(JSON.parse(call?.type === 'function' ? call.function.arguments : '')).toEqual({
        city: expect.any(String),
        days: 3,
      });
    });

    test('structured output is of its schema', async () => {
      const schema = WEATHER.function.parameters ?? {};
      const { choices } = await client.chat.completions.create({
        ...ask('Weather?'),
        response_format: { type: 'json_schema', json_schema: { name: 'weather', schema } },
      });

      expect(JSON.parse(choices[0]?.message.content ?? '')).toMatchObject({ days: 3 });
    });

    test('a stream says the same, its usage last where it is wanted', async () => {
      const text = 'Grüße: one two three 😀';
      const chunks: ChatCompletionChunk[] = [];
      const stream = await client.chat.completions.create({
        ...ask(text),
        model: 'echo',
        stream: true,
        stream_options: { include_usage: true },
      });
      for await (const chunk of stream) chunks.push(chunk);

      expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(text);
      expect(new Set(chunks.map(({ id, model }) => `${id} ${model}`)).size).toBe(1);
      expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: expect.any(Number) } });
    });

    test('a stream of a call gathers into the call', async () => {
      const runner = client.chat.completions.stream({ ...ask('Weather?'), ...FORCED });
      const { choices, usage } = await runner.finalChatCompletion();

      expect(choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { name: 'weather' } });
      expect(usage).toBeUndefined();
    });

    test('the models are listed for it', async () => {
      const { data } = await client.models.list();

      expect(data.map(({ id, object }) => `${object} ${id}`).sort()).toEqual(['model echo', 'model plain']);
    });

    test('each fault raises the error that the client has for it', async () => {
      const limited = await setting().tenant({ rate_limit: { rpm: 1 } });
      const slow = openAiClient(setting(), limited);
      await slow.chat.completions.create(ask('first'));
      const call = (body: object) => client.chat.completions.create({ ...ask('Hi'), ...body } as never);

      const faults = await Promise.all([
        raised(openAiClient(setting(), { key: 'sk-wrong' }).chat.completions.create(ask('Hi'))),
        raised(call({ messages: [] })),
        raised(call({ messages: [{ role: 'user', content: 7 }] })),
        raised(call({ model: 'nobody' })),
        raised(call({ model: 'plain', tools: [WEATHER] })),
        raised(slow.chat.completions.create(ask('second'))),
      ]);

      expect(faults.map((error) => [error.constructor.name, error.status, error.code, error.param])).toEqual([
        ['AuthenticationError', 401, 'invalid_api_key', null],
        ['BadRequestError', 400, 'invalid_request', 'messages'],
        ['BadRequestError', 400, 'invalid_request', 'messages[0].content'],
        ['NotFoundError', 404, 'model_not_found', 'model'],
        ['UnprocessableEntityError', 422, 'no_eligible_model', null],
        ['RateLimitError', 429, 'rate_limit_exceeded', null],
      ]);
      expect(Number(faults.at(-1)?.headers?.get('retry-after'))).toBeGreaterThan(0);
    });

    test('a model that fails is a server error', async () => {
      const broken = { id: 'broken', cost_per_1k: 0.001, simulated: { fault_rate: 1, fault: 'garbage' } };
      await setting().useModels([broken]);

      const error = await raised(client.chat.completions.create(ask('Hi')));

      expect([error.constructor.name, error.status, error.code]).toEqual([
        'InternalServerError',
        502,
        'upstream_error',
      ]);
    });

    test('a stream that breaks off raises its error', async () => {
      const cutter = {
        id: 'cutter',
        cost_per_1k: 0.001,
        simulated: { fault_rate: 1, fault: 'cut', chunks: 4 },
      };
      await setting().useModels([cutter]);
      const stream = await client.chat.completions.create({ ...ask('Tell me a story.'), stream: true });
      const read = async () => {
        for await (const _ of stream);
      };

      expect((await raised(read())).code).toBe('upstream_error');
    });
  });
};
