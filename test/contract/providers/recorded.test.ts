/** The same kinds of answers from every provider: each is told alike, in documents as OpenAI publishes them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemorySecretStore } from '../../../shared/adapters/memory/secret-store.ts';
import { AnthropicClient } from '../../../shared/adapters/providers/anthropic/client.ts';
import { BedrockClient } from '../../../shared/adapters/providers/bedrock/client.ts';
import { ProviderHttpClient } from '../../../shared/adapters/providers/http-client.ts';
import { OpenAiCompatibleClient } from '../../../shared/adapters/providers/openai-compatible/client.ts';
import { systemClock } from '../../../shared/adapters/runtime/system.ts';
import type { Adapter } from '../../../shared/model/adapter.ts';
import { objectsOf, saidIn } from '../../../shared/model/chat.ts';
import { isPrivateAddress } from '../../../shared/services/base-url.ts';
import { completion, completionChunk } from '../vendors/openai-schemas.ts';
import { faultsOf } from '../vendors/schema.ts';
import { anAdapter, aRequest, receive } from './calls.ts';
import { FakeUpstream } from './fake-upstream.ts';
import { KINDS, REASONS, type Recorded } from './recorded.ts';
import { anthropic } from './recorded-anthropic.ts';
import { bedrock } from './recorded-bedrock.ts';
import { openAi } from './recorded-openai.ts';

const upstream = new FakeUpstream();
const http = new ProviderHttpClient({ isPrivateAddress, allowPrivate: true });
const deps = { http, secrets: new MemorySecretStore(), clock: systemClock() };
const credentials = async () => ({ accessKeyId: 'id', secretAccessKey: 'secret' });
let base_url = '';

beforeAll(async () => {
  base_url = await upstream.start();
});

afterAll(async () => {
  await upstream.stop();
  await http.close();
});

const PROVIDERS = [
  ['openai', new OpenAiCompatibleClient(deps), openAi],
  ['openai-compatible', new OpenAiCompatibleClient(deps), openAi],
  ['anthropic', new AnthropicClient(deps), anthropic],
  ['bedrock', new BedrockClient({ ...deps, region: 'eu-west-1', credentials }), bedrock],
] as const satisfies readonly (readonly [Adapter['provider'], unknown, Recorded])[];

describe.each(PROVIDERS)('%s', (provider, client, recorded) => {
  const get = (stream: boolean) =>
    receive(client, anAdapter({ provider, base_url }), aRequest({ documents: true, stream }));

  it.each(KINDS)('%s is told whole and streamed alike', async (kind) => {
    const answered = recorded[kind];
    upstream.behave(answered.whole);
    const whole = await get(false);
    upstream.behave(answered.streamed);
    const streamed = await get(true);
    // The route puts our own name of the model into each.
    const named = (document: object) => ({ model: 'a', ...document });
    const reason = answered.reason ?? REASONS[kind];
    const usage = { tokens_in: 7, tokens_out: 3 };

    expect([whole.error, streamed.error]).toEqual([undefined, undefined]);
    expect(whole.documents.flatMap((one) => faultsOf(completion, named(one)))).toEqual([]);
    expect(streamed.documents.flatMap((one) => faultsOf(completionChunk, named(one)))).toEqual([]);
    expect([whole.end, streamed.end]).toEqual([
      { type: 'end', finish_reason: reason, usage },
      { type: 'end', finish_reason: reason, usage },
    ]);
    expect(streamed.documents.map(saidIn).join('')).toBe(whole.documents.map(saidIn).join(''));
    const finishes = streamed.documents.flatMap(({ choices }) => objectsOf(choices));
    expect(finishes.filter(({ finish_reason }) => finish_reason !== null)).toHaveLength(1);
  });

  it.each([
    ['limited', true],
    ['overloaded', true],
    ['invalid', false],
  ] as const)('%s: worth another try: %s', async (kind, retryable) => {
    for (const stream of [false, true]) {
      upstream.behave(recorded.errors[kind]);
      expect((await get(stream)).error).toMatchObject({ code: 'upstream_error', retryable });
    }
  });
});
