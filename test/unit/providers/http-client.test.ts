import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ProviderHttpClient, readText } from '../../../shared/adapters/providers/http-client.ts';
import { isPrivateAddress } from '../../../shared/services/base-url.ts';

let server: Server;
let port: number;
let calls = 0;
const clients: ProviderHttpClient[] = [];

const makeClient = (
  options: Partial<ConstructorParameters<typeof ProviderHttpClient>[0]> = {},
): ProviderHttpClient => {
  const client = new ProviderHttpClient({ isPrivateAddress, allowPrivate: false, ...options });
  clients.push(client);
  return client;
};
const signal = new AbortController().signal;
const post = (client: ProviderHttpClient, url: string) =>
  client.post({ url, headers: {}, body: '{}' }, signal);

beforeAll(async () => {
  server = createServer((_request, response) => {
    calls += 1;
    response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterEach(async () => {
  calls = 0;
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

describe('the way out to providers', () => {
  it.each(['127.0.0.1', '127.1', '2130706433', '[::ffff:127.0.0.1]'])(
    'refuses the address %s',
    async (host) => {
      await expect(post(makeClient(), `http://${host}:${port}/`)).rejects.toMatchObject({
        code: 'upstream_error',
        retryable: false,
      });
      expect(calls).toBe(0);
    },
  );

  it('refuses a name that resolves to a private address', async () => {
    await expect(post(makeClient(), `http://localhost:${port}/`)).rejects.toMatchObject({
      code: 'upstream_error',
      retryable: false,
      detail: "The model's base URL leads to an address that is not public.",
    });
    expect(calls).toBe(0);
  });

  it('connects a name only to those of its addresses that pass', async () => {
    const asked: string[] = [];
    const client = makeClient({
      isPrivateAddress: (address) => {
        asked.push(address);
        return address !== '127.0.0.1';
      },
    });

    const { status, body } = await post(client, `http://localhost:${port}/`);

    expect(status).toBe(200);
    expect(await readText(body)).toBe('ok');
    expect(asked).toContain('127.0.0.1');
  });

  it('connects to private addresses where the stage allows them', async () => {
    const { body } = await post(makeClient({ allowPrivate: true }), `http://localhost:${port}/`);

    expect(await readText(body)).toBe('ok');
  });

  it('makes a refused connection an upstream_error worth another try', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port: freed } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));

    await expect(
      post(makeClient({ allowPrivate: true }), `http://127.0.0.1:${freed}/`),
    ).rejects.toMatchObject({
      code: 'upstream_error',
      retryable: true,
    });
  });

  it('makes a name that does not resolve an upstream_error', async () => {
    await expect(post(makeClient(), 'http://nowhere.invalid/')).rejects.toMatchObject({
      code: 'upstream_error',
    });
  });
});
