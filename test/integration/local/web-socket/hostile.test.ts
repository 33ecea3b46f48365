/** Whatever a client sends, it gets an error that names the fault, or is hung up on, and nobody else notices. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bearer } from '../../../support/flow/client.ts';
import { type LocalTarget, openLocalTarget } from '../../../support/flow/local-target.ts';
import { Setting } from '../../../support/flow/setting.ts';
import { SocketClient } from '../../../support/flow/socket.ts';

const OPENED_WITHIN_MS = 300_000;

describe('/ws and hostile clients', () => {
  let target: LocalTarget;
  let client: SocketClient;

  const open = (): Promise<SocketClient> =>
    SocketClient.open(target.runtime().ws_url, { headers: bearer(target.tenantKey) });

  beforeAll(async () => {
    target = await openLocalTarget();
    await new Setting(target).useModels([{ id: 'fast', cost_per_1k: 0.001, simulated: { latency_ms: 1 } }]);
    client = await open();
  }, OPENED_WITHIN_MS);

  afterAll(() => target?.stop(), OPENED_WITHIN_MS);

  const ask = { type: 'ask', prompt: 'Explain tides' };

  test.each([
    ['no JSON', 'nonsense', ''],
    ['nothing', '', ''],
    ['an array', '[]', ''],
    ['null', 'null', ''],
    ['no type', {}, '/type'],
    ['an unknown type', { type: 'shout' }, '/type'],
    ['a type of the prototype', { type: 'constructor' }, '/type'],
    ['a type that is no string', { type: 1 }, '/type'],
    ['an unknown field', { ...ask, colour: 'red' }, '/colour'],
    ['no prompt', { type: 'ask' }, '/prompt'],
    ['an empty prompt', { ...ask, prompt: ' ' }, '/prompt'],
    ['a prompt of another type', { ...ask, prompt: 5 }, '/prompt'],
    ['a null for an optional field', { ...ask, quality: null }, '/quality'],
    ['a stream that is no boolean', { ...ask, stream: 'yes' }, '/stream'],
    ['too few tokens', { ...ask, max_tokens: 0 }, '/max_tokens'],
    ['an id that is no string', { ...ask, id: 5 }, '/id'],
    ['an empty id', { ...ask, id: '' }, '/id'],
    ['an id that is too long', { ...ask, id: 'x'.repeat(129) }, '/id'],
    ['a lone surrogate', '{"type":"ask","prompt":"\\ud800"}', '/prompt'],
    ['a number that is not finite', '{"type":"ask","prompt":"x","max_cost_usd":1e999}', '/max_cost_usd'],
    ['a forbidden name', '{"type":"ask","prompt":"x","__proto__":{}}', '/__proto__'],
    ['a cancel without an id', { type: 'cancel' }, '/id'],
    ['a ping with a field', { type: 'ping', id: 'x' }, '/id'],
    ['a resume without its place', { type: 'resume', request_id: 'x' }, '/after_seq'],
    ['a resume from a fraction', { type: 'resume', request_id: 'x', after_seq: 0.5 }, '/after_seq'],
  ])('%s is named, and the connection stays', async (_, message, path) => {
    const before = client.frames.length;
    client.send(message);
    const error = await client.frame('error', (frame) => client.frames.indexOf(frame) >= before);

    expect(error).toMatchObject({ code: 'invalid_request', status: 400, errors: [{ path }] });
    client.send({ type: 'ping' });
    await client.frame('pong', () => client.frames.length > before + 1);
  });

  test('an error carries the id of its message where that has one', async () => {
    const before = client.frames.length;
    client.send({ type: 'ask', id: 'known' });
    client.send({ type: 'ask' });

    expect(await client.frame('error', ({ id }) => id === 'known')).toMatchObject({
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const last = await client.frame('error', (frame) => client.frames.indexOf(frame) > before);
    expect(last.id).toBe(last.request_id);
  });

  test('binary messages are refused', async () => {
    const own = await open();
    own.socket.send(Buffer.from('{"type":"ping"}'), { binary: true });

    expect(await own.frame('error')).toMatchObject({ code: 'invalid_request', errors: [{ path: '' }] });
    await own.close();
  });

  test('a message of 128 KB is taken, one byte more closes with 1009', async () => {
    const own = await open();
    const message = (bytes: number): string => {
      const empty = JSON.stringify({ type: 'ask', id: 'long', prompt: '' });
      return JSON.stringify({ type: 'ask', id: 'long', prompt: 'x'.repeat(bytes - empty.length) });
    };
    own.send(message(131_072));
    expect((await own.end('long')).type).toBe('response');
    own.send(message(131_073));

    expect((await own.closed).code).toBe(1009);
  });

  test('a flood of pings is answered one by one', async () => {
    const own = await open();
    for (let count = 0; count < 500; count++) own.send({ type: 'ping' });
    await own.frame('pong', () => own.frames.length === 500);

    await own.close();
  });

  test.each([
    ['no version', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n', 'GET', 400],
    ['no key', 'Sec-WebSocket-Version: 13\r\n', 'GET', 400],
    ['a body', 'Sec-WebSocket-Version: 13\r\n', 'POST', 405],
  ])('a handshake with %s is refused', async (_, headers, method, status) => {
    const { hostname, port } = new URL(target.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `${method} /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nx-api-key: ${target.tenantKey}\r\n${headers}\r\n`,
    );
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    await once(socket, 'close');

    expect(text).toMatch(
      new RegExp(`^HTTP/1.1 ${status} [^]*application/problem\\+json[^]*"status":${status}`),
    );
  });

  test('a request for another path, or without an upgrade, is a request like any other', async () => {
    const upgrade = { headers: bearer(target.tenantKey) };
    const elsewhere = await SocketClient.refused(`${target.runtime().ws_url}/more`, upgrade);

    expect(elsewhere.status).toBe(404);
    expect((await fetch(`${target.url}/ws`)).status).toBe(404);
  });
});
