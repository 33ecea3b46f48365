/** What a collector gets to see of a request. */
import { beforeEach, describe, expect, it } from 'vitest';
import { ProviderHttpClient } from '../../../shared/adapters/providers/http-client.ts';
import { OpenAiCompatibleClient } from '../../../shared/adapters/providers/openai-compatible/client.ts';
import { otlpHttp, readHeaders, xray } from '../../../shared/adapters/tracing/otlp-http.ts';
import { OtlpTracing, type OtlpTracingOptions } from '../../../shared/adapters/tracing/otlp-tracing.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Adapter } from '../../../shared/model/adapter.ts';
import { chatOf } from '../../../shared/model/chat.ts';
import { servedClients } from '../../support/fakes/aws-server.ts';
import { FakeGateway, type GatewayOptions } from '../../support/fakes/gateway.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';
import { type OtlpSpan, spansOf, told } from '../../support/fakes/otlp.ts';
import { document, end, ScriptedModels, text } from '../../support/fakes/scripted-models.ts';
import { seededRandom } from '../../support/fakes/seeded-random.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const PROMPT = 'Write to jane.roe@example.com about the harvest';

const collector = servedClients();
let clock = new ManualClock();
let lost = 0;

const tracing = (options: Partial<OtlpTracingOptions> = {}): OtlpTracing =>
  new OtlpTracing({
    resource: { service: 'completions', version: '1.2.3', stage: 'test' },
    send: otlpHttp(collector.server.url, readHeaders('x-team=a%20b')),
    clock,
    random: seededRandom(3),
    sampleRatio: 1,
    handOn: false,
    holdsPersonalData: () => false,
    lost: (count) => {
      lost += count;
    },
    ...options,
  });

const spans = (): OtlpSpan[] => spansOf(collector.server.calls);

const named = (name: string): OtlpSpan | undefined => spans().find((span) => span.name === name);

const gatewayWith = async (options: GatewayOptions = {}): Promise<{ gateway: FakeGateway; key: string }> => {
  const gateway = new FakeGateway({ tracing: tracing(), ...options });
  await gateway.withModel('small', { quality: 0.9, model: 'vendor-small' });
  return { gateway, key: await gateway.keyOf('acme') };
};

beforeEach(() => {
  clock = new ManualClock();
  lost = 0;
});

describe('a traced ask', () => {
  it('is one trace: the request, and in it admit, choose, the call and settle', async () => {
    const { gateway, key } = await gatewayWith();

    const { status, headers } = await gateway.call('POST /v1/ask', { key, body: { prompt: PROMPT } });

    expect(status).toBe(200);
    const root = named('POST /v1/ask');
    expect(spans().map(({ name, kind }) => [name, kind])).toEqual(
      expect.arrayContaining([
        ['POST /v1/ask', 2],
        ['admit', 1],
        ['choose', 1],
        ['chat vendor-small', 3],
        ['settle', 1],
      ]),
    );
    expect(spans()).toHaveLength(5);
    expect(new Set(spans().map(({ traceId }) => traceId)).size).toBe(1);
    for (const span of spans().filter(({ name }) => name !== root?.name))
      expect(span.parentSpanId).toBe(root?.spanId);
    expect(told(root)).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/v1/ask',
      'http.response.status_code': 200,
      'atp.request_id': headers['x-request-id'],
      'atp.tenant_id': 'acme',
      'atp.model': 'small',
    });
  });

  it("tells of the call in the convention's words", async () => {
    const said = document({ model: 'vendor-small-2026', choices: [] });
    const client = new ScriptedModels({ small: [[said, end({ tokens_in: 7, tokens_out: 3 })]] });
    const { gateway, key } = await gatewayWith({ client });

    const body = { model: 'auto', messages: [{ role: 'user', content: PROMPT }] };
    await gateway.call('POST /v1/chat/completions', { key, body });

    expect(told(named('chat vendor-small'))).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'simulated',
      'gen_ai.request.model': 'vendor-small',
      'gen_ai.response.model': 'vendor-small-2026',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 7,
      'gen_ai.usage.output_tokens': 3,
      'atp.adapter': 'small',
    });
    expect(told(named('choose'))).toMatchObject({ 'atp.selector': 'rust', 'atp.model': 'small' });
    expect(told(named('settle'))).toMatchObject({ 'atp.outcome': 'success' });
  });

  it('holds neither prompt nor answer nor key', async () => {
    const client = new ScriptedModels({ small: [[text('the answer is barley'), end()]] });
    const { gateway, key } = await gatewayWith({ client });

    await gateway.call('POST /v1/ask', { key, body: { prompt: PROMPT, session_id: 'jane.roe@example.com' } });

    const sent = collector.server.calls.map(({ body }) => body).join();
    for (const secret of ['harvest', 'jane', 'barley', key, key.slice(-20)])
      expect(sent).not.toContain(secret);
  });

  it('has a span for each try, failed ones with their fault', async () => {
    const fault = new AppError('upstream_error', 'No.', { retryable: true, fault: 'provider_error' });
    const client = new ScriptedModels({ small: [[fault], [text('well'), end()]] });
    const { gateway, key } = await gatewayWith({ client });

    const asked = gateway.call('POST /v1/ask', { key, body: { prompt: 'p' } });
    for (let turn = 0; turn < 5; turn++) await gateway.clock.advance(5_000);
    expect((await asked).status).toBe(200);

    const calls = spans().filter(({ name }) => name === 'chat vendor-small');
    expect(calls.map((span) => [told(span)['error.type'], span.status?.code])).toEqual([
      ['provider_error', 2],
      [undefined, undefined],
    ]);
  });

  it('measures the first chunk of a stream', async () => {
    const { gateway, key } = await gatewayWith();

    const { text: frames } = await gateway.call('POST /v1/ask', { key, body: { prompt: 'p', stream: true } });

    expect(frames).toContain('event: response');
    expect(told(named('chat vendor-small'))).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.response.time_to_first_chunk': 0,
    });
  });

  it('says why a request failed', async () => {
    const client = new ScriptedModels({ small: [[new AppError('upstream_error', 'No.', { fault: 'cut' })]] });
    const { gateway, key } = await gatewayWith({ client });

    const asked = gateway.call('POST /v1/ask', { key, body: { prompt: 'p' } });
    for (let turn = 0; turn < 5; turn++) await gateway.clock.advance(5_000);

    expect((await asked).status).toBe(502);
    expect(told(named('POST /v1/ask'))).toMatchObject({
      'http.response.status_code': 502,
      'error.type': 'upstream_error',
    });
  });

  it('is answered all the same where the collector fails, and what is lost is counted', async () => {
    collector.server.answer = () => ({ status: 503 });
    const { gateway, key } = await gatewayWith();

    expect((await gateway.call('POST /v1/ask', { key, body: { prompt: 'p' } })).status).toBe(200);

    expect(lost).toBe(5);
  });

  it('waits a second for a collector that is silent', async () => {
    collector.server.answer = () => 'silence';
    const traced = tracing({ clock: new ManualClock({ autoAdvance: true }) });
    traced.begin('a', 'server', {})?.end();

    await traced.flush();

    expect(lost).toBe(1);
  });

  it('is seen by the provider only where the stage hands it on', async () => {
    for (const handOn of [false, true]) {
      const client = new ScriptedModels({ small: [[text('well'), end()]] });
      const { gateway, key } = await gatewayWith({ client, tracing: tracing({ handOn }) });
      await gateway.call('POST /v1/ask', { key, body: { prompt: 'p' } });
      const { traceId, spanId } =
        spans()
          .filter(({ kind }) => kind === 3)
          .at(-1) ?? {};

      expect(client.calls[0]?.request.traceparent).toBe(handOn ? `00-${traceId}-${spanId}-01` : undefined);
    }
  });
});

it('a provider is sent the trace in its header', async () => {
  const model = {
    id: 'm',
    provider: 'openai-compatible',
    base_url: collector.server.url,
    latency_ms: 1,
  } as Adapter;
  const request = {
    ...{ request_id: 'r', chat: chatOf('p'), max_tokens: 5, bounded: true, task_type: 'general' },
    ...{ stream: false, documents: false },
  };
  const http = new ProviderHttpClient({ isPrivateAddress: () => true, allowPrivate: true });
  const client = new OpenAiCompatibleClient({ http, clock, secrets: { get: async () => undefined } });
  for (const traceparent of [undefined, `00-${TRACE}-${CALLER}-01`]) {
    const said = client.call(model, { ...request, traceparent }, AbortSignal.timeout(60_000));
    await said[Symbol.asyncIterator]()
      .next()
      .catch(() => undefined);
  }

  expect(collector.server.calls.map(({ headers }) => headers.traceparent)).toEqual([
    undefined,
    `00-${TRACE}-${CALLER}-01`,
  ]);
});

describe("a caller's traceparent", () => {
  const ask = async (traceparent: string, options: Partial<OtlpTracingOptions> = {}): Promise<void> => {
    const { gateway, key } = await gatewayWith({ tracing: tracing(options) });
    await gateway.call('POST /v1/ask', { key, headers: { traceparent }, body: { prompt: 'p' } });
  };

  it('goes on, whatever the share that is recorded', async () => {
    await ask(`00-${TRACE}-${CALLER}-01`, { sampleRatio: 0 });

    expect(named('POST /v1/ask')).toMatchObject({ traceId: TRACE, parentSpanId: CALLER });
  });

  it('that is not recorded is not recorded here', async () => {
    await ask(`00-${TRACE}-${CALLER}-00`);

    expect(collector.server.calls).toEqual([]);
  });

  it.each([
    ['nonsense', 'jane.roe@example.com'],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${CALLER}-01`],
    ['a version that is forbidden', `ff-${TRACE}-${CALLER}-01`],
    ['more than its version has', `00-${TRACE}-${CALLER}-01-more`],
  ])('is not taken over where it is %s', async (_what, header) => {
    await ask(header);

    expect(named('POST /v1/ask')?.parentSpanId).toBeUndefined();
    expect(named('POST /v1/ask')?.traceId).not.toBe(TRACE);
  });

  it('is not taken over where it holds personal data', async () => {
    await ask(`00-${TRACE}-${CALLER}-01`, { holdsPersonalData: (id) => id.includes(TRACE) });

    expect(named('POST /v1/ask')?.traceId).not.toBe(TRACE);
  });
});

it('new traces are recorded by share, and begin with their second, as X-Ray wants it', () => {
  expect(tracing({ sampleRatio: 0 }).begin('a', 'server', {})).toBeUndefined();
  const handedOn = tracing({ handOn: true }).begin('a', 'server', {})?.handedOn ?? '';

  expect(Number.parseInt(handedOn.slice(3, 11), 16)).toBe(Math.floor(clock.now() / 1_000));
});

it('the collector gets its headers, and JSON', async () => {
  const traced = tracing();
  traced.begin('a', 'consumer', { whole: 3, part: 0.5, yes: true })?.end();
  await traced.flush();
  await traced.flush();

  expect(collector.server.calls).toHaveLength(1);
  expect(collector.server.calls[0]).toMatchObject({
    path: '/v1/traces',
    headers: { 'content-type': 'application/json', 'x-team': 'a b' },
  });
  expect(told(named('a'))).toEqual({ whole: 3, part: 0.5, yes: true });
});

it("X-Ray's endpoint gets a signed call", async () => {
  const credentials = async () => ({ accessKeyId: 'AKID', secretAccessKey: 's' });
  const send = xray({
    ...{ region: 'eu-west-1', endpoint: collector.server.url, credentials, clock, random: seededRandom(1) },
  });
  const traced = tracing({ send });
  traced.begin('a', 'server', {})?.end();
  await traced.flush();

  expect(lost).toBe(0);
  expect(collector.server.calls[0]?.path).toBe('/v1/traces');
  expect(collector.server.calls[0]?.headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-west-1\/xray\/aws4_request/,
  );
});
