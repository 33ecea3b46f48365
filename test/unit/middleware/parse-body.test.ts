import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import type { Call, Reply } from '../../support/fakes/http.ts';

describe('bodies', () => {
  const gateway = new FakeGateway();
  let key = '';

  beforeAll(async () => {
    key = await gateway.keyOf('acme');
    await gateway.withModel('m');
  });

  const plan = (call: Call): Promise<Reply> => gateway.call('POST /v1/plan', { key, ...call });
  const raw = (text: string, headers: Record<string, string> = {}): Promise<Reply> =>
    plan({ raw: text, headers });
  const base64 = (bytes: Uint8Array, headers: Record<string, string> = {}): Promise<Reply> =>
    plan({ raw: Buffer.from(bytes).toString('base64'), isBase64Encoded: true, headers });

  it.each([
    ['missing', ''],
    ['blank', ' \n'],
  ])('that are %s are asked for', async (_name, text) => {
    expect(await raw(text, { 'content-type': 'application/json' })).toMatchObject({
      status: 400,
      json: { errors: [{ path: '', message: 'a JSON body is needed' }] },
    });
  });

  it.each(['{', '{"prompt":"x"', '{"prompt":NaN}', 'nonsense', '{"prompt":"x"}}', "{'prompt':'x'}"])(
    'that are no JSON are refused: %s',
    async (text) => {
      const { status, json } = await raw(text);

      expect([status, json.errors]).toEqual([400, [{ path: '', message: 'the body is not valid JSON' }]]);
    },
  );

  it.each(['null', '[]', '"x"', '1'])('that are no object are refused: %s', async (text) => {
    expect(await raw(text)).toMatchObject({ status: 400, json: { errors: [{ path: '' }] } });
  });

  it.each([
    'POST /v1/plan',
    'POST /v1/chat/completions',
    'POST /v1/messages',
    'POST /v1/responses',
    'POST /v1/embeddings',
  ])('of %s are judged by a schema that is just being loaded as later', async (route) => {
    const fresh = new FakeGateway();
    const caller = await fresh.keyOf('acme');
    const judged = () => fresh.call(route, { key: caller, body: { model: 1, prompt: 2 } });

    const together = await Promise.all([judged(), judged()]);
    const replies = [...together, await judged()].map(({ status, text }) => [
      status,
      text.replace(/"request_id":"[^"]*"/, ''),
    ]);

    expect(replies[0]?.[0]).toBe(400);
    expect(replies).toEqual([replies[0], replies[0], replies[0]]);
  });

  it('are refused for what a store must not see', async () => {
    expect((await raw('{"prompt":"\\ud800"}')).json.errors).toEqual([
      { path: '/prompt', message: expect.stringContaining('surrogate') },
    ]);
  });

  it.each([
    ['text/plain', 415],
    ['application/json; charset=latin1', 415],
    ['application/jsonp', 415],
    ['', 415],
    ['application/json', 200],
    ['Application/JSON; charset="UTF-8"', 200],
  ])('of type %j are answered %i', async (type, status) => {
    expect((await raw('{"prompt":"x"}', { 'content-type': type })).status).toBe(status);
  });

  it.each([
    ['gzip', 415],
    ['identity', 200],
  ])('encoded as %s are answered %i', async (encoding, status) => {
    expect((await raw('{"prompt":"x"}', { 'content-encoding': encoding })).status).toBe(status);
  });

  it('that are compressed are told so, although they are no text', async () => {
    const packed = await base64(gzipSync('{"prompt":"x"}'), { 'content-encoding': 'gzip' });

    expect([packed.status, packed.json.detail]).toEqual([415, 'The body must not be compressed.']);
  });

  it('may hold exactly 1 MiB, counted in bytes', async () => {
    const around = '{"prompt":""}'.length;
    const ofBytes = (bytes: number): string => `{"prompt":"${'é'.repeat((bytes - around) / 2)}"}`;

    expect((await raw(ofBytes(2 ** 20 - 1))).status).toBe(200);
    expect(await raw(ofBytes(2 ** 20 + 1))).toMatchObject({
      status: 413,
      json: { code: 'payload_too_large' },
    });
    expect((await raw('x'.repeat(2 ** 20 + 1))).status).toBe(413);
  });

  it('may come in base64, within the same bound', async () => {
    expect((await base64(Buffer.from('{"prompt":"é"}'))).status).toBe(200);
    expect((await base64(new Uint8Array(2 ** 20 + 1))).status).toBe(413);
  });

  it('in base64 must be UTF-8', async () => {
    expect((await base64(Uint8Array.of(0x22, 0xff, 0x22))).json.errors).toEqual([
      { path: '', message: 'the body must be UTF-8 text' },
    ]);
  });

  it('name every fault by its pointer', async () => {
    const { json } = await plan({
      body: {
        prompt: '',
        quality: 'best',
        max_cost_usd: -1,
        latency_slo_ms: 3_600_001,
        max_tokens: 1.5,
        top: 1,
      },
    });

    expect(json.errors?.map(({ path }) => path)).toEqual([
      '/prompt',
      '/quality',
      '/max_cost_usd',
      '/latency_slo_ms',
      '/max_tokens',
      '/top',
    ]);
  });

  it.each<[string, unknown]>([
    ['/prompt', { prompt: ' \n' }],
    ['/prompt', {}],
    ['/prompt', { prompt: 7 }],
    ['/max_tokens', { prompt: 'x', max_tokens: 0 }],
    ['/max_tokens', { prompt: 'x', max_tokens: 1_000_001 }],
    ['/max_tokens', { prompt: 'x', max_tokens: '5' }],
    ['/max_cost_usd', { prompt: 'x', max_cost_usd: null }],
    ['/latency_slo_ms', { prompt: 'x', latency_slo_ms: 0 }],
    ['/session_id', { prompt: 'x', session_id: 's'.repeat(129) }],
    ['/task_type', { prompt: 'x', task_type: '' }],
    ['/stream', { prompt: 'x', stream: true }],
  ])('are refused for %s in %j', async (path, body) => {
    const { status, json } = await plan({ body });

    expect([status, json.errors?.map((error) => error.path)]).toEqual([400, [path]]);
  });

  it('name at most twenty faults', async () => {
    const body = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`field${n}`, n]));

    expect((await plan({ body })).json.errors).toHaveLength(20);
  });

  it('have personal data in field names redacted in the reply', async () => {
    const { json, text } = await plan({
      body: { prompt: 'x', 'john.doe@example.com': 1, 'n 123-45-6789': 2 },
    });

    expect(json.errors?.map(({ path }) => path)).toEqual(['/[REDACTED:EMAIL]', '/n [REDACTED:SSN]']);
    expect(text).not.toContain('john.doe');
  });
});
