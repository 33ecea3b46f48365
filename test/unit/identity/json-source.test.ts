import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpJsonSource } from '../../../shared/adapters/http/json-source.ts';
import { checkIssuerUrl } from '../../../shared/config/issuer-url.ts';

describe('documents of an issuer', () => {
  let server: Server | undefined;

  const serve = async (answer: RequestListener): Promise<string> => {
    const made = createServer(answer);
    server = made;
    await new Promise<void>((resolve) => {
      made.listen(0, '127.0.0.1', () => resolve());
    });
    return `http://127.0.0.1:${(made.address() as AddressInfo).port}/keys?x=1`;
  };
  const get = async (url: string, allowLoopback = true, timeoutMs = 60_000): Promise<unknown> => {
    const isFit = (text: string): boolean =>
      checkIssuerUrl(text.replace(/\?.*/, ''), allowLoopback) === undefined;
    const source = new HttpJsonSource({ isFit, timeoutMs });
    return source.get(url).finally(() => source.close().catch(() => undefined));
  };

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  it('come as they are', async () => {
    const url = await serve((request, response) => response.end(JSON.stringify({ asked: request.url })));

    expect(await get(url)).toEqual({ asked: '/keys?x=1' });
  });

  it.each<[string, RequestListener, number?]>([
    ['are no JSON', (_, response) => response.end('<html>')],
    ['are an error', (_, response) => response.writeHead(500).end('{}')],
    ['are elsewhere', (_, response) => response.writeHead(302, { location: '/other' }).end()],
    ['are too large', (_, response) => response.end(`"${'x'.repeat(300_000)}"`)],
    ['never begin', () => undefined, 150],
    [
      'never end',
      (_, response) => {
        const timer = setInterval(() => response.write(' '), 20);
        response.once('close', () => clearInterval(timer));
      },
      150,
    ],
    ['break off', (_, response) => response.destroy()],
  ])('that %s are not taken', async (_name, answer, timeoutMs) => {
    await expect(get(await serve(answer), true, timeoutMs)).rejects.toThrow();
  });

  it('are not asked for without TLS where the stage does not allow this machine', async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked += 1;
      response.end('{}');
    });

    await expect(get(url, false)).rejects.toThrow('not fit');
    expect(asked).toBe(0);
  });
});

describe('the address of an issuer', () => {
  it.each([
    ['https://issuer.example', false, undefined],
    ['https://issuer.example/realms/a', false, undefined],
    ['http://issuer.example', true, 'must be an https URL'],
    ['http://127.0.0.1:9000', false, 'must be an https URL'],
    ['http://127.0.0.1:9000', true, undefined],
    ['http://[::1]:9000', true, undefined],
    ['http://127.0.0.1.evil.example', true, 'must be an https URL'],
    ['ftp://issuer.example', true, 'must be an https URL'],
    ['https://a:b@issuer.example', false, 'must hold no credentials, query or fragment'],
    ['https://issuer.example?', false, 'must hold no credentials, query or fragment'],
    ['issuer.example', false, 'must be an absolute URL'],
  ])('%s (this machine allowed: %s)', (url, allowLoopback, fault) => {
    expect(checkIssuerUrl(url, allowLoopback)).toBe(fault);
  });
});
