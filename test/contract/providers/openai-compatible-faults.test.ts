import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MemorySecretStore } from '../../../shared/adapters/memory/secret-store.ts';
import { ProviderHttpClient } from '../../../shared/adapters/providers/http-client.ts';
import { OpenAiCompatibleClient } from '../../../shared/adapters/providers/openai-compatible/client.ts';
import { systemClock } from '../../../shared/adapters/runtime/system.ts';
import type { AppError } from '../../../shared/errors/app-error.ts';
import type { Adapter } from '../../../shared/model/adapter.ts';
import { isPrivateAddress } from '../../../shared/services/base-url.ts';
import { PATIENT } from '../../support/patience.ts';
import { anAdapter, aRequest, receive } from './calls.ts';
import { chunk, FakeUpstream, sendJson, sendStream } from './fake-upstream.ts';

const upstream = new FakeUpstream();
const http = new ProviderHttpClient({ isPrivateAddress, allowPrivate: true });
const secrets = new MemorySecretStore({ 'vendor/key': 'sk-test' });
const client = new OpenAiCompatibleClient({ http, secrets, clock: systemClock() });
let adapter: Adapter;

beforeAll(async () => {
  adapter = anAdapter({ base_url: await upstream.start(), secret_name: 'vendor/key' });
});

afterAll(async () => {
  await upstream.stop();
  await http.close();
});

describe('faults', () => {
  it.each([
    [400, 'upstream_error', false],
    [401, 'upstream_error', false],
    [403, 'upstream_error', false],
    [404, 'upstream_error', false],
    [302, 'upstream_error', false],
    [408, 'upstream_timeout', true],
    [429, 'upstream_error', true],
    [500, 'upstream_error', true],
    [503, 'upstream_error', true],
    [504, 'upstream_timeout', true],
  ])('status %i is %s, retryable: %s', async (status, code, retryable) => {
    upstream.behave(sendJson('{}', status, { location: 'http://127.0.0.1:1/' }));

    const { error } = await receive(client, adapter, aRequest());

    expect(error).toMatchObject({ code, retryable });
    expect(upstream.received).toHaveLength(1);
  });

  it('tells a refused key', async () => {
    upstream.behave(sendJson('{}', 401));

    expect((await receive(client, adapter, aRequest())).error).toMatchObject({
      detail: 'The provider refused its key.',
    });
  });

  it('says nothing of what the provider said', async () => {
    upstream.behave(sendJson('{"error":{"message":"john.doe@example.com is unknown"}}', 400));

    const { error } = await receive(client, adapter, aRequest());

    const { message, detail, cause } = error as AppError;
    expect(JSON.stringify({ message, detail, cause })).not.toContain('john.doe');
  });

  it.each([
    ['2', 2_000],
    ['0.5', 500],
    ['soon', undefined],
  ])('honours retry-after: %s', async (value, milliseconds) => {
    upstream.behave(sendJson('{}', 429, { 'retry-after': value }));

    expect((await receive(client, adapter, aRequest())).error).toHaveProperty('retryAfterMs', milliseconds);
  });

  it('does not wait for a failing provider to finish its words', async () => {
    upstream.behave((response) => {
      response.writeHead(500, { 'content-type': 'text/plain' });
      response.write('I am');
    });

    const { error } = await receive(client, adapter, aRequest(), AbortSignal.timeout(1_000));

    expect(error).toMatchObject({ code: 'upstream_error', retryable: true });
  });

  it.each([false, true])(
    'is a timeout when the provider is silent for too long, stream: %s',
    async (stream) => {
      const impatient = new OpenAiCompatibleClient({ http, secrets, clock: systemClock(), silenceMs: 1_000 });
      upstream.behave(() => undefined);

      const { error } = await receive(impatient, adapter, aRequest({ stream }));

      expect(error).toMatchObject({ code: 'upstream_timeout' });
    },
  );

  it('is none when bytes come that say nothing yet', async () => {
    const impatient = new OpenAiCompatibleClient({ http, secrets, clock: systemClock(), silenceMs: 1_500 });
    upstream.behave((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const alive = setInterval(() => response.write(': thinking\n\n'), 300);
      setTimeout(() => {
        clearInterval(alive);
        response.end(chunk('ok', 'stop'));
      }, 4_000);
    });

    const { text, error } = await receive(impatient, adapter, aRequest({ stream: true }));

    expect([text, error]).toEqual(['ok', undefined]);
  });

  it('reports an error event in a stream', async () => {
    upstream.behave(sendStream(chunk('ok'), 'data: {"error":{"message":"overloaded"}}\n\n'));

    const { text, error } = await receive(client, adapter, aRequest({ stream: true }));

    expect(text).toBe('ok');
    expect(error).toMatchObject({ code: 'upstream_error' });
  });

  it('takes a stream that only ends for broken off', async () => {
    upstream.behave(sendStream(chunk('ok')));

    expect((await receive(client, adapter, aRequest({ stream: true }))).error).toMatchObject({
      detail: 'The model stopped in the middle of its answer.',
    });
  });

  it.each(['{}', '{"choices":[]}', '{"choices":[{"message":{"content":7}}]}', 'null'])(
    'takes %s for no completion',
    async (body) => {
      upstream.behave(sendJson(body));

      expect((await receive(client, adapter, aRequest())).error).toMatchObject({ code: 'upstream_error' });
    },
  );

  it.each([
    '{"choices":[{"delta":{"content":"x"},"finish_reason":5}]}',
    '{"choices":[{"delta":{"content":"x","refusal":5},"finish_reason":null}]}',
    '{"choices":[{"delta":{"content":"x"},"finish_reason":null},7]}',
    '{"choices":[{"delta":"x","finish_reason":null}]}',
    '{"choices":{"0":{"delta":{"content":"x"}}}}',
    '[{"delta":{"content":"x"}}]',
  ])('takes %s for no chunk', async (data) => {
    upstream.behave(sendStream(`data: ${data}\n\n`));

    const { text, error } = await receive(client, adapter, aRequest({ stream: true }));

    expect([text, error]).toEqual([
      '',
      expect.objectContaining({ code: 'upstream_error', fault: 'garbled' }),
    ]);
  });

  it('hears the usage that comes with a piece of text', async () => {
    const usage = { prompt_tokens: 3, completion_tokens: 4 };
    const said = { choices: [{ delta: { content: 'x' }, finish_reason: null }], usage };
    upstream.behave(sendStream(`data: ${JSON.stringify(said)}\n\n`, 'data: [DONE]\n\n'));

    const { text, end } = await receive(client, adapter, aRequest({ stream: true }));

    expect([text, end]).toEqual(['x', expect.objectContaining({ usage: { tokens_in: 3, tokens_out: 4 } })]);
  });

  it('reads no more than any answer needs', async () => {
    const block = 'x'.repeat(1024 * 1024);
    upstream.behave((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => {
        if (!response.destroyed) response.write(block, more);
      };
      more();
    });

    const { error } = await receive(client, adapter, aRequest());

    expect(error).toMatchObject({ detail: 'The model answered more than is permitted.' });
  });

  it('gives the connection up when the reader leaves', async () => {
    upstream.behave((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk('ok'));
    });

    for await (const _event of client.call(adapter, aRequest({ stream: true }), new AbortController().signal))
      break;

    await vi.waitFor(() => expect(upstream.givenUp).toBe(1), PATIENT);
  });
});
