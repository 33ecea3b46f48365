/** Requests for documents: what every ModelClient gives of them, and what passes through to a provider. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemorySecretStore } from '../../../shared/adapters/memory/secret-store.ts';
import { ProviderHttpClient } from '../../../shared/adapters/providers/http-client.ts';
import { OpenAiCompatibleClient } from '../../../shared/adapters/providers/openai-compatible/client.ts';
import { SimulatedClient } from '../../../shared/adapters/providers/simulated/client.ts';
import { systemClock } from '../../../shared/adapters/runtime/system.ts';
import type { Adapter } from '../../../shared/model/adapter.ts';
import { type JsonObject, saidIn } from '../../../shared/model/chat.ts';
import type { ModelRequest } from '../../../shared/model/completion.ts';
import type { ModelClient } from '../../../shared/ports/model-client.ts';
import { isPrivateAddress } from '../../../shared/services/base-url.ts';
import { anAdapter, aRequest, receive } from './calls.ts';
import {
  chunk,
  completion,
  DONE,
  FakeUpstream,
  sendJson,
  sendStream,
  USAGE,
  USAGE_CHUNK,
} from './fake-upstream.ts';

const upstream = new FakeUpstream();
const http = new ProviderHttpClient({ isPrivateAddress, allowPrivate: true });
const real = new OpenAiCompatibleClient({ http, secrets: new MemorySecretStore(), clock: systemClock() });
const simulated = new SimulatedClient(systemClock());
let baseUrl = '';

beforeAll(async () => {
  baseUrl = await upstream.start();
});

afterAll(async () => {
  await upstream.stop();
  await http.close();
});

const aDocumentRequest = (fields: Partial<ModelRequest> = {}): ModelRequest =>
  aRequest({ documents: true, bounded: false, ...fields });

const subjects: [string, () => { client: ModelClient; adapter: Adapter }][] = [
  [
    'the simulated models',
    () => ({ client: simulated, adapter: anAdapter({ provider: 'simulated', latency_ms: 4 }) }),
  ],
  [
    'an OpenAI-compatible provider',
    () => {
      upstream.behave((response, call) =>
        call.body.stream === true
          ? sendStream(chunk('Qubits '), chunk('superpose.', 'stop'), USAGE_CHUNK, DONE)(response, call)
          : sendJson(completion('Qubits superpose.'))(response, call),
      );
      return { client: real, adapter: anAdapter({ base_url: baseUrl }) };
    },
  ],
];

describe.each(subjects)('%s', (_name, subject) => {
  it('give one completion, and its usage in the end', async () => {
    const { client, adapter } = subject();
    const { documents, pieces, end, error } = await receive(client, adapter, aDocumentRequest());

    expect([documents.length, pieces, error]).toEqual([1, [], undefined]);
    expect(documents[0]).toMatchObject({
      choices: [{ index: 0, message: { role: 'assistant' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: expect.any(Number) },
    });
    expect(end).toMatchObject({
      type: 'end',
      finish_reason: 'stop',
      usage: { tokens_in: expect.any(Number) },
    });
  });

  it('give each chunk of a stream, the usage last', async () => {
    const { client, adapter } = subject();
    const { documents, end } = await receive(client, adapter, aDocumentRequest({ stream: true }));

    expect(documents.map(saidIn).join('').length).toBeGreaterThan(5);
    expect(documents.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
    expect(end).toMatchObject({ finish_reason: 'stop', usage: { tokens_out: expect.any(Number) } });
  });
});

describe('what passes to a provider', () => {
  const CHAT = {
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    seed: 7,
    logprobs: true,
    something_new: { a: [null] },
  };

  const sent = async (fields: Partial<ModelRequest>, adapter: Partial<Adapter> = {}): Promise<JsonObject> => {
    upstream.behave(sendJson(completion('ok')));
    await receive(
      real,
      anAdapter({ base_url: baseUrl, ...adapter }),
      aDocumentRequest({ chat: CHAT, ...fields }),
    );
    return upstream.received[0]?.body ?? {};
  };

  it('is the chat and the provider’s name of the model, nothing else', async () => {
    expect(await sent({})).toEqual({ ...CHAT, model: 'vendor-model' });
  });

  it('has the bound under the name that the caller gave it', async () => {
    expect(await sent({ chat: { ...CHAT, max_tokens: 900 }, max_tokens: 500 })).toMatchObject({
      max_tokens: 500,
    });
    expect(
      await sent(
        { chat: { ...CHAT, max_completion_tokens: 9 }, max_tokens: 9 },
        { provider: 'openai-compatible' },
      ),
    ).not.toHaveProperty('max_tokens');
  });

  it('has a bound that we set under the provider’s usual name', async () => {
    expect(await sent({ bounded: true })).toMatchObject({ max_tokens: 500 });
    expect(await sent({ bounded: true }, { provider: 'openai' })).toMatchObject({
      max_completion_tokens: 500,
    });
  });

  it('keeps the options of a stream beside the usage that we want', async () => {
    const stream_options = { include_obfuscation: false, include_usage: false };

    expect(await sent({ stream: true, chat: { ...CHAT, stream: true, stream_options } })).toMatchObject({
      stream: true,
      stream_options: { include_obfuscation: false, include_usage: true },
    });
  });
});

describe('what comes back', () => {
  const WHOLE = {
    id: 'x',
    object: 'chat.completion',
    service_tier: 'flex',
    choices: [
      { index: 0, message: { role: 'assistant', content: 'ok', annotations: [] }, finish_reason: 'stop' },
    ],
    usage: { ...USAGE, prompt_tokens_details: { cached_tokens: 3 } },
  };
  const adapter = () => anAdapter({ base_url: baseUrl });

  it('is whole, whatever stands in it', async () => {
    upstream.behave(sendJson(JSON.stringify(WHOLE)));

    expect((await receive(real, adapter(), aDocumentRequest())).documents).toEqual([WHOLE]);
  });

  it('is a chunk where a provider does not stream', async () => {
    upstream.behave(sendJson(JSON.stringify(WHOLE)));
    const { documents } = await receive(real, adapter(), aDocumentRequest({ stream: true }));

    expect(documents).toMatchObject([
      { object: 'chat.completion.chunk', choices: [{ delta: { content: 'ok' } }] },
    ]);
  });

  it('tells a refusal from a failure', async () => {
    upstream.behave(sendJson('{"error":{}}', 422));

    expect((await receive(real, adapter(), aDocumentRequest())).error).toMatchObject({
      code: 'upstream_error',
      extensions: { upstream_status: 422 },
    });
  });
});
