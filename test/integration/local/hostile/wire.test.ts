/** What no well-behaved client sends: bytes, paths, methods, hosts and keys that try something. */
import { describe, expect, test } from 'vitest';
import { problemReply } from '../../../../shared/model/replies.ts';
import { bearer, expectProblem } from '../../../support/flow/client.ts';
import { attackLocalRuntime } from '../../../support/flow/hostile.ts';
import { findPlanted, plant } from '../../../support/flow/planted.ts';
import { everythingFor, type RawReply, rawRequest, sendRaw } from '../../../support/flow/raw-http.ts';

const planted = plant('wire');
const { setting, target, caller } = attackLocalRuntime([planted]);

type Headers = readonly (readonly [string, string])[];

const JSON_TYPE = ['content-type', 'application/json'] as const;
const HELLO = JSON.stringify({ prompt: `Hello ${planted.email}` });

const host = (): readonly [string, string] => ['host', new URL(target().url).host];
const key = (): readonly [string, string] => ['authorization', `Bearer ${target().tenantKey}`];

const send = (line: string, headers: Headers = [], body = ''): Promise<RawReply> =>
  sendRaw(target().url, rawRequest(line, [host(), ...headers], body));

const expectRawProblem = (reply: RawReply, status: number, code: string): void => {
  expect({ status: reply.status, body: reply.status === status ? '' : reply.body }).toEqual({
    status,
    body: '',
  });
  expect(reply.headers['content-type']).toBe('application/problem+json');
  const problem = problemReply.parse(JSON.parse(reply.body));
  expect(problem).toMatchObject({ status, code, request_id: reply.headers['x-request-id'] });
  expect(findPlanted(reply.body, [planted])).toEqual([]);
};

describe('paths', () => {
  test.each([
    '/',
    '/v1',
    '/v1/',
    '/v1/ask/',
    '//v1/models',
    '/V1/MODELS',
    '/healthz/',
    '/healthz%00',
    '/./healthz',
    '/v1/../healthz',
    '/v1/%2e%2e/healthz',
    '/v1/..%2fhealthz',
    '/v1\\..\\healthz',
    '/admin/adapters/../keys',
    '/admin/adapters/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '/admin/adapters/%00',
    '/admin/adapters/%ff',
    '/admin/adapters/%',
    '/admin/adapters/__proto__',
    '/admin/adapters/constructor',
    '/admin/quotas/__proto__',
    '/admin/quotas/..%2fadmin',
    `/admin/adapters/${'a'.repeat(8_000)}`,
    `/admin/quotas/${'a'.repeat(8_000)}`,
    `/${planted.email}`,
    `/admin/adapters/${planted.email}`,
  ])('GET %s is 404', async (path) => {
    const reply = await send(`GET ${path} HTTP/1.1`, [['authorization', `Bearer ${target().adminKey}`]]);
    expectRawProblem(reply, 404, 'not_found');
  });

  test('an id of any length is just unknown', async () => {
    const { admin } = setting();
    expectProblem(await admin.delete(`/admin/keys/${'k'.repeat(5_000)}`), 'not_found');
    expectProblem(await admin.delete('/admin/keys/nosuchkey'), 'not_found');
    expectProblem(await admin.get('/admin/adapters/no-such-model'), 'not_found');
  });
});

describe('methods', () => {
  test.each([
    ['GET', '/v1/ask', 'POST'],
    ['PUT', '/v1/ask', 'POST'],
    ['PATCH', '/v1/ask', 'POST'],
    ['OPTIONS', '/v1/ask', 'POST'],
    ['TRACE', '/v1/ask', 'POST'],
    ['PROPFIND', '/v1/models', 'GET'],
    ['POST', '/v1/models', 'GET'],
    ['DELETE', '/healthz', 'GET'],
    ['PUT', '/admin/adapters/x', 'DELETE, GET'],
    ['POST', '/admin/flags', 'GET, PUT'],
  ])('%s %s is 405', async (method, path, allow) => {
    const reply = await send(`${method} ${path} HTTP/1.1`);
    expectRawProblem(reply, 405, 'method_not_allowed');
    expect(reply.headers.allow?.split(', ').sort().join(', ')).toBe(allow);
  });

  test('HEAD is refused without a body', async () => {
    const reply = await caller().send('HEAD', '/healthz');
    expect([reply.status, reply.text]).toEqual([405, '']);
  });

  test('CONNECT is no tunnel', async () => {
    expectRawProblem(await send('CONNECT example.com:443 HTTP/1.1'), 405, 'method_not_allowed');
  });
});

describe('what is no HTTP', () => {
  test.each([
    ['nothing of it', 'hello there\r\n\r\n'],
    ['a method nobody knows', `BREW /${planted.email} HTTP/1.1\r\nhost: x\r\n\r\n`],
    ['HTTP/2 without asking', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a TLS greeting', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
    ['a version nobody knows', 'GET /healthz HTTP/9.9\r\nhost: 127.0.0.1\r\n\r\n'],
    [
      'a zero byte in a header',
      `GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ${planted.ssn}\u0000\r\n\r\n`,
    ],
    ['a space before the colon', 'GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nx-a : 1\r\n\r\n'],
    ['no Host', 'GET /healthz HTTP/1.1\r\n\r\n'],
  ])('%s is 400', async (_, bytes) => {
    expectRawProblem(await sendRaw(target().url, Buffer.from(bytes, 'latin1')), 400, 'invalid_request');
  });

  test.each([
    [
      'two lengths',
      [
        ['content-length', '5'],
        ['content-length', '6'],
      ],
    ],
    [
      'a length and chunks',
      [
        ['content-length', '5'],
        ['transfer-encoding', 'chunked'],
      ],
    ],
    ['a negative length', [['content-length', '-1']]],
    ['a length that is no number', [['content-length', '0x10']]],
    ['an endless length', [['content-length', '99999999999999999999999']]],
    ['an encoding that is none', [['transfer-encoding', 'magic']]],
    ['a second Host', [['host', 'evil.example']]],
  ] satisfies [string, [string, string][]][])('%s is 400', async (_, headers) => {
    const reply = await send('POST /v1/ask HTTP/1.1', [key(), JSON_TYPE, ...headers], HELLO);
    expectRawProblem(reply, 400, 'invalid_request');
  });

  test('a chunk whose size is no number is 400', async () => {
    const reply = await send(
      'POST /v1/ask HTTP/1.1',
      [key(), JSON_TYPE, ['transfer-encoding', 'chunked']],
      `zz\r\n${HELLO}\r\n0\r\n\r\n`,
    );
    expectRawProblem(reply, 400, 'invalid_request');
  });

  test('a body that goes wrong after its request was answered gets no second answer', async () => {
    const headers: Headers = [host(), key(), JSON_TYPE, ['transfer-encoding', 'chunked']];
    const bytes = rawRequest('POST /v1/nothing HTTP/1.1', headers, `zz\r\n${HELLO}\r\n0\r\n\r\n`);
    const replies = (await everythingFor(target().url, bytes)).match(/HTTP\/1\.1 \d+/g);
    expect(replies).toEqual(['HTTP/1.1 404']);
  });

  test('an encoding beside chunks, which nobody undoes, is 400', async () => {
    const reply = await send(
      'POST /v1/ask HTTP/1.1',
      [key(), JSON_TYPE, ['transfer-encoding', 'gzip, chunked']],
      `${Buffer.byteLength(HELLO).toString(16)}\r\n${HELLO}\r\n0\r\n\r\n`,
    );
    expectRawProblem(reply, 400, 'invalid_request');
  });

  test('a body that breaks off is no ask', async () => {
    const { id, key: tenantKey } = await setting().tenant();
    const headers: Headers = [
      host(),
      ['authorization', `Bearer ${tenantKey}`],
      JSON_TYPE,
      ['content-length', '5000'],
    ];
    const reply = await sendRaw(target().url, rawRequest('POST /v1/ask HTTP/1.1', headers, HELLO), {
      hangUp: true,
    });
    const list = await setting().admin.get(`/admin/observations?tenant_id=${id}`);
    expect([0, 400]).toContain(reply.status);
    expect(list.text).toBe('[]');
  });
});

describe('headers', () => {
  test('more than ten thousand bytes are 400', async () => {
    const reply = await send('GET /healthz HTTP/1.1', [['x-flood', `${planted.email} `.repeat(800)]]);
    expectRawProblem(reply, 400, 'invalid_request');
  });

  test('many small ones are 400 too', async () => {
    const flood = Array.from({ length: 3_000 }, (_, index) => [`x-${index}`, '1'] as const);
    expectRawProblem(await send('GET /healthz HTTP/1.1', flood), 400, 'invalid_request');
  });

  test('a header named __proto__ changes nothing', async () => {
    const reply = await send('GET /v1/models HTTP/1.1', [key(), ['__proto__', planted.email]]);
    expect(reply.status).toBe(200);
  });

  test('no content-type is 415', async () => {
    expectRawProblem(await send('POST /v1/ask HTTP/1.1', [key()], HELLO), 415, 'unsupported_media_type');
  });
});

describe('hosts and origins', () => {
  const healthz = (hostName: string, headers: Headers = []): Promise<RawReply> =>
    sendRaw(target().url, rawRequest('GET /healthz HTTP/1.1', [['host', hostName], ...headers]));

  test.each([
    'evil.example',
    'evil.example:8787',
    '127.0.0.1.evil.example',
    '127.0.0.1@evil.example',
    'localhost.evil.example',
    '0.0.0.0',
    '10.0.0.1',
    planted.email,
  ])('host %s is refused', async (name) => {
    expectRawProblem(await healthz(name), 403, 'forbidden');
  });

  test.each(['localhost', 'localhost:1', '127.0.0.1', '[::1]:80', 'LOCALHOST'])(
    'host %s is ours',
    async (name) => {
      expect((await healthz(name)).status).toBe(200);
    },
  );

  test.each([
    'https://evil.example',
    'null',
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example',
    'chrome-extension://abcdef',
    `https://${planted.email}`,
  ])('origin %s is refused', async (origin) => {
    expectRawProblem(await healthz('127.0.0.1', [['origin', origin]]), 403, 'forbidden');
  });

  test.each(['http://localhost:3000', 'http://127.0.0.1:5173'])('origin %s is ours', async (origin) => {
    expect((await healthz('127.0.0.1', [['origin', origin]])).status).toBe(200);
  });
});

describe('keys', () => {
  test.each([
    '',
    'Bearer',
    'Bearer ',
    `Bearer ${planted.email}`,
    'Bearer atp_local',
    'Bearer atp_local_admin_',
    'Bearer atp_local_admin_00000000000000000000',
    'Bearer atp_prod_admin_00000000000000000000000000000000',
    'Bearer atp_local_default_00000000000000000000000000000000',
    "Bearer ' OR 1=1 --",
    'Bearer ../../admin',
    'Bearer __proto__',
    'Basic YWRtaW46YWRtaW4=',
    `Bearer ${'a'.repeat(8_000)}`,
    'Bearer caf\u00e9',
  ])('authorization %j is 401', async (value) => {
    const reply = await send('GET /v1/models HTTP/1.1', [['authorization', value]]);
    expectRawProblem(reply, 401, 'unauthenticated');
  });

  test('a good x-api-key does not save a bad authorization', async () => {
    const headers = { ...bearer('nonsense'), 'x-api-key': target().tenantKey };
    expectProblem(await caller().anonymous().get('/v1/models', headers), 'unauthenticated');
  });

  test('a revoked key is refused', async () => {
    const { admin } = setting();
    const made = await admin.post('/admin/keys', { tenant_id: 'revoked' });
    const { id, key: revoked } = JSON.parse(made.text) as { id: string; key: string };
    await admin.delete(`/admin/keys/${id}`);
    expectProblem(await admin.anonymous().get('/v1/models', bearer(revoked)), 'unauthenticated');
  });
});
