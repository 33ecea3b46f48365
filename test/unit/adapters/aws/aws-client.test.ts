import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Signer } from '../../../../shared/adapters/aws/sigv4.ts';
import { AwsServer, CREDENTIALS, failure, servedClients } from '../../../support/fakes/aws-server.ts';
import { type ManualClock, START_MS } from '../../../support/fakes/manual-clock.ts';
import { drawing } from '../../../support/fakes/seeded-random.ts';

const REQUEST = { path: '/', headers: { 'content-type': 'text/plain' }, body: 'héllo' };

const served = servedClients();

describe('a call', () => {
  it('arrives as it was given, signed for its host', async () => {
    await served.client().send({ ...REQUEST, path: '/a/b%3Ac' });

    const [{ headers, ...call } = { headers: {} }] = served.server.calls;
    expect(call).toEqual({ method: 'POST', path: '/a/b%3Ac', body: 'héllo' });
    expect(headers).toMatchObject(
      new Signer('dynamodb', 'eu-central-1').sign(
        {
          method: 'POST',
          path: '/a/b%3Ac',
          headers: { ...REQUEST.headers, host: new URL(served.server.url).host },
          body: 'héllo',
        },
        CREDENTIALS,
        START_MS,
      ),
    );
    expect(headers.authorization).toContain('Credential=AKIDEXAMPLE/20260105/eu-central-1/dynamodb/');
  });

  it('gives back what was answered, headers and body', async () => {
    served.answering({ headers: { 'x-amz-function-error': 'Unhandled' }, body: '{"ü":1}' });

    const reply = await served.client().send(REQUEST);

    expect(reply.body).toBe('{"ü":1}');
    expect(reply.headers['x-amz-function-error']).toBe('Unhandled');
  });

  it('is signed anew at each try, with the credentials and the time of then', async () => {
    served.answering('reset');
    let fetched = 0;
    const credentials = async () => ({ ...CREDENTIALS, accessKeyId: `key-${fetched++}` });
    const random = drawing(0.9);

    await served.client({ credentials, random, clock: slowly(served.clock, 2_000) }).send(REQUEST);

    expect(served.server.calls.map(({ headers }) => headers['x-amz-date'])).toEqual([
      '20260105T120000Z',
      '20260105T120002Z',
    ]);
    expect(served.server.calls[1]?.headers.authorization).toContain('key-1');
  });
});

describe('a socket of this machine', () => {
  it('is called as a host is, but nothing is signed', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'atp-socket-'));
    const path = join(directory, 'a socket');
    const server = await new AwsServer().start(path);
    try {
      const client = served.client({
        endpoint: `unix:${path}`,
        credentials: () => Promise.reject(new Error()),
      });

      expect((await client.send({ ...REQUEST, path: '/a/b' })).body).toBe('{}');

      const [{ headers, ...call } = { headers: {} }] = server.calls;
      expect(call).toEqual({ method: 'POST', path: '/a/b', body: 'héllo' });
      expect(headers.host).toBe('localhost');
      expect(headers.authorization).toBeUndefined();
      await client.close();
    } finally {
      await server.stop();
      rmSync(directory, { recursive: true });
    }
  });
});

describe('a clock that is wrong', () => {
  /** Refuses signatures that are more than five minutes off its own clock, as AWS does. */
  const strict = (aheadMs: number) => {
    const now = served.clock.now() + aheadMs;
    served.server.answer = ({ headers }) => {
      const signed = String(headers['x-amz-date']).replace(
        /^(....)(..)(..T..)(..)(..)Z$/,
        '$1-$2-$3:$4:$5.000Z',
      );
      return Math.abs(Date.parse(signed) - now) < 300_000
        ? {}
        : {
            status: 400,
            headers: { date: new Date(now).toUTCString(), 'x-amzn-errortype': 'InvalidSignatureException' },
          };
    };
  };

  it.each([3_600_000, -3_600_000])('by %d ms is set by what the service says, once', async (aheadMs) => {
    strict(aheadMs);
    const client = served.client({ attempts: 1 });

    await client.send(REQUEST);
    await client.send(REQUEST);

    expect(served.server.calls).toHaveLength(3);
  });

  it('is not the reason where the service has the same time', async () => {
    const headers = {
      date: new Date(served.clock.now()).toUTCString(),
      'x-amzn-errortype': 'InvalidSignatureException',
    };
    served.server.answer = () => ({ status: 400, headers });

    await expect(served.client().send(REQUEST)).rejects.toMatchObject({ name: 'InvalidSignatureException' });

    expect(served.server.calls).toHaveLength(1);
  });
});

/** The same clock, on which every sleep lasts so much longer. */
const slowly = (inner: ManualClock, byMs: number) => ({
  now: () => inner.now(),
  monotonic: () => inner.monotonic(),
  sleep: (ms: number) => inner.sleep(ms + byMs),
});

describe('connections', () => {
  it('are kept: calls in sequence share one', async () => {
    const client = served.client();

    for (let call = 0; call < 5; call++) {
      await client.send(REQUEST);
      await turn();
    }

    expect(served.server.connections).toBe(1);
  });

  it('are two at most for calls that follow each other without a pause', async () => {
    const client = served.client();

    for (let call = 0; call < 20; call++) await client.send(REQUEST);

    expect(served.server.connections).toBeLessThanOrEqual(2);
  });

  it('are kept after a refusal, whose body is read', async () => {
    const client = served.client();
    served.answering(failure('ValidationException', 400), failure('ValidationException', 400));

    for (let call = 0; call < 3; call++) {
      await client.send(REQUEST).catch(() => undefined);
      await turn();
    }

    expect([served.server.connections, served.server.calls.length]).toEqual([1, 3]);
  });

  it('are as many as calls at once, up to 64', async () => {
    const client = served.client();

    await Promise.all(Array.from({ length: 100 }, () => client.send(REQUEST)));

    expect(served.server.connections).toBeGreaterThan(1);
    expect(served.server.connections).toBeLessThanOrEqual(64);
    expect(served.server.calls).toHaveLength(100);
  });

  it('that the service closed while they were idle are opened again', async () => {
    const client = served.client({ attempts: 2 });
    await client.send(REQUEST);

    served.server.closeIdleConnections();
    await client.send(REQUEST);

    expect(served.server.connections).toBe(2);
  });

  it('end with the client', async () => {
    const client = served.client();
    await client.send(REQUEST);

    await client.close();

    await expect(client.send(REQUEST)).rejects.toMatchObject({ name: 'ConnectionError' });
    expect(served.server.calls).toHaveLength(1);
  });
});
