/** Vectors: what every ModelClient that makes them gives, and what passes through to a provider. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemorySecretStore } from '../../../shared/adapters/memory/secret-store.ts';
import { ProviderHttpClient } from '../../../shared/adapters/providers/http-client.ts';
import { OpenAiEmbeddings } from '../../../shared/adapters/providers/openai-compatible/embeddings.ts';
import { SimulatedEmbeddings } from '../../../shared/adapters/providers/simulated/embeddings.ts';
import { systemClock } from '../../../shared/adapters/runtime/system.ts';
import type { Adapter, SimulatedFault } from '../../../shared/model/adapter.ts';
import type { JsonObject } from '../../../shared/model/chat.ts';
import type { ModelRequest } from '../../../shared/model/completion.ts';
import type { ModelClient } from '../../../shared/ports/model-client.ts';
import { isPrivateAddress } from '../../../shared/services/base-url.ts';
import { estimateTokens } from '../../../shared/services/count-tokens.ts';
import { anAdapter, aRequest, receive } from './calls.ts';
import { type Behaviour, FakeUpstream, sendJson } from './fake-upstream.ts';

const upstream = new FakeUpstream();
const http = new ProviderHttpClient({ isPrivateAddress, allowPrivate: true });
const secrets = new MemorySecretStore({ 'vendor/key': 'sk-test' });
const real = new OpenAiEmbeddings({ http, secrets, clock: systemClock(), silenceMs: 1_000 });
const simulated = new SimulatedEmbeddings(systemClock(), estimateTokens);
let baseUrl = '';

beforeAll(async () => {
  baseUrl = await upstream.start();
});

afterAll(async () => {
  await upstream.stop();
  await http.close();
});

const textsAsked = (texts: readonly string[], fields: JsonObject = {}): ModelRequest =>
  aRequest({
    documents: true,
    bounded: false,
    chat: { ...fields, messages: texts.map((content) => ({ role: 'user', content })) },
  });

const reply = (count: number, extra: JsonObject = { usage: { prompt_tokens: 7, total_tokens: 7 } }): string =>
  JSON.stringify({
    object: 'list',
    data: Array.from({ length: count }, (_, index) => ({
      object: 'embedding',
      index,
      embedding: [0.5, 0.5],
    })),
    model: 'vendor-model',
    ...extra,
  });

const answering: Behaviour = (response, call) =>
  sendJson(reply((call.body.input as string[]).length))(response, call);

const FAULTS: Record<SimulatedFault, Behaviour> = {
  http_500: sendJson('{}', 500),
  http_429: sendJson('{}', 429),
  reset: (response) => void response.destroy(),
  timeout: () => undefined,
  cut: (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"data":[', () => response.destroy());
  },
  garbage: sendJson('<html>'),
};

interface Subject {
  client: ModelClient;
  stage(fault?: SimulatedFault): Adapter;
}

const subjects: [string, Subject][] = [
  [
    'the simulated models',
    {
      client: simulated,
      stage: (fault) =>
        anAdapter({
          provider: 'simulated',
          latency_ms: 4,
          ...(fault === undefined ? {} : { simulated: { fault_rate: 1, fault } }),
        }),
    },
  ],
  [
    'an OpenAI-compatible provider',
    {
      client: real,
      stage: (fault) => {
        upstream.behave(fault === undefined ? answering : FAULTS[fault]);
        return anAdapter({ base_url: baseUrl, secret_name: 'vendor/key' });
      },
    },
  ],
];

describe.each(subjects)('vectors of %s', (_name, { client, stage }) => {
  it('are one document, a vector for each text in order, then the end with the tokens read', async () => {
    const { documents, text, end } = await receive(client, stage(), textsAsked(['one', 'two', 'one']));

    expect(documents).toMatchObject([
      { object: 'list', data: [0, 1, 2].map((index) => ({ object: 'embedding', index })) },
    ]);
    expect(text).toBe('');
    expect(end).toEqual({
      type: 'end',
      finish_reason: 'stop',
      usage: { tokens_in: expect.any(Number), tokens_out: 0 },
    });
  });

  it.each<SimulatedFault>(['http_500', 'http_429', 'reset', 'cut', 'garbage'])(
    'a model with the fault %s is an upstream_error, and gives none',
    async (fault) => {
      const { documents, error } = await receive(client, stage(fault), textsAsked(['one']));

      expect([documents, error]).toEqual([[], expect.objectContaining({ code: 'upstream_error' })]);
    },
  );

  it('waits for a silent model no longer than the caller does', async () => {
    const signal = AbortSignal.timeout(60);
    const { error } = await receive(client, stage('timeout'), textsAsked(['one']), signal);

    expect(error).toMatchObject({ name: 'TimeoutError' });
  });
});

describe('a request for vectors', () => {
  const adapter = () => anAdapter({ base_url: baseUrl, secret_name: 'vendor/key' });

  it('reaches the provider with all its fields, the provider’s name of the model and its key', async () => {
    upstream.behave(answering);
    await receive(real, adapter(), textsAsked(['one'], { dimensions: 2, encoding_format: 'float', seed: 7 }));

    expect(upstream.received).toMatchObject([
      {
        path: '/v1/embeddings',
        headers: { authorization: 'Bearer sk-test' },
        body: { model: 'vendor-model', input: ['one'], dimensions: 2, encoding_format: 'float', seed: 7 },
      },
    ]);
    expect(upstream.received[0]?.body).not.toHaveProperty('messages');
  });

  it('brings the provider’s reply back as it is', async () => {
    upstream.behave(sendJson(reply(1, { extra: true, usage: { prompt_tokens: 3, total_tokens: 3 } })));
    const { documents, end } = await receive(real, adapter(), textsAsked(['one']));

    expect(documents).toEqual([
      JSON.parse(reply(1, { extra: true, usage: { prompt_tokens: 3, total_tokens: 3 } })),
    ]);
    expect(end).toMatchObject({ usage: { tokens_in: 3, tokens_out: 0 } });
  });

  it.each([{}, { usage: null }, { usage: { prompt_tokens: -1 } }])(
    'has no usage where the provider says %j of it',
    async (extra) => {
      upstream.behave(sendJson(reply(1, extra)));

      expect((await receive(real, adapter(), textsAsked(['one']))).end).toEqual({
        type: 'end',
        finish_reason: 'stop',
      });
    },
  );

  it.each(['{}', 'null', '{"data":[]}', '{"data":[{"embedding":7}]}', reply(2)])(
    'takes %s for no vector',
    async (body) => {
      upstream.behave(sendJson(body));

      expect((await receive(real, adapter(), textsAsked(['one']))).error).toMatchObject({
        code: 'upstream_error',
        detail: 'The model answered something that is not one vector for each text.',
      });
    },
  );

  it('is a timeout when the provider is silent for too long', async () => {
    upstream.behave(() => undefined);

    expect((await receive(real, adapter(), textsAsked(['one']))).error).toMatchObject({
      code: 'upstream_timeout',
    });
  });
});
