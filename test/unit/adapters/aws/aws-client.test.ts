import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsClient, type AwsClientOptions } from '../../../../shared/adapters/aws/aws-client.ts';
import { Signer } from '../../../../shared/adapters/aws/sigv4.ts';
import { AwsServer, type ServiceAnswer } from '../../../support/fakes/aws-server.ts';
import { ManualClock, START_MS } from '../../../support/fakes/manual-clock.ts';
import { drawing } from '../../../support/fakes/seeded-random.ts';

const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };
const REQUEST = { path: '/', headers: { 'content-type': 'text/plain' }, body: 'héllo' };

let server: AwsServer;
let clock: ManualClock;
const clients: AwsClient[] = [];
beforeEach(async () => {
  server = await new AwsServer().start();
  clock = new ManualClock({ autoAdvance: true });
});
afterEach(async () => {
  await server.stop();
  // One that a test closed itself refuses.
  await Promise.allSettled(clients.splice(0).map((client) => client.close()));
});

const makeClient = (options: Partial<AwsClientOptions> = {}): AwsClient => {
  const client = new AwsClient({
    service: 'dynamodb',
    region: 'eu-central-1',
    endpoint: server.url,
    credentials: async () => CREDENTIALS,
    clock,
    random: drawing(0.5),
    timeoutMs: 2_000,
    attempts: 3,
    ...options,
  });
  clients.push(client);
  return client;
};

/** These answers one after the other, then success. */
const answering = (...answers: ServiceAnswer[]): void => {
  server.answer = () => answers.shift() ?? { body: 'done' };
};

const failure = (name: string, status: number, rest: object = {}): ServiceAnswer => ({
  status,
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, ...rest }),
});

describe('a call', () => {
  it('arrives as it was given, signed for its host', async () => {
    await makeClient().post({ ...REQUEST, path: '/a/b%3Ac' });

    const [{ headers, ...call } = { headers: {} }] = server.calls;
    expect(call).toEqual({ method: 'POST', path: '/a/b%3Ac', body: 'héllo' });
    expect(headers).toMatchObject(
      new Signer('dynamodb', 'eu-central-1').sign(
        {
          method: 'POST',
          path: '/a/b%3Ac',
          headers: { ...REQUEST.headers, host: new URL(server.url).host },
          body: 'héllo',
        },
        CREDENTIALS,
        START_MS,
      ),
    );
    expect(headers.authorization).toContain('Credential=AKIDEXAMPLE/20260105/eu-central-1/dynamodb/');
  });

  it('gives back what was answered, headers and body', async () => {
    answering({ headers: { 'x-amz-function-error': 'Unhandled' }, body: '{"ü":1}' });

    const reply = await makeClient().post(REQUEST);

    expect(reply.body).toBe('{"ü":1}');
    expect(reply.headers['x-amz-function-error']).toBe('Unhandled');
  });

  it('is signed anew at each try, with the credentials and the time of then', async () => {
    answering('reset');
    let fetched = 0;
    const credentials = async () => ({ ...CREDENTIALS, accessKeyId: `key-${fetched++}` });
    const random = drawing(0.9);

    await makeClient({ credentials, random, clock: slowly(clock, 2_000) }).post(REQUEST);

    expect(server.calls.map(({ headers }) => headers['x-amz-date'])).toEqual([
      '20260105T120000Z',
      '20260105T120002Z',
    ]);
    expect(server.calls[1]?.headers.authorization).toContain('key-1');
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
    const client = makeClient();

    for (let call = 0; call < 5; call++) {
      await client.post(REQUEST);
      await turn();
    }

    expect(server.connections).toBe(1);
  });

  it('are two at most for calls that follow each other without a pause', async () => {
    const client = makeClient();

    for (let call = 0; call < 20; call++) await client.post(REQUEST);

    expect(server.connections).toBeLessThanOrEqual(2);
  });

  it('are kept after a refusal, whose body is read', async () => {
    const client = makeClient();
    answering(failure('ValidationException', 400), failure('ValidationException', 400));

    for (let call = 0; call < 3; call++) {
      await client.post(REQUEST).catch(() => undefined);
      await turn();
    }

    expect([server.connections, server.calls.length]).toEqual([1, 3]);
  });

  it('are as many as calls at once, up to 64', async () => {
    const client = makeClient();

    await Promise.all(Array.from({ length: 100 }, () => client.post(REQUEST)));

    expect(server.connections).toBeGreaterThan(1);
    expect(server.connections).toBeLessThanOrEqual(64);
    expect(server.calls).toHaveLength(100);
  });

  it('that the service closed while they were idle are opened again', async () => {
    const client = makeClient({ attempts: 2 });
    await client.post(REQUEST);

    server.closeIdleConnections();
    await client.post(REQUEST);

    expect(server.connections).toBe(2);
  });

  it('end with the client', async () => {
    const client = makeClient();
    await client.post(REQUEST);

    await client.close();

    await expect(client.post(REQUEST)).rejects.toMatchObject({ name: 'ConnectionError' });
    expect(server.calls).toHaveLength(1);
  });
});

describe('a try', () => {
  it.each<[string, ServiceAnswer]>([
    ['is not answered', 'silence'],
    ['is answered without an end', { endless: true }],
  ])('that %s ends at its time limit', async (_, answer) => {
    server.answer = () => answer;
    const before = performance.now();

    const call = makeClient({ timeoutMs: 50, attempts: 2 }).post(REQUEST);

    await expect(call).rejects.toMatchObject({ name: 'TimeoutError', status: 0 });
    expect(server.calls).toHaveLength(2);
    expect(performance.now() - before).toBeGreaterThanOrEqual(99);
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  it('that was answered leaves no timer behind', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const client = makeClient({ timeoutMs: 60_000 });
    const before = timers();

    for (let call = 0; call < 20; call++) await client.post(REQUEST);

    // The test's own runner has some, too.
    expect(timers() - before).toBeLessThan(20);
  });

  it.each<[string, ServiceAnswer]>([
    ['a service that failed', failure('InternalServerError', 500)],
    ['a proxy that failed', { status: 503, body: '<html>unavailable</html>' }],
    ['throttling', failure('ThrottlingException', 400)],
    ['a table at its limit', failure('ProvisionedThroughputExceededException', 400)],
    ['a busy function', { status: 429, headers: { 'x-amzn-errortype': 'TooManyRequestsException' } }],
    ['a connection that was cut', 'reset'],
    ['silence', 'silence'],
  ])('is repeated after %s', async (_, answer) => {
    answering(answer);

    const reply = await makeClient({ timeoutMs: 200 }).post(REQUEST);

    expect(reply.body).toBe('done');
    expect(server.calls.map(({ body }) => body)).toEqual(['héllo', 'héllo']);
  });

  it('is repeated later each time, by chance up to twice as late', async () => {
    answering('reset', 'reset', 'reset', 'reset');

    await makeClient({ attempts: 5, random: drawing(0.5, 0.5, 0.5, 0.25) }).post(REQUEST);

    expect(clock.slept).toEqual([25, 50, 100, 100]);
  });

  it('is the last after `attempts`, and its failure is the answer', async () => {
    answering('reset', failure('InternalServerError', 500), failure('ServiceUnavailable', 503));

    await expect(makeClient().post(REQUEST)).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      status: 503,
    });

    expect(server.calls).toHaveLength(3);
    expect(clock.slept).toHaveLength(2);
  });

  it.each([
    ['ConditionalCheckFailedException', 400],
    ['ValidationException', 400],
    ['AccessDeniedException', 403],
    ['ResourceNotFoundException', 404],
  ])('that is refused with %s is not repeated', async (name, status) => {
    answering(failure(name, status));

    await expect(makeClient().post(REQUEST)).rejects.toMatchObject({ name, status });

    expect(server.calls).toHaveLength(1);
    expect(clock.slept).toEqual([]);
  });

  it('that has no credentials is repeated, and sends nothing', async () => {
    let fetched = 0;
    const credentials = async () => {
      fetched += 1;
      throw new Error('no credentials');
    };

    await expect(makeClient({ credentials }).post(REQUEST)).rejects.toMatchObject({
      name: 'ConnectionError',
      cause: { message: 'no credentials' },
    });

    expect([fetched, server.calls.length]).toEqual([3, 0]);
  });

  it('that is redirected is a failure', async () => {
    answering({ status: 307, headers: { location: 'http://127.0.0.1:1/' } });

    await expect(makeClient().post(REQUEST)).rejects.toMatchObject({ name: 'Http307', status: 307 });

    expect(server.calls).toHaveLength(1);
  });
});

describe('a failure', () => {
  it('quotes nothing of what the service said, and keeps it apart', async () => {
    const Item = { prompt: { S: 'my secret prompt' } };
    answering(failure('ConditionalCheckFailedException', 400, { message: 'my secret prompt', Item }));

    const error: unknown = await makeClient()
      .post(REQUEST)
      .catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(Error);
    expect(`${String(error)} ${(error as Error).stack}`).not.toContain('secret');
    expect(error).toMatchObject({ fields: { Item } });
  });

  it('of one of many at once leaves no rejection unhandled', async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown): void => {
      unhandled.push(reason);
    };
    process.on('unhandledRejection', listener);
    const answers: ServiceAnswer[] = ['reset', 'silence', { endless: true }, failure('X', 400), {}];
    server.answer = () => answers[server.calls.length % answers.length] ?? {};
    const client = makeClient({ timeoutMs: 100, attempts: 1 });

    const results = await Promise.allSettled(Array.from({ length: 100 }, () => client.post(REQUEST)));
    await server.stop();
    await turn();
    await turn();

    process.off('unhandledRejection', listener);
    server = await new AwsServer().start();
    expect(unhandled).toEqual([]);
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['fulfilled', 'rejected']));
  });
});
