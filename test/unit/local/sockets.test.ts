import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { AskQueue, type WorkerHandler } from '../../../local/sockets/ask-queue.ts';
import { newConnectionId, portOf } from '../../../local/sockets/connection-id.ts';
import { OpenSockets } from '../../../local/sockets/open-sockets.ts';

const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

describe('a connection’s id', () => {
  it('names its process’s port, and no two are the same', () => {
    expect(portOf(newConnectionId(41_234))).toBe(41_234);
    expect(newConnectionId(1)).not.toBe(newConnectionId(1));
  });

  it.each(['', 'abc', 'abc.80', `${'a'.repeat(22)}.`, `${'a'.repeat(22)}.080`, `../${'a'.repeat(19)}.80`])(
    'is not %j',
    (id) => {
      expect(portOf(id)).toBeUndefined();
    },
  );
});

describe('OpenSockets', () => {
  const connected = async (sockets: OpenSockets): Promise<WebSocket> => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const [socket] = (await once(server, 'connection')) as [WebSocket];
    await once(client, 'open');
    sockets.add('a', socket);
    endings.push(() => {
      client.terminate();
      socket.terminate();
      server.close();
    });
    return client;
  };

  it('closes a client that does not read, rather than keep what it is sent', async () => {
    const sockets = new OpenSockets(300);
    const client = await connected(sockets);
    client.pause();
    const text = 'x'.repeat(100_000);
    let outcome = await sockets.post('a', text);
    let posts = 1;
    for (; outcome === 'sent'; posts++) outcome = await sockets.post('a', text);

    expect(outcome).toBe('gone');
    expect(posts).toBeLessThan(500);
    expect(sockets.isOpen('a')).toBe(false);
    client.resume();
    const [code] = (await once(client, 'close')) as [number];
    expect([1013, 1006]).toContain(code);
  });

  it('keeps apart long messages that are posted at once', async () => {
    const sockets = new OpenSockets();
    const client = await connected(sockets);
    const received: string[] = [];
    client.on('message', (data: Buffer) => received.push(data.toString('utf8')));
    const texts = ['a', 'b', 'c'].map((letter) => letter.repeat(100_000));

    await Promise.all(texts.map((text) => sockets.post('a', text)));
    await sockets.post('a', '');

    await expect.poll(() => received.length).toBe(4);
    expect(received.join() === [...texts, ''].join()).toBe(true);
  });
});

describe('AskQueue', () => {
  const handling = (handle: (body: string) => Promise<boolean> | boolean, retryMs = 1) => {
    const failures: unknown[] = [];
    const worker: WorkerHandler = async ({ Records: [record] }) => ({
      batchItemFailures: (await handle(record?.body ?? '')) ? [] : [{ itemIdentifier: 'x' }],
    });
    const queue = new AskQueue({
      worker: async () => worker,
      onFailure: (error) => failures.push(error),
      retryMs,
    });
    return { queue, failures };
  };

  it('runs so many at once and no more, and all in the end', async () => {
    let running = 0;
    let most = 0;
    const { queue } = handling(async () => {
      running += 1;
      most = Math.max(most, running);
      await sleep(5);
      running -= 1;
      return true;
    });

    for (let index = 0; index < 600; index++) expect(queue.put(`ask ${index}`)).toBe(true);

    await expect.poll(() => queue.underway).toBe(0);
    expect(most).toBe(256);
  });

  it('takes only as much as it can keep', async () => {
    const { queue } = handling(() => new Promise(() => undefined));
    for (let index = 0; index < 256; index++) queue.put('x');
    const half = 'x'.repeat(33 * 1024 * 1024);

    expect([queue.put(half), queue.put(half)]).toEqual([true, false]);
    const many = Array.from({ length: 10_000 }, () => queue.put('x'));
    expect(many.filter((taken) => !taken)).toHaveLength(1);
  });

  it('tries three times, then tells', async () => {
    let tries = 0;
    const { queue, failures } = handling(() => {
      tries += 1;
      return false;
    });
    queue.put('ask');

    await expect.poll(() => queue.underway).toBe(0);
    expect([tries, failures.length]).toEqual([3, 1]);
  });

  it('takes no more once it is closed, and cuts the time of what runs', async () => {
    let remaining = (): number => 0;
    const seen: number[] = [];
    const queue = new AskQueue({
      worker: async () => async (_event, context) => {
        remaining = () => context.getRemainingTimeInMillis();
        seen.push(remaining());
        await expect.poll(() => remaining() < 2_000).toBe(true);
        return { batchItemFailures: [] };
      },
      onFailure: () => undefined,
    });
    queue.put('ask');
    await expect.poll(() => seen.length).toBe(1);
    queue.close(performance.now() + 1_000);

    expect(queue.put('another')).toBe(false);
    await expect.poll(() => queue.underway).toBe(0);
    expect(seen[0]).toBeGreaterThan(80_000);
  });
});
