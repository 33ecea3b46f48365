/** The end of the sockets' gateway, with functions of ours in place of the product's. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { AskQueue } from '../../../local/sockets/ask-queue.ts';
import { OpenSockets } from '../../../local/sockets/open-sockets.ts';
import type { SocketFunctions } from '../../../local/sockets/socket-functions.ts';
import { SocketGateway } from '../../../local/sockets/socket-gateway.ts';

const HANDLING_MS = 60;

describe('the drain of sockets', () => {
  let server: Server;
  let client: WebSocket;
  afterEach(() => {
    client.terminate();
    server.close();
  });

  /** Each message becomes an ask, after a while; each ask is answered by its text. */
  const start = async () => {
    const sockets = new OpenSockets();
    const queue = new AskQueue({
      worker: async () => async (event) => {
        const { id, text } = JSON.parse(event.Records[0]?.body ?? '{}') as { id: string; text: string };
        await sleep(HANDLING_MS);
        await sockets.post(id, `answer to ${text}`);
        return { batchItemFailures: [] };
      },
      onFailure: () => undefined,
    });
    const functions = {
      gate: async () => ({ statusCode: 200, headers: {}, body: '' }),
      message: async ({ body, requestContext }: Parameters<SocketFunctions['message']>[0]) => {
        const id = requestContext.connectionId;
        await sleep(HANDLING_MS);
        if (!queue.put(JSON.stringify({ id, text: body }))) await sockets.post(id, `no place for ${body}`);
        return { statusCode: 200 };
      },
    } as unknown as SocketFunctions;
    const gateway = new SocketGateway({
      ...{ sockets, queue, functions: async () => functions, port: () => 1 },
      callers: { allows: () => true } as never,
      log: { record: () => undefined } as never,
      onHandlerError: () => undefined,
    });
    server = createServer().on('upgrade', (...upgrade) => gateway.take(...upgrade));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`);
    const heard: string[] = [];
    client.on('message', (data) => heard.push(String(data)));
    const closed = once(client, 'close').then(([code]) => code as number);
    await once(client, 'open');
    return { gateway, heard, closed };
  };

  it('answers what had come before it, and tells what came after that it has no place', async () => {
    const { gateway, heard, closed } = await start();
    client.send('one');
    client.send('two');
    await sleep(HANDLING_MS / 2);

    const drained = gateway.drain(10_000);
    await expect.poll(() => heard).toContain('answer to one');
    client.send('late');
    await drained;

    expect(await closed).toBe(1001);
    expect(heard.map((text) => (text.startsWith('{') ? JSON.parse(text).type : text))).toEqual([
      'closing',
      'answer to one',
      'answer to two',
      'no place for late',
    ]);
  });
});
