import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { exchangeRaw, openGateway, type TestGateway } from '../../support/local-gateway.ts';

const HEALTH = 'GET /healthz HTTP/1.1\r\nhost: localhost\r\n';

describe('what the gateway refuses by itself', () => {
  let opened: TestGateway | undefined;

  const open = async (handlers: Parameters<typeof openGateway>[0] = {}): Promise<TestGateway> => {
    opened = await openGateway(handlers);
    return opened;
  };

  const problemOf = async (reply: Response) => ({
    status: reply.status,
    type: reply.headers.get('content-type'),
    id: reply.headers.get('x-request-id'),
    problem: (await reply.json()) as Record<string, unknown>,
  });

  afterEach(() => opened?.close());

  it.each([
    ['GET', '/nowhere', 404, 'not_found'],
    ['GET', '/v1/ask/', 404, 'not_found'],
    ['GET', '/admin/adapters/%E0%A4%A', 404, 'not_found'],
    ['DELETE', '/v1/ask', 405, 'method_not_allowed'],
    ['OPTIONS', '/admin/adapters/x', 405, 'method_not_allowed'],
  ])('%s %s is %i', async (method, path, status, code) => {
    const { url } = await open();

    const reply = await problemOf(await fetch(url + path, { method }));

    expect(reply).toMatchObject({ status, type: 'application/problem+json', problem: { code, status } });
    expect(reply.problem.request_id).toBe(reply.id);
  });

  it('names the methods of a path', async () => {
    const { url } = await open();

    const reply = await fetch(`${url}/admin/adapters/gpt-4`, { method: 'PUT' });

    expect(reply.headers.get('allow')).toBe('DELETE, GET');
  });

  it('answers HEAD with 405 and no body', async () => {
    const { url } = await open();

    const reply = await fetch(`${url}/healthz`, { method: 'HEAD' });

    expect([reply.status, reply.headers.get('allow'), await reply.text()]).toEqual([405, 'GET', '']);
  });

  it.each([
    ['a foreign Host', { host: 'evil.example' }, 403],
    ['a foreign Origin', { origin: 'https://evil.example' }, 403],
    ['an opaque Origin', { origin: 'null' }, 403],
    ['its own Origin', { origin: 'http://localhost:3000' }, 204],
  ])('with %s answers as it should', async (_name, headers: Record<string, string>, status) => {
    const { port } = await open();
    const lines = Object.entries({ host: 'localhost', ...headers }).map(
      ([name, value]) => `${name}: ${value}`,
    );

    const reply = await exchangeRaw(
      port,
      `GET /healthz HTTP/1.1\r\n${lines.join('\r\n')}\r\nconnection: close\r\n\r\n`,
    );

    expect(reply).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(reply).toMatch(/x-request-id: [0-9a-f-]{36}/);
  });

  it.each([
    ['no Host', 'GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n'],
    ['no HTTP', 'hello there\r\n\r\n'],
    ['a truncated body', 'POST /v1/ask HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{"prompt":'],
    [
      'two lengths',
      'POST /v1/ask HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
    ],
    ['headers beyond 10,240 bytes', `${HEALTH}x-long: ${'a'.repeat(10_400)}\r\n\r\n`],
  ])('answers %s with a 400 problem and closes', async (_name, bytes) => {
    const { port } = await open();

    const reply = await exchangeRaw(port, bytes);

    const [head = '', body = ''] = reply.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request/);
    expect(head).toMatch(/x-request-id: [0-9a-f-]{36}/);
    expect(JSON.parse(body)).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it('is no proxy', async () => {
    const { port } = await open();

    const reply = await exchangeRaw(
      port,
      'CONNECT example.org:443 HTTP/1.1\r\nhost: example.org:443\r\n\r\n',
    );

    expect(reply).toMatch(/^HTTP\/1\.1 405 Method Not Allowed\r\n/);
    expect(reply).toMatch(/x-request-id: [0-9a-f-]{36}/);
  });

  it('answers a body beyond 10 MiB with 413', async () => {
    const { url } = await open();

    const reply = await fetch(`${url}/v1/observe`, {
      method: 'POST',
      body: Buffer.alloc(10 * 1024 * 1024 + 1),
    });

    expect(await problemOf(reply)).toMatchObject({ status: 413, problem: { code: 'payload_too_large' } });
  });

  it('gives up a handler that outlives the time limit', async () => {
    const arrived = Promise.withResolvers<void>();
    const late = Promise.withResolvers<void>();
    const { url, gateway } = await open({
      timeoutMs: 20,
      buffered: async () => {
        arrived.resolve();
        await late.promise;
        return { statusCode: 200, body: 'late' };
      },
    });
    const reply = fetch(`${url}/v1/models`);
    await arrived.promise;
    await sleep(60);
    gateway.expire();
    const problem = await problemOf(await reply);
    late.resolve();

    expect(problem).toMatchObject({ status: 504, problem: { code: 'upstream_timeout' } });
  });

  it.each([
    ['throws', async () => Promise.reject(new Error('john.doe@example.com'))],
    ['answers nonsense', async () => ({ statusCode: 0.5, body: '' })],
  ])('turns a handler that %s into a 500 that tells nothing', async (_name, buffered) => {
    const { url, failures } = await open({ buffered });

    const reply = await fetch(`${url}/v1/models`);
    const text = await reply.text();

    expect(reply.status).toBe(500);
    expect(text).not.toContain('john.doe');
    expect(failures).toEqual(['status']);
  });

  it('logs the pattern of a route, never its path, query or headers', async () => {
    const { url, log } = await open();
    await fetch(`${url}/admin/adapters/john.doe@example.com?ssn=123-45-6789`, {
      headers: { 'x-mail': 'a@b.example' },
    });

    const lines = log();

    expect(lines).toEqual([
      {
        timestamp: expect.any(String),
        route: 'GET /admin/adapters/{id}',
        status: 204,
        ms: expect.any(Number),
        request_id: expect.any(String),
      },
    ]);
  });
});
