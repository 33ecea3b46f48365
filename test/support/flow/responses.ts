/** OpenAI's responses, called with OpenAI's own client. */
import type OpenAI from 'openai';
import type {
  FunctionTool,
  ResponseInputItem,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses';
import { beforeAll, describe, expect, test } from 'vitest';
import { observationsReply } from '../../../shared/model/replies.ts';
import { openAiClient, raised } from './chat.ts';
import { expectReply } from './client.ts';
import type { Setting, Tenant } from './setting.ts';

const ECHO = {
  id: 'echo',
  cost_per_1k: 0.002,
  capabilities: ['tools', 'json'],
  simulated: { latency_ms: 5, echo: true },
};

const WEATHER: FunctionTool = {
  type: 'function',
  name: 'weather',
  strict: true,
  parameters: {
    type: 'object',
    properties: { days: { type: 'integer', minimum: 3 } },
    required: ['days'],
    additionalProperties: false,
  },
};
const FORCED = { tools: [WEATHER], tool_choice: { type: 'function' as const, name: 'weather' } };

export const responses = (setting: () => Setting): void => {
  describe('POST /v1/responses', () => {
    let tenant: Tenant;
    let client: OpenAI;

    beforeAll(async () => {
      await setting().useModels([ECHO]);
      tenant = await setting().tenant();
      client = openAiClient(setting(), tenant);
    });

    test('answers, and the observation is there at once', async () => {
      const input = 'Mail john.doe@example.com about it';
      const { data, response } = await client.responses.create({ model: 'auto', input }).withResponse();
      const list = await setting().admin.get(`/admin/observations?tenant_id=${tenant.id}&limit=1`);

      expect(data).toMatchObject({
        object: 'response',
        status: 'completed',
        model: 'echo',
        output_text: input,
      });
      expect(response.headers.get('x-atp-model')).toBe('echo');
      expect(expectReply(list, observationsReply)).toMatchObject([
        { prompt: 'Mail [REDACTED:EMAIL] about it', tokens_out: data.usage?.output_tokens },
      ]);
    });

    test('a call, its result and the answer go back and forth as items', async () => {
      const items: ResponseInputItem[] = [{ role: 'user', content: 'Weather?' }];
      const first = await client.responses.create({ model: 'auto', input: items, ...FORCED });
      const [call] = first.output;
      if (call?.type !== 'function_call') throw new Error('a call was expected');
      items.push(call, { type: 'function_call_output', call_id: call.call_id, output: '{"sky":"blue"}' });
      const second = await client.responses.create({ model: 'auto', input: items, tools: [WEATHER] });

      expect([call.name, JSON.parse(call.arguments)]).toEqual(['weather', { days: 3 }]);
      expect(second.output_text).toBe('Weather?');
    });

    test('structured output is of its schema', async () => {
      const { output_text } = await client.responses.create({
        model: 'auto',
        input: 'Weather?',
        text: { format: { type: 'json_schema', name: 'weather', schema: WEATHER.parameters ?? {} } },
      });

      expect(JSON.parse(output_text)).toEqual({ days: 3 });
    });

    test('a stream gathers into the same response', async () => {
      const input = 'Grüße: one two three 😀';
      const events: ResponseStreamEvent[] = [];
      for await (const event of await client.responses.create({ model: 'auto', input, stream: true }))
        events.push(event);
      const gathered = await client.responses.stream({ model: 'auto', input }).finalResponse();

      const deltas = events.map((event) => (event.type === 'response.output_text.delta' ? event.delta : ''));
      expect([deltas.join(''), gathered.output_text]).toEqual([input, input]);
      expect(events.map(({ sequence_number }) => sequence_number)).toEqual([...events.keys()]);
      expect(events.at(-1)).toMatchObject({
        type: 'response.completed',
        response: { status: 'completed', usage: { output_tokens: expect.any(Number) } },
      });
    });

    test('a stream of a call gathers into the call', async () => {
      const { output } = await client.responses
        .stream({ model: 'auto', input: 'Weather?', ...FORCED })
        .finalResponse();

      expect(output).toMatchObject([
        { type: 'function_call', name: 'weather', parsed_arguments: { days: 3 } },
      ]);
    });

    test('each fault raises the error that the client has for it', async () => {
      const create = (body: object, key = tenant.key) =>
        raised(
          openAiClient(setting(), { key }).responses.create({ model: 'auto', input: 'Hi', ...body } as never),
        );
      const faults = await Promise.all([
        create({}, 'sk-wrong'),
        create({ input: [] }),
        create({ previous_response_id: 'resp_1' }),
        create({ tools: [{ type: 'web_search' }] }),
        create({ model: 'nobody' }),
      ]);

      expect(faults.map((error) => [error.constructor.name, error.status, error.param])).toEqual([
        ['AuthenticationError', 401, null],
        ['BadRequestError', 400, 'input'],
        ['BadRequestError', 400, 'previous_response_id'],
        ['BadRequestError', 400, 'tools[0].type'],
        ['NotFoundError', 404, 'model'],
      ]);
    });
  });
};
