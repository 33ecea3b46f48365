import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { errorFormOf, ROUTES } from '../../../shared/config/routes.ts';
import { ERROR_CODES } from '../../../shared/errors/codes.ts';
import { anthropicErrorReply } from '../../../shared/model/vendor-replies.ts';
import { anyCharacter } from '../../support/any-character.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import type { Call, Reply } from '../../support/fakes/http.ts';

/** Words that the routes know, so that fuzzing gets beyond the first check. */
const NAMES = [
  ...[
    'prompt',
    'quality',
    'max_cost_usd',
    'latency_slo_ms',
    'task_type',
    'session_id',
    'max_tokens',
    'stream',
  ],
  ...['id', 'provider', 'model', 'cost_per_1k', 'price', 'capabilities', 'base_url', 'api_key', 'simulated'],
  ...[
    'tenant_id',
    'roles',
    'name',
    'expires_at',
    'rate_limit',
    'tier',
    'selector',
    'rust_percent',
    'enabled',
  ],
  ...[
    'messages',
    'role',
    'content',
    'type',
    'text',
    'image_url',
    'tools',
    'tool_choice',
    'function',
    'n',
    'stop',
    'system',
    'source',
    'input',
    'instructions',
    'call_id',
    'output',
    'arguments',
    'format',
    'dimensions',
  ],
  ...['request_id', 'quality_score', 'labels', 'rps', 'latency_ms', '__proto__', 'constructor', 'toString'],
];
const VALUES = [
  ...['x', '', 'balanced', 'acme', 'm', 'openai-compatible', 'https://a.example.com/%zz', 'http://[::1]/'],
  ...['2026-12-31T23:59:60Z', '9999-12-31T23:59:59+23:59', '0000-01-01T00:00:00-23:59', 'free', 'caller'],
  ...[0, -0, 1, -1, 1.5, 1e-320, 1e308, 2 ** 53, null, true, false],
];

const name = fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...NAMES) }, fc.string({ maxLength: 6 }));
const { value, object } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.constantFrom(...VALUES), fc.jsonValue({ maxDepth: 1 })),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(name, tie('value'), { maxKeys: 8 }),
}));
/** Near enough to a chat that what follows the first check is met too. */
const chat = fc
  .tuple(
    object,
    fc.array(fc.record({ role: fc.constantFrom('user', 'assistant', 'tool', 'x'), content: value }), {
      maxLength: 2,
    }),
    fc.constantFrom('auto', 'auto:high', 'default', 'm', 'nobody'),
  )
  .map(([extra, messages, model]) => ({ ...extra, messages, input: messages, model }));
const body = fc.oneof(
  { weight: 3, arbitrary: chat.map((made) => JSON.stringify(made)) },
  { weight: 6, arbitrary: object.map((made) => JSON.stringify(made)) },
  { weight: 2, arbitrary: value.map((made) => JSON.stringify(made) ?? '') },
  fc.string({ unit: anyCharacter }),
  object.map((made) => JSON.stringify(made).slice(0, -1)),
);

const headerName = fc.oneof(
  fc.constantFrom(
    'Content-Type',
    'X-Request-Id',
    'x-tenant-id',
    'Content-Encoding',
    'x-api-key',
    'Authorization',
  ),
  fc.stringMatching(/^[A-Za-z-]{1,12}$/),
);
const headers = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  fc.dictionary(headerName, fc.string({ maxLength: 20 }), { maxKeys: 3 }),
);
const parameter = fc.oneof(fc.constantFrom('m', 'acme', '..', '%00'), fc.string({ maxLength: 12 }));
const query = fc.dictionary(
  fc.constantFrom('limit', 'tenant_id', 'model', 'cursor', 'x'),
  fc.oneof(fc.constantFrom('1', '1000', 'acme', 'm'), fc.string({ maxLength: 8 })),
);
const route = fc.constantFrom(...ROUTES.map(({ method, resource }) => `${method} ${resource}`));

const assertWhole = (target: string, { status, headers: sent, text, json }: Reply): void => {
  expect(sent['x-request-id']).toMatch(/^[A-Za-z0-9._-]{8,64}$/);
  if (status < 400) return;
  const form = errorFormOf(target.split(' ')[1] ?? '');
  if (form === 'openai') assertOpenAiError(sent, json);
  // What got as far as the protocol is answered in its own words.
  else if (target === 'POST /mcp' && json.jsonrpc === '2.0')
    expect(json).toMatchObject({
      id: null,
      error: { code: expect.any(Number), message: expect.any(String) },
    });
  else if (form === 'anthropic') assertAnthropicError(sent, json);
  else {
    expect(sent['content-type']).toBe('application/problem+json');
    expect(json).toMatchObject({ status, request_id: sent['x-request-id'] });
    expect(Object.keys(ERROR_CODES)).toContain(json.code);
    for (const { path } of json.errors ?? []) expect(path).toMatch(/^(\/|$)/);
  }
  expect(text).not.toMatch(/node_modules|\.ts:\d+/);
};

const assertOpenAiError = (sent: Reply['headers'], json: Reply['json']): void => {
  expect(sent['content-type']).toBe('application/json');
  const { message, type, param, code, ...more } = json.error as Record<string, unknown>;
  expect([typeof message, typeof type, typeof code, more]).toEqual(['string', 'string', 'string', {}]);
  expect(param === null || typeof param === 'string').toBe(true);
};

const assertAnthropicError = (sent: Reply['headers'], json: Reply['json']): void => {
  expect(sent['content-type']).toBe('application/json');
  expect(anthropicErrorReply.parse(json).request_id).toBe(sent['x-request-id']);
};

describe('whatever a caller sends', () => {
  let gateway: FakeGateway;
  let key: string;

  beforeAll(async () => {
    gateway = new FakeGateway();
    key = await gateway.keyOf('acme', ['operator']);
    await gateway.withModel('m');
  });

  const throwAt = async (target: string, call: Call): Promise<Reply> => {
    const reply = await gateway.call(target, { key, ...call });
    await gateway.clock.advance(0);
    return reply;
  };

  it('only our own errors come back, never a 500', async () => {
    const answered = new Set<number>();
    await fc.assert(
      fc.asyncProperty(route, body, headers, parameter, query, async (target, raw, extra, at, asked) => {
        const call = { raw, headers: extra, path: { id: at, tenant: at }, query: asked };
        const reply = await throwAt(target, call);

        assertWhole(target, reply);
        expect([reply.status >= 500, gateway.log.failures]).toEqual([false, []]);
        answered.add(reply.status);
      }),
      { numRuns: 1_500 },
    );

    // Fuzzing that never gets beyond the first check would prove little.
    expect([...answered]).toEqual(expect.arrayContaining([200, 400, 404, 415]));
  });

  it('nothing is stored of what was refused', async () => {
    const before = JSON.stringify(await gateway.observations.list({ limit: 1_000 }));
    await fc.assert(
      fc.asyncProperty(body, async (raw) => {
        const { status } = await throwAt('POST /v1/ask', { raw: `${raw}]` });

        expect(status).toBe(400);
      }),
    );

    expect(JSON.stringify(await gateway.observations.list({ limit: 1_000 }))).toBe(before);
  });
});
