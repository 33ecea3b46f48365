import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { collect } from '../../../shared/adapters/http/collect.ts';
import { ownTime } from '../../support/own-time.ts';

let server: Server;
const agent = new Agent();
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A call to a server that answers so, and the end of its connection. */
const calling = async (answer: (response: ServerResponse) => void, maxBytes = 1_000) => {
  let open = 0;
  server = createServer((_, response) => answer(response)).listen(0, '127.0.0.1');
  server.on('connection', (socket) => {
    open += 1;
    socket.on('close', () => {
      open -= 1;
    });
  });
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const wanted = (status: number): boolean => status === 200;
  const call = collect(agent, { origin, path: '/', headers: {}, body: '{}', maxBytes, wanted });
  return { call, open: () => open };
};

const soon = async (check: () => boolean): Promise<boolean> => {
  for (let waited = 0; waited < 3_000 && !check(); waited += 20)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return check();
};

describe('a collected reply', () => {
  it('is its whole text, whatever its pieces', async () => {
    const { call } = await calling((response) => {
      response.write(Buffer.from('gr').toString());
      setTimeout(() => response.end('\u00fc\u00df'), 20);
    });

    expect(await call.reply).toMatchObject({ status: 200, text: 'gr\u00fc\u00df' });
  });

  it('fails where it is larger than permitted', async () => {
    const { call } = await calling((response) => response.end('x'.repeat(2_000)));

    await expect(call.reply).rejects.toMatchObject({ name: 'TooLargeError' });
  });

  it('fails with the reason of an abort, before and after it was sent', async () => {
    const { call } = await calling(() => undefined);
    const reason = new Error('gone');

    call.abort(reason);

    await expect(call.reply).rejects.toBe(reason);
  });
});

describe('a body that nobody wants', () => {
  it('is not waited for, and its connection ends when the body does not', async () => {
    const { call, open } = await calling((response) => {
      response.writeHead(500);
      response.write('x');
    });

    expect(await call.reply).toMatchObject({ status: 500, text: '' });
    expect(open()).toBe(1);
    expect(await soon(() => open() === 0)).toBe(true);
  });

  it('ends its connection where it is long', async () => {
    const taken = ownTime();
    const { call, open } = await calling((response) => {
      response.writeHead(500);
      response.write('x'.repeat(256 * 1024));
    });

    await call.reply;

    expect(await soon(() => open() === 0)).toBe(true);
    expect(taken()).toBeLessThan(1_000);
  });
});
