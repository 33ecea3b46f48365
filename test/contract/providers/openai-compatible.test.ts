import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemorySecretStore } from '../../../shared/adapters/memory/secret-store.ts';
import { ProviderHttpClient } from '../../../shared/adapters/providers/http-client.ts';
import { OpenAiCompatibleClient } from '../../../shared/adapters/providers/openai-compatible/client.ts';
import { systemClock } from '../../../shared/adapters/runtime/system.ts';
import type { Adapter } from '../../../shared/model/adapter.ts';
import { isPrivateAddress } from '../../../shared/services/base-url.ts';
import { anAdapter, aRequest, receive } from './calls.ts';
import { chunk, completion, DONE, FakeUpstream, sendJson, sendStream, USAGE_CHUNK } from './fake-upstream.ts';

const upstream = new FakeUpstream();
const http = new ProviderHttpClient({ isPrivateAddress, allowPrivate: true });
const secrets = new MemorySecretStore({ 'vendor/key': 'sk-test', 'vendor/acme': 'sk-acme' });
const client = new OpenAiCompatibleClient({ http, secrets, clock: systemClock() });
let adapter: Adapter;

beforeAll(async () => {
  adapter = anAdapter({ base_url: await upstream.start(), secret_name: 'vendor/key' });
});

afterAll(async () => {
  await upstream.stop();
  await http.close();
});

describe('the request', () => {
  it('carries model, messages, limit and key', async () => {
    upstream.behave(sendJson(completion('ok')));

    await receive(client, adapter, aRequest());

    expect(upstream.received[0]?.path).toBe('/v1/chat/completions');
    expect(upstream.received[0]?.headers.authorization).toBe('Bearer sk-test');
    expect(upstream.received[0]?.body).toEqual({
      model: 'vendor-model',
      messages: [{ role: 'user', content: 'Explain quantum computing' }],
      max_tokens: 500,
    });
  });

  it('asks for a stream, and its usage, only when the caller streams', async () => {
    upstream.behave(sendStream(chunk('ok', 'stop'), DONE));

    await receive(client, adapter, aRequest({ stream: true }));

    expect(upstream.received[0]?.body).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('names the limit as OpenAI’s newer models want it', async () => {
    upstream.behave(sendJson(completion('ok')));

    await receive(client, { ...adapter, provider: 'openai' }, aRequest());

    expect(upstream.received[0]?.body).toMatchObject({ max_completion_tokens: 500 });
    expect(upstream.received[0]?.body).not.toHaveProperty('max_tokens');
  });

  it('sends no key where the adapter names none', async () => {
    upstream.behave(sendJson(completion('ok')));
    const { secret_name: _unused, ...keyless } = adapter;

    await receive(client, keyless, aRequest());

    expect(upstream.received[0]?.headers).not.toHaveProperty('authorization');
  });

  it.each([
    ['goes with the key of the tenant that has one', 'vendor/acme', 'Bearer sk-acme'],
    ['goes with the shared key where the own one is gone', 'vendor/gone', 'Bearer sk-test'],
  ])('%s', async (_, secret_name, authorization) => {
    upstream.behave(sendJson(completion('ok')));

    await receive(client, { ...adapter, account: { tenant_id: 'acme', secret_name } }, aRequest());

    expect(upstream.received[0]?.headers.authorization).toBe(authorization);
  });

  it('is not sent where the own key is gone and there is no shared one', async () => {
    upstream.behave(sendJson(completion('ok')));
    const { secret_name: _unused, ...keyless } = adapter;
    const account = { tenant_id: 'acme', secret_name: 'vendor/gone' };

    const { error } = await receive(client, { ...keyless, account }, aRequest());

    expect(error).toMatchObject({ code: 'upstream_error', fault: 'key_missing' });
    expect(upstream.received).toEqual([]);
  });

  it('is not sent where the key is missing', async () => {
    upstream.behave(sendJson(completion('ok')));

    const { error } = await receive(client, { ...adapter, secret_name: 'vendor/none' }, aRequest());

    expect(error).toMatchObject({ code: 'upstream_error', retryable: false });
    expect(upstream.received).toEqual([]);
  });
});

describe('the answer', () => {
  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['tool_calls', 'tool_calls'],
    ['function_call', 'tool_calls'],
    ['content_filter', 'content_filter'],
    ['something new', 'stop'],
  ])('finish reason %s becomes %s', async (theirs, ours) => {
    upstream.behave(sendStream(chunk('ok', theirs), DONE));

    const { end } = await receive(client, adapter, aRequest({ stream: true }));

    expect(end).toMatchObject({ finish_reason: ours });
  });

  it.each([
    ['none', completion('ok', { usage: undefined })],
    ['null', completion('ok', { usage: null })],
    ['an unreadable one', completion('ok', { usage: { total_tokens: 3 } })],
  ])('has no usage where the provider reports %s', async (_name, body) => {
    upstream.behave(sendJson(body));

    const { text, end } = await receive(client, adapter, aRequest());

    expect(text).toBe('ok');
    expect(end).toEqual({ type: 'end', finish_reason: 'stop' });
  });

  it('has no usage where a stream reports none', async () => {
    upstream.behave(sendStream(chunk('ok', 'stop'), DONE));

    expect((await receive(client, adapter, aRequest({ stream: true }))).end).toEqual({
      type: 'end',
      finish_reason: 'stop',
    });
  });

  it('takes the usage of the last chunk', async () => {
    upstream.behave(sendStream(chunk('ok', 'stop'), USAGE_CHUNK, DONE));

    const { end } = await receive(client, adapter, aRequest({ stream: true }));

    expect(end).toEqual({ type: 'end', finish_reason: 'stop', usage: { tokens_in: 7, tokens_out: 3 } });
  });

  it('is complete with a finish reason, also without [DONE]', async () => {
    upstream.behave(sendStream(chunk('ok', 'stop')));

    expect((await receive(client, adapter, aRequest({ stream: true }))).end).toMatchObject({
      finish_reason: 'stop',
    });
  });

  it('is complete with [DONE], also where the connection stays open', async () => {
    upstream.behave((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk('ok', 'stop') + DONE);
    });

    const { text, end } = await receive(
      client,
      adapter,
      aRequest({ stream: true }),
      AbortSignal.timeout(60_000),
    );

    expect({ text, end }).toEqual({ text: 'ok', end: { type: 'end', finish_reason: 'stop' } });
  });

  it('gives its connection back after a stream', async () => {
    upstream.behave(sendStream(chunk('ok', 'stop'), DONE));
    await receive(client, adapter, aRequest({ stream: true }));
    await sleep(20);
    const opened = upstream.connections;

    await receive(client, adapter, aRequest({ stream: true }));

    expect(upstream.connections).toBe(opened);
  });

  it('may be whole where a stream was asked for', async () => {
    upstream.behave(sendJson(completion('ok')));

    expect((await receive(client, adapter, aRequest({ stream: true }))).text).toBe('ok');
  });

  it('holds a refusal as its text', async () => {
    const refused = {
      choices: [{ message: { content: null, refusal: 'I will not.' }, finish_reason: 'stop' }],
    };
    upstream.behave(sendJson(JSON.stringify(refused)));

    expect((await receive(client, adapter, aRequest())).text).toBe('I will not.');
  });

  it('keeps characters whole that are cut between two packets', async () => {
    const bytes = Buffer.from(chunk('größer 😀', 'stop'));
    const cut = bytes.indexOf(0xf0) + 2;
    upstream.behave((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(bytes.subarray(0, cut));
      setTimeout(() => response.end(bytes.subarray(cut)), 20);
    });

    expect((await receive(client, adapter, aRequest({ stream: true }))).text).toBe('größer 😀');
  });
});
