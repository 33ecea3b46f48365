/** One suite for what posts to clients, and one for the queue: in memory, and over HTTP to the local gateway with real sockets. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { AskQueue } from '../../../local/sockets/ask-queue.ts';
import { ASK_QUEUE_PATH, CallbackServer } from '../../../local/sockets/callback-server.ts';
import { newConnectionId } from '../../../local/sockets/connection-id.ts';
import { OpenSockets } from '../../../local/sockets/open-sockets.ts';
import { MemoryAskQueue, MemorySockets } from '../../../shared/adapters/memory/sockets.ts';
import { SqsAskQueue } from '../../../shared/adapters/queue/sqs-ask-queue.ts';
import { systemClock, systemRandom } from '../../../shared/adapters/runtime/system.ts';
import { ApiGatewaySockets } from '../../../shared/adapters/websocket/api-gateway-sockets.ts';
import type { AskQueue as AskQueuePort, ClientSockets } from '../../../shared/ports/client-sockets.ts';

interface Subject {
  sockets: ClientSockets;
  /** Opens a client's connection; answers its id, and what it received. */
  open(): Promise<{ id: string; received: () => readonly string[] }>;
  queue: AskQueuePort;
  taken: () => readonly string[];
}

const endings: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const AWS = {
  region: 'us-east-1',
  credentials: async () => ({ accessKeyId: 'test', secretAccessKey: 'test' }),
  clock: systemClock(),
  random: systemRandom(),
};

const webSocketServer = async (): Promise<{ server: Server; sockets: WebSocketServer; url: string }> => {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endings.push(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
  });
  return { server, sockets, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

/** A gateway process's listener, with the sockets that it holds. */
const process = async () => {
  const open = new OpenSockets();
  const taken: string[] = [];
  const queue = new AskQueue({
    worker: async () => async (event) => {
      taken.push(...event.Records.map(({ body }) => body));
      return { batchItemFailures: [] };
    },
    onFailure: () => undefined,
  });
  const callbacks = new CallbackServer(open, queue);
  await callbacks.listen();
  endings.push(() => callbacks.close());
  return { open, queue, callbacks, taken };
};

const overHttp = (holder: 'own' | 'sibling') => async (): Promise<Subject> => {
  const caller = await process();
  const holding = holder === 'own' ? caller : await process();
  const { sockets: server, url } = await webSocketServer();
  const sockets = new ApiGatewaySockets({ ...AWS, url: caller.callbacks.url });
  const queueUrl = caller.callbacks.url + ASK_QUEUE_PATH;
  const queue = new SqsAskQueue({ ...AWS, queueUrl });
  endings.push(
    () => sockets.end(),
    () => queue.end(),
  );
  const open = async () => {
    const received: string[] = [];
    const client = new WebSocket(url);
    client.on('message', (data: Buffer) => received.push(data.toString('utf8')));
    const [socket] = (await once(server, 'connection')) as [WebSocket];
    await once(client, 'open');
    const id = newConnectionId(holding.callbacks.port);
    holding.open.add(id, socket);
    socket.on('close', () => holding.open.remove(id));
    return { id, received: () => received };
  };
  return { sockets, open, queue, taken: () => caller.taken };
};

const SUBJECTS: [string, () => Promise<Subject>][] = [
  [
    'in memory',
    async () => {
      const sockets = new MemorySockets();
      const queue = new MemoryAskQueue();
      let count = 0;
      const open = async () => {
        const id = `connection ${count++}`;
        sockets.open(id);
        return { id, received: () => sockets.received(id) };
      };
      return { sockets, open, queue, taken: () => queue.takeAll() };
    },
  ],
  ['of this gateway process', overHttp('own')],
  ['of another gateway process', overHttp('sibling')],
];

describe.each(SUBJECTS)('sockets %s', (_, make) => {
  it('get what is posted, in order, and nobody else does', async () => {
    const { sockets, open } = await make();
    const [a, b] = [await open(), await open()];

    expect(await sockets.post(a.id, 'one')).toBe('sent');
    expect(await sockets.post(a.id, `zwei ${'😀'.repeat(20_000)}`)).toBe('sent');

    await expect.poll(a.received).toEqual(['one', `zwei ${'😀'.repeat(20_000)}`]);
    expect(b.received()).toEqual([]);
  });

  it('are gone once they are closed, and closing again is nothing', async () => {
    const { sockets, open } = await make();
    const { id } = await open();

    expect(await sockets.isOpen(id)).toBe(true);
    await sockets.close(id);
    await expect.poll(() => sockets.isOpen(id)).toBe(false);
    expect(await sockets.post(id, 'late')).toBe('gone');
    await sockets.close(id);
  });

  it.each(['nobody', 'a/b?c=d', newConnectionId(9)])('that never were are gone: %s', async (id) => {
    const { sockets } = await make();

    expect(await sockets.isOpen(id)).toBe(false);
    expect(await sockets.post(id, 'text')).toBe('gone');
  });

  it('have a queue beside them that delivers', async () => {
    const { queue, taken } = await make();

    await queue.put('an ask');

    await expect.poll(taken).toEqual(['an ask']);
  });
});

describe('over HTTP', () => {
  it('a message that is too long, and a service that is away, are told from a client that is gone', async () => {
    const { sockets, open } = await overHttp('own')();
    const { id } = await open();
    const away = new ApiGatewaySockets({ ...AWS, url: 'http://127.0.0.1:9/live' });
    endings.push(() => away.end());

    await expect(sockets.post(id, 'x'.repeat(131_073))).rejects.toMatchObject({ code: 'unavailable' });
    await expect(away.post(id, 'x')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('a queue that is full, closed or away is unavailable', async () => {
    const { callbacks, queue } = await process();
    const full = new SqsAskQueue({ ...AWS, queueUrl: callbacks.url + ASK_QUEUE_PATH });
    const wrong = new SqsAskQueue({ ...AWS, queueUrl: `${callbacks.url}/another` });
    const away = new SqsAskQueue({ ...AWS, queueUrl: 'http://127.0.0.1:9/asks' });
    endings.push(...[full, wrong, away].map((client) => () => client.end()));
    queue.close(performance.now());

    for (const client of [full, wrong, away])
      await expect(client.put('an ask')).rejects.toMatchObject({ code: 'unavailable' });
    const memory = new MemoryAskQueue(0);
    await expect(memory.put('an ask')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('browsers and unknown operations are refused', async () => {
    const { callbacks } = await process();
    const status = async (init: RequestInit, path = '/'): Promise<number> =>
      (await fetch(callbacks.url + path, init)).status;

    expect(await status({ headers: { origin: 'http://localhost' } })).toBe(403);
    expect(await status({ method: 'POST', body: '{}' })).toBe(404);
    expect(
      await status({ method: 'POST', body: '{}', headers: { 'x-amz-target': 'AmazonSQS.SendMessage' } }),
    ).toBe(400);
  });
});
