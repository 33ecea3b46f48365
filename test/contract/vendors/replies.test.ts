/** Every reply and every frame of the vendors' routes, held against what the vendors publish of theirs. */
import { describe, expect, it } from 'vitest';
import type { Adapter } from '../../../shared/model/adapter.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { framesOf } from '../../support/fakes/server-sent-events.ts';
import { anthropicError, message, messageEvent } from './anthropic-schemas.ts';
import {
  completion,
  completionChunk,
  embeddingList,
  modelList,
  openAiError,
  response,
  responseEvent,
} from './openai-schemas.ts';
import { faultsOf, type Schema } from './schema.ts';

const PARAMETERS = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const messages = [{ role: 'user', content: 'Hi there, how are you?' }];

interface Route {
  route: string;
  whole: Schema;
  event: Schema;
  error: Schema;
  body: object;
  tools: object;
  /** An answer of one token. */
  cut: object;
}

const ROUTES: readonly Route[] = [
  {
    route: 'POST /v1/chat/completions',
    whole: completion,
    event: completionChunk,
    error: openAiError,
    body: { model: 'auto', messages, stream_options: { include_usage: true } },
    tools: {
      tools: [{ type: 'function', function: { name: 'weather', parameters: PARAMETERS } }],
      tool_choice: 'required',
    },
    cut: { max_tokens: 1 },
  },
  {
    route: 'POST /v1/responses',
    whole: response,
    event: responseEvent,
    error: openAiError,
    body: { model: 'auto', input: 'Hi there, how are you?' },
    tools: {
      tools: [{ type: 'function', name: 'weather', parameters: PARAMETERS }],
      tool_choice: { type: 'function', name: 'weather' },
    },
    cut: { max_output_tokens: 1 },
  },
  {
    route: 'POST /v1/messages',
    whole: message,
    event: messageEvent,
    error: anthropicError,
    body: { model: 'auto', messages, max_tokens: 200 },
    tools: { tools: [{ name: 'weather', input_schema: PARAMETERS }], tool_choice: { type: 'any' } },
    cut: { max_tokens: 1 },
  },
];

const call = async (route: string, body: object, simulated: NonNullable<Adapter['simulated']> = {}) => {
  const gateway = new FakeGateway();
  await gateway.withModel('a', {
    provider: 'simulated',
    capabilities: ['tools', 'json'],
    simulated: { latency_ms: 0, ...simulated },
  });
  const calling = gateway.call(route, { key: await gateway.keyOf('acme'), body });
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  calling.then(over, over);
  // A failing provider is tried again after a while.
  while (!isOver) await gateway.clock.advance(1_000);
  return { ...(await calling), gateway };
};

/** What streams in frames, but for OpenAI's last line. */
const eventsOf = (text: string): Record<string, unknown>[] =>
  framesOf(text.replace('data: [DONE]\n\n', '')).map(([, data]) => data);

describe.each(ROUTES)('$route', ({ route, whole, event, error, body, tools, cut }) => {
  const kinds: [string, object][] = [
    ['a plain answer', {}],
    ['a call', tools],
    ['an answer cut short', cut],
  ];

  it.each(kinds)('%s is as published', async (_kind, extra) => {
    const { status, json } = await call(route, { ...body, ...extra, stream_options: undefined });

    expect([status, faultsOf(whole, json)]).toEqual([200, []]);
  });

  it.each(kinds)('each event of %s is as published', async (_kind, extra) => {
    const { text } = await call(route, { ...body, ...extra, stream: true });
    const events = eventsOf(text);

    expect(events.length).toBeGreaterThan(2);
    for (const one of events) expect([one, faultsOf(event, one)]).toEqual([one, []]);
  });

  it.each<[string, object, NonNullable<Adapter['simulated']>, number]>([
    ['a request that is not valid', { model: 7 }, {}, 400],
    ['a model that nobody has', { model: 'nobody' }, {}, 404],
    ['a provider that fails', {}, { fault_rate: 1, fault: 'garbage' }, 502],
  ])('the error of %s is as published', async (_kind, extra, simulated, expected) => {
    const { status, json } = await call(route, { ...body, ...extra }, simulated);

    expect([status, faultsOf(error, json)]).toEqual([expected, []]);
  });

  it('a stream that breaks off ends with an error as published', async () => {
    const { text } = await call(route, { ...body, stream: true }, { fault_rate: 1, fault: 'cut' });
    const last = eventsOf(text).at(-1);
    const schema = route === 'POST /v1/chat/completions' ? error : event;

    expect([last, faultsOf(schema, last)]).toEqual([last, []]);
    expect(String(last?.type ?? 'error')).toMatch(/error|failed/);
  });

  it('an error without a key is as published', async () => {
    const gateway = new FakeGateway();
    const { status, json } = await gateway.call(route, { body });

    expect([status, faultsOf(error, json)]).toEqual([401, []]);
  });
});

describe('the other routes', () => {
  it.each(['float', 'base64'])('vectors as %s are as published', async (encoding_format) => {
    const { status, json } = await call('POST /v1/embeddings', {
      model: 'a',
      input: ['one', 'two'],
      encoding_format,
    });

    expect([status, faultsOf(embeddingList, json)]).toEqual([200, []]);
  });

  it('the list of models is as published', async () => {
    const { gateway } = await call('POST /v1/ask', { prompt: 'Hi' });
    const { json } = await gateway.asAdmin('GET /v1/models');

    expect(faultsOf(modelList, json)).toEqual([]);
  });
});
