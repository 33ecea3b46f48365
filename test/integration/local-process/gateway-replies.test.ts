import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { drainServer } from '../../../local/gateway/http-server.ts';
import type { StreamingHandler } from '../../../local/lambda/awslambda-global.ts';
import { exchangeRaw, openGateway, type TestGateway } from '../../support/local-gateway.ts';

const post = (url: string, body: string | Buffer<ArrayBuffer>): Promise<Response> =>
  fetch(url, { method: 'POST', body });

describe("a handler's reply on the wire", () => {
  let opened: TestGateway | undefined;

  const open = async (handlers: Parameters<typeof openGateway>[0]): Promise<TestGateway> => {
    opened = await openGateway(handlers);
    return opened;
  };

  afterEach(() => opened?.close());

  it('gives the handler the event that API Gateway would', async () => {
    const seen: APIGatewayProxyEvent[] = [];
    const { url } = await open({
      buffered: async (event) => {
        seen.push(event);
        return { statusCode: 200, body: 'ok' };
      },
    });

    await fetch(`${url}/admin/adapters/gpt%2D4?tag=a&tag=b%20c`, { headers: { 'X-Tenant-ID': 'acme' } });

    expect(seen[0]).toMatchObject({
      resource: '/admin/adapters/{id}',
      httpMethod: 'GET',
      pathParameters: { id: 'gpt-4' },
      queryStringParameters: { tag: 'b c' },
      multiValueQueryStringParameters: { tag: ['a', 'b c'] },
      body: null,
      isBase64Encoded: false,
      requestContext: { resourcePath: '/admin/adapters/{id}', identity: { sourceIp: '127.0.0.1' } },
    });
  });

  it('hands over bytes that are no UTF-8 as base64', async () => {
    const seen: APIGatewayProxyEvent[] = [];
    const { url } = await open({
      buffered: async (event) => {
        seen.push(event);
        return { statusCode: 200, body: 'ok' };
      },
    });

    await post(`${url}/v1/observe`, Buffer.from([0xff, 0xfe, 0x00]));

    expect(seen[0]).toMatchObject({ isBase64Encoded: true, body: '//4A' });
  });

  it('sends a buffered reply with its headers and a request id', async () => {
    const { url } = await open({
      buffered: async () => ({
        statusCode: 200,
        headers: { 'content-type': 'text/plain', 'transfer-encoding': 'chunked' },
        multiValueHeaders: { 'x-many': ['a', 'b'] },
        body: Buffer.from('grüezi').toString('base64'),
        isBase64Encoded: true,
      }),
    });

    const reply = await fetch(`${url}/v1/models`);

    expect(await reply.text()).toBe('grüezi');
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'content-length': '7',
      'x-many': 'a, b',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it('accepts Expect: 100-continue', async () => {
    const { port } = await open({ buffered: async (event) => ({ statusCode: 200, body: event.body ?? '' }) });
    const head =
      'POST /v1/observe HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: 2\r\nconnection: close';

    const reply = await exchangeRaw(port, `${head}\r\n\r\nhi`);

    expect(reply).toMatch(/^HTTP\/1\.1 100 Continue[\s\S]*HTTP\/1\.1 200 OK[\s\S]*hi$/);
  });

  it('sends a short streamed reply in one piece, with its length', async () => {
    const streaming: StreamingHandler = async (_event, raw) => {
      const stream = awslambda.HttpResponseStream.from(raw, {
        statusCode: 201,
        headers: { 'x-request-id': 'mine-1234' },
      });
      stream.write('');
      stream.write('hello');
      stream.end();
    };
    const { url, log } = await open({ streaming });

    const reply = await post(`${url}/v1/ask`, '{}');

    expect([reply.status, await reply.text()]).toEqual([201, 'hello']);
    expect(reply.headers.get('content-length')).toBe('5');
    expect(reply.headers.get('x-request-id')).toBe('mine-1234');
    expect(log()).toMatchObject([{ route: 'POST /v1/ask', status: 201, request_id: 'mine-1234' }]);
  });

  it('sends each chunk as it comes, under back-pressure', async () => {
    const streaming: StreamingHandler = async (_event, raw) => {
      const stream = awslambda.HttpResponseStream.from(raw, { statusCode: 200 });
      const parts = Array.from({ length: 40 }, (_, index) => `${index}:${'x'.repeat(100_000)}\n`);
      await pipeline(Readable.from(parts), stream);
    };
    const { url } = await open({ streaming });

    const text = await (await post(`${url}/v1/ask`, '{}')).text();

    expect(
      text
        .trim()
        .split('\n')
        .map((line) => Number(line.split(':')[0])),
    ).toEqual([...Array(40).keys()]);
  });

  it('tells the handler when the client goes away', async () => {
    let told: (error: unknown) => void;
    const toldOf = new Promise((resolve) => {
      told = resolve;
    });
    async function* endless() {
      for (;;) {
        yield 'tick';
        await sleep(10);
      }
    }
    const streaming: StreamingHandler = async (_event, raw) => {
      const stream = awslambda.HttpResponseStream.from(raw, { statusCode: 200 });
      await pipeline(Readable.from(endless()), stream).catch((error: unknown) => told(error));
    };
    const { port, gateway, failures } = await open({ streaming });
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('POST /v1/ask HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n\r\n{}');
    });
    socket.once('data', () => socket.destroy());

    expect(await toldOf).toBeInstanceOf(Error);
    expect([gateway.underway, failures]).toEqual([0, []]);
  });

  it('cuts a stream whose handler fails midway, so that it does not look complete', async () => {
    const streaming: StreamingHandler = async (_event, raw) => {
      const stream = awslambda.HttpResponseStream.from(raw, { statusCode: 200 });
      stream.write('half');
      await sleep(30);
      throw new Error('midway');
    };
    const { url, failures } = await open({ streaming });

    const reply = await post(`${url}/v1/ask`, '{}');

    await expect(reply.text()).rejects.toThrow();
    expect(failures).toEqual(['completions']);
  });

  it('answers 500 where a stream has no prelude', async () => {
    const streaming: StreamingHandler = async (_event, raw) => {
      raw.end('a body without a head');
    };
    const { url } = await open({ streaming });

    const reply = await post(`${url}/v1/ask`, '{}');

    expect(reply.status).toBe(500);
  });

  it('cuts what outlives the patience of a drain', async () => {
    const arrived = Promise.withResolvers<void>();
    const { url, server, gateway } = await open({
      buffered: () => {
        arrived.resolve();
        return new Promise(() => undefined);
      },
    });
    const stuck = fetch(`${url}/v1/models`);
    stuck.catch(() => undefined);
    await arrived.promise;

    await drainServer(server, gateway, 100);

    await expect(stuck).rejects.toThrow();
  });
});
