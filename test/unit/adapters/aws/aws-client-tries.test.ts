/** What a try's end means: the answer, another try, or a failure that quotes nothing. */
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AwsServer, failure, type ServiceAnswer, servedClients } from '../../../support/fakes/aws-server.ts';
import { drawing } from '../../../support/fakes/seeded-random.ts';
import { ownTime } from '../../../support/own-time.ts';

const REQUEST = { path: '/', headers: { 'content-type': 'text/plain' }, body: 'héllo' };

const served = servedClients();

describe('a try', () => {
  it.each<[string, ServiceAnswer]>([
    ['is not answered', 'silence'],
    ['is answered without an end', { endless: true }],
  ])('that %s ends at its time limit', async (_, answer) => {
    served.server.answer = () => answer;
    const taken = ownTime();
    const before = performance.now();

    const call = served.client({ timeoutMs: 50, attempts: 2 }).send(REQUEST);

    await expect(call).rejects.toMatchObject({ name: 'TimeoutError', status: 0 });
    expect(served.server.calls).toHaveLength(2);
    expect(performance.now() - before).toBeGreaterThanOrEqual(99);
    expect(taken()).toBeLessThan(2_000);
  });

  it('that was answered leaves no timer behind', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const client = served.client({ timeoutMs: 60_000 });
    const before = timers();

    for (let call = 0; call < 20; call++) await client.send(REQUEST);

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
    served.answering(answer);

    const reply = await served.client({ timeoutMs: answer === 'silence' ? 400 : 60_000 }).send(REQUEST);

    expect(reply.body).toBe('done');
    expect(served.server.calls.map(({ body }) => body)).toEqual(['héllo', 'héllo']);
  });

  it('is repeated later each time, by chance up to twice as late', async () => {
    served.answering('reset', 'reset', 'reset', 'reset');

    await served.client({ attempts: 5, random: drawing(0.5, 0.5, 0.5, 0.25) }).send(REQUEST);

    expect(served.clock.slept).toEqual([25, 50, 100, 100]);
  });

  it('is the last after `attempts`, and its failure is the answer', async () => {
    served.answering('reset', failure('InternalServerError', 500), failure('ServiceUnavailable', 503));

    await expect(served.client().send(REQUEST)).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      status: 503,
    });

    expect(served.server.calls).toHaveLength(3);
    expect(served.clock.slept).toHaveLength(2);
  });

  it.each([
    ['ConditionalCheckFailedException', 400],
    ['ValidationException', 400],
    ['AccessDeniedException', 403],
    ['ResourceNotFoundException', 404],
  ])('that is refused with %s is not repeated', async (name, status) => {
    served.answering(failure(name, status));

    await expect(served.client().send(REQUEST)).rejects.toMatchObject({ name, status });

    expect(served.server.calls).toHaveLength(1);
    expect(served.clock.slept).toEqual([]);
  });

  it('that has no credentials is repeated, and sends nothing', async () => {
    let fetched = 0;
    const credentials = async () => {
      fetched += 1;
      throw new Error('no credentials');
    };

    await expect(served.client({ credentials }).send(REQUEST)).rejects.toMatchObject({
      name: 'ConnectionError',
      cause: { message: 'no credentials' },
    });

    expect([fetched, served.server.calls.length]).toEqual([3, 0]);
  });

  it('that is redirected is a failure', async () => {
    served.answering({ status: 307, headers: { location: 'http://127.0.0.1:1/' } });

    await expect(served.client().send(REQUEST)).rejects.toMatchObject({ name: 'Http307', status: 307 });

    expect(served.server.calls).toHaveLength(1);
  });
});

describe('a failure', () => {
  it('quotes nothing of what the service said, and keeps it apart', async () => {
    const Item = { prompt: { S: 'my secret prompt' } };
    served.answering(failure('ConditionalCheckFailedException', 400, { message: 'my secret prompt', Item }));

    const error: unknown = await served
      .client()
      .send(REQUEST)
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
    served.server.answer = () => answers[served.server.calls.length % answers.length] ?? {};
    const client = served.client({ timeoutMs: 100, attempts: 1 });

    const results = await Promise.allSettled(Array.from({ length: 100 }, () => client.send(REQUEST)));
    await served.server.stop();
    await turn();
    await turn();

    process.off('unhandledRejection', listener);
    served.server = await new AwsServer().start();
    expect(unhandled).toEqual([]);
    expect(results.map(({ status }) => status)).toContain('rejected');
  });
});
