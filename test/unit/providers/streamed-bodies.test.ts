/** Replies that are read as they come: who waits, who holds whom back, and who may leave. */
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ProviderHttpClient } from '../../../shared/adapters/providers/http-client.ts';
import type { Incoming } from '../../../shared/adapters/providers/incoming.ts';

const MIB = 1024 * 1024;

let server: Server;
let url: string;
let connections = 0;
let behave: (response: ServerResponse) => unknown = () => undefined;
const client = new ProviderHttpClient({ isPrivateAddress: () => true, allowPrivate: true });

const post = (signal: AbortSignal = new AbortController().signal) =>
  client.post({ url, headers: {}, body: '{}' }, signal);

const lengthOf = async (body: Incoming): Promise<number> => {
  let bytes = 0;
  for (let some = await body.take(); some.length > 0; some = await body.take())
    bytes += some.reduce((sum, piece) => sum + piece.length, 0);
  return bytes;
};

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume().on('end', () => behave(response));
  });
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterEach(() => {
  server.closeAllConnections();
  connections = 0;
});

afterAll(async () => {
  await client.close();
  server.close();
});

/** Resolves when the reply has been sent and what arrived of it was read. */
const received = async (sent: Promise<unknown>): Promise<void> => {
  await sent;
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
};

describe('a reply that is read as it comes', () => {
  it('gives a piece as soon as it is there', async () => {
    behave = (response) => response.write('one');
    const { body } = await post();

    expect(String(await body.take())).toBe('one');
    body.leave();
  });

  it('gives all that has come at once, and nothing at its end', async () => {
    const sent = Promise.withResolvers<void>();
    behave = (response) => {
      response.write('one ');
      response.write('two ');
      response.end('three', sent.resolve);
    };
    const { body } = await post();
    await received(sent.promise);

    expect(Buffer.concat(await body.take()).toString()).toBe('one two three');
    expect([await body.take(), await body.take()]).toEqual([[], []]);
  });

  it('holds its provider back while nobody takes, and loses nothing by it', async () => {
    let isHeldBack = false;
    behave = (response) => {
      isHeldBack = !response.write(Buffer.alloc(8 * MIB)) && !response.write(Buffer.alloc(8 * MIB));
      response.end();
    };
    const { body } = await post();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const [first = new Uint8Array(), ...more] = await body.take();
    const begun = more.reduce((sum, piece) => sum + piece.length, first.length);

    expect(isHeldBack).toBe(true);
    expect(begun).toBeLessThan(MIB);
    expect(begun + (await lengthOf(body))).toBe(16 * MIB);
  });

  it('fails where it is longer than any answer', async () => {
    behave = (response) => response.end(Buffer.alloc(33 * MIB));
    const { body } = await post();

    await expect(lengthOf(body)).rejects.toMatchObject({
      code: 'upstream_error',
      detail: 'The model answered more than is permitted.',
    });
  });

  it('gives what came before its connection broke, then the fault', async () => {
    behave = (response) => response.write('half', () => setTimeout(() => response.destroy(), 20));
    const { body } = await post();
    await new Promise((resolve) => setTimeout(resolve, 80));

    expect(String(await body.take())).toBe('half');
    await expect(body.take()).rejects.toMatchObject({ code: 'upstream_error', fault: 'connection' });
  });

  it('rejects with the reason of an abort, whether it waits for the head or for more', async () => {
    const reasons = [new Error('too soon'), new Error('too late')];
    const [early, late] = [new AbortController(), new AbortController()];
    behave = () => early.abort(reasons[0]);
    await expect(post(early.signal)).rejects.toBe(reasons[0]);
    behave = (response) => response.write('one');
    const { body } = await post(late.signal);
    await body.take();
    const waiting = body.take();
    late.abort(reasons[1]);

    await expect(waiting).rejects.toBe(reasons[1]);
  });

  it('hangs up where nobody wants the rest, and whoever waits gets nothing', async () => {
    const left = Promise.withResolvers<void>();
    behave = (response) => {
      response.on('close', left.resolve);
      response.write('one');
    };
    const { body } = await post();
    await body.take();
    const waiting = body.take();
    body.leave();

    expect(await waiting).toEqual([]);
    await left.promise;
  });

  it('keeps its connection where the rest that is not wanted is short', async () => {
    const sent = Promise.withResolvers<void>();
    behave = (response) => {
      response.write('one');
      setTimeout(() => response.end('two', sent.resolve), 20);
    };
    const { body } = await post();
    body.drop();
    await received(sent.promise);
    const again = await post();
    again.body.leave();

    expect(connections).toBe(1);
  });

  it.each([
    ['long', Buffer.alloc(MIB)],
    ['late', Buffer.from('and')],
  ])('hangs up where the rest that is not wanted is %s', async (_name, rest) => {
    const left = Promise.withResolvers<void>();
    behave = (response) => {
      response.on('close', left.resolve);
      response.write('one');
      response.write(rest);
    };
    const { body } = await post();
    body.drop();

    await left.promise;
    expect(await body.take()).toEqual([]);
  });
});
