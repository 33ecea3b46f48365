import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { uuidv7Source } from '../../../shared/adapters/runtime/uuidv7.ts';
import { HTTPS_ONLY, SECURITY_HEADERS } from '../../../shared/config/security-headers.ts';
import { buildChain, type FunctionSpec } from '../../../shared/middleware/chain.ts';
import { json } from '../../../shared/middleware/http-response.ts';
import { principalOf } from '../../../shared/middleware/scope.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { aContext, type Call, invoke, makeEvent } from '../../support/fakes/http.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';
import { RecordedLog } from '../../support/fakes/recorded-log.ts';
import { seededRandom } from '../../support/fakes/seeded-random.ts';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A chain over handlers of the test's own. */
const chainOf = (spec: FunctionSpec) => {
  const log = new RecordedLog();
  const clock = new ManualClock();
  const handler = buildChain(
    {
      clock,
      ids: uuidv7Source(clock, seededRandom()),
      log,
      redact: (text) => text,
      holdsPersonalData: () => false,
    },
    spec,
  );
  return { log, clock, call: (target: string, call?: Call) => invoke(handler, target, call) };
};

describe('the order of checks', () => {
  const gateway = new FakeGateway();
  const bad = { raw: '{', headers: { 'content-type': 'text/plain' } };

  it('asks for route and method before the key', async () => {
    expect((await gateway.call('GET /v1/nothing')).status).toBe(404);
    const refused = await gateway.call('DELETE /v1/ask');

    expect([refused.status, refused.headers.allow]).toEqual([405, 'POST']);
  });

  it('names every method of a known path', async () => {
    expect((await gateway.call('PUT /admin/adapters/{id}')).headers.allow).toBe('GET, DELETE');
  });

  it('asks for the key before the role', async () => {
    const { status, headers } = await gateway.call('POST /admin/adapters', bad);

    expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer realm="atp-router"']);
  });

  it('asks for role and tenant before the body', async () => {
    const key = await gateway.keyOf('acme');

    expect((await gateway.call('POST /admin/adapters', { ...bad, key })).status).toBe(403);
    expect(
      (
        await gateway.call('POST /v1/ask', {
          ...bad,
          key,
          headers: { ...bad.headers, 'x-tenant-id': 'globex' },
        })
      ).status,
    ).toBe(403);
  });

  it('asks for size, then media type, then content', async () => {
    const key = await gateway.keyOf('acme');
    const text = { 'content-type': 'text/plain' };

    const replies = await Promise.all([
      gateway.call('POST /v1/ask', { key, raw: 'x'.repeat(2 ** 20 + 1), headers: text }),
      gateway.call('POST /v1/ask', { key, raw: '{', headers: text }),
      gateway.call('POST /v1/ask', { key, raw: '{' }),
      gateway.call('POST /v1/ask', { key, body: { prompt: 'x' } }),
    ]);

    expect(replies.map(({ status }) => status)).toEqual([413, 415, 400, 422]);
  });
});

describe('keys in headers', () => {
  const gateway = new FakeGateway();

  it.each([
    ['Authorization: Bearer', (key: string) => ({ Authorization: `Bearer ${key}` })],
    ['authorization: bearer, with blanks', (key: string) => ({ authorization: `bearer   ${key} ` })],
    ['X-Api-Key', (key: string) => ({ 'X-Api-Key': key })],
  ])('are taken from %s', async (_name, headersOf) => {
    const headers = headersOf(await gateway.keyOf('acme'));

    expect((await gateway.call('GET /v1/models', { headers })).status).toBe(200);
  });

  it.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer a b'])('are refused in %j', async (authorization) => {
    expect((await gateway.call('GET /v1/models', { headers: { authorization } })).status).toBe(401);
  });

  it('let an operator act for the tenant it names, unless that holds personal data', async () => {
    const named = (tenant: string) =>
      gateway.asAdmin('POST /v1/plan', { body: { prompt: 'x' }, headers: { 'X-Tenant-ID': tenant } });
    await gateway.withModel('m');

    expect((await named('globex')).status).toBe(200);
    const refused = await named('123-45-6789');

    expect(refused).toMatchObject({ status: 400, json: { errors: [{ path: '/headers/x-tenant-id' }] } });
    expect(refused.text).not.toContain('123-45-6789');
  });
});

describe('every reply', () => {
  it('carries an id of ours, and the headers that keep it from caches', async () => {
    const { call } = chainOf({ handlers: { 'GET /healthz': () => json(200, {}) } });

    const replies = [await call('GET /healthz'), await call('GET /nothing'), await call('POST /healthz')];

    for (const { headers } of replies) {
      expect(headers['x-request-id']).toMatch(UUID_V7);
      expect(headers).toMatchObject({ ...SECURITY_HEADERS, ...HTTPS_ONLY });
    }
    expect(new Set(replies.map(({ headers }) => headers['x-request-id'])).size).toBe(3);
  });

  it.each([
    ['of 8', 'abcd.1_2', true],
    ['of 64', 'x'.repeat(64), true],
    ['of 7', 'abcdefg', false],
    ['of 65', 'x'.repeat(65), false],
    ['with a blank', 'abcd efgh', false],
    ['with personal data', '123-45-6789', false],
  ])("takes over the caller's id %s: %s -> %s", async (_name, id, isTaken) => {
    const { headers } = await new FakeGateway().call('GET /healthz', { headers: { 'X-Request-Id': id } });

    expect(headers['x-request-id'] === id).toBe(isTaken);
  });

  it('is logged once with its status and duration', async () => {
    const { call, log, clock } = chainOf({
      handlers: {
        'GET /healthz': async () => {
          await clock.sleep(0);
          return json(200, {});
        },
      },
    });
    await call('GET /healthz');
    await call('GET /nothing');

    expect(log.endings.map(({ status }) => status)).toEqual([200, 404]);
    expect(log.endings[1]?.scope.facts.error_code).toBe('not_found');
  });

  it('shares nothing with another one in flight', async () => {
    const { call, clock } = chainOf({
      handlers: {
        'GET /healthz': async (event) => {
          await clock.sleep(10);
          return json(200, { id: event.scope.requestId });
        },
      },
    });

    const replies = ['request-a', 'request-b'].map((id) =>
      call('GET /healthz', { headers: { 'x-request-id': id } }),
    );
    await clock.advance(10);

    expect((await Promise.all(replies)).map(({ json: body }) => body.id)).toEqual(['request-a', 'request-b']);
  });
});

describe('foreign errors', () => {
  const secret = 'john.doe@example.com';

  it('become a bare 500 that leaks nothing', async () => {
    const { call, log } = chainOf({
      handlers: {
        'GET /healthz': () => {
          throw new Error(`cannot read ${secret}`);
        },
      },
    });

    const { status, headers, json: problem } = await call('GET /healthz');

    expect([status, headers['content-type']]).toEqual([500, 'application/problem+json']);
    expect(problem).toEqual({
      type: 'urn:atp-router:problem:internal',
      title: 'Internal error',
      status: 500,
      detail: 'Something went wrong on our side.',
      code: 'internal',
      request_id: headers['x-request-id'],
    });
    expect(log.failures.map(({ code }) => code)).toEqual(['internal']);
  });

  it('are those of a route without a handler, and of a public one that wants a principal', async () => {
    const { call } = chainOf({
      handlers: { 'GET /livez': (event) => json(200, principalOf(event)) },
    });

    expect([(await call('GET /healthz')).status, (await call('GET /livez')).status]).toEqual([500, 500]);
  });

  it('of our own making are not logged as failures below 500', async () => {
    const gateway = new FakeGateway();
    await gateway.call('GET /v1/models');

    expect(gateway.log.failures).toEqual([]);
  });
});

describe('a streamed reply', () => {
  const streaming = (body = Readable.from(['one', 'two'], { objectMode: false })) => {
    const log = new RecordedLog();
    const clock = new ManualClock();
    const handler = buildChain(
      {
        clock,
        ids: uuidv7Source(clock, seededRandom()),
        log,
        redact: (text) => text,
        holdsPersonalData: () => false,
      },
      { streams: true, handlers: { 'GET /healthz': () => ({ statusCode: 200, headers: {}, body }) } },
    );
    return { body, log, handler };
  };

  it('is logged when its last byte has left', async () => {
    const { handler, log } = streaming();

    const { status, text } = await invoke(handler, 'GET /healthz');

    expect([status, text]).toEqual([200, 'onetwo']);
    expect(log.endings.map((ending) => ending.status)).toEqual([200]);
  });

  it('is closed where the reader left before its first byte', async () => {
    const { handler, body, log } = streaming();
    const gone = new PassThrough();
    gone.destroy();

    const invocation = Reflect.apply(handler, undefined, [makeEvent('GET /healthz'), gone, aContext()]);

    await expect(invocation).rejects.toThrow();
    expect(body.closed).toBe(true);
    expect(log.endings).toHaveLength(1);
  });

  it('is logged also where it fails to close', async () => {
    const { handler, log } = streaming(
      new Readable({
        read: () => undefined,
        destroy: (_error, done) => {
          setImmediate(done, new Error('cannot close'));
        },
      }),
    );
    const gone = new PassThrough();
    gone.destroy();

    const invocation = Reflect.apply(handler, undefined, [makeEvent('GET /healthz'), gone, aContext()]);

    await expect(invocation).rejects.toThrow();
    expect(log.endings).toHaveLength(1);
  });
});

describe('tracing', () => {
  it('wraps the request where it is on', async () => {
    const seen: string[] = [];
    const clock = new ManualClock();
    const handler = buildChain(
      {
        clock,
        ids: uuidv7Source(clock, seededRandom()),
        log: new RecordedLog(),
        redact: (text) => text,
        holdsPersonalData: () => false,
        trace: { before: ({ event }) => void seen.push(event.scope.requestId) },
      },
      { handlers: { 'GET /healthz': () => json(200, {}) } },
    );
    const { headers } = await invoke(handler, 'GET /healthz');

    expect(seen).toEqual([headers['x-request-id']]);
  });
});
