/** The time limits that hold where nothing else is said, as the clock on the wall counts them; side by side, since all of them wait. */
import { describe, it, vi } from 'vitest';
import { makeDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import { makeInvoker } from '../../shared/adapters/lambda/invoker.ts';
import { Answering, aJob, never } from '../support/fakes/answering.ts';
import { AwsServer, CREDENTIALS } from '../support/fakes/aws-server.ts';
import { anAdapter } from '../support/fakes/documents.ts';
import { FakeGateway } from '../support/fakes/gateway.ts';
import { ManualClock } from '../support/fakes/manual-clock.ts';
import { end, ScriptedModels, text } from '../support/fakes/scripted-models.ts';
import { drawing } from '../support/fakes/seeded-random.ts';
import { framesOf } from '../support/fakes/server-sent-events.ts';
import { PATIENT } from '../support/patience.ts';

const OK = [text('fine'), end({ tokens_in: 1, tokens_out: 1 })];

/** Milliseconds that the work takes. */
const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
};

/** A service that takes calls and never answers. */
const silent = async (work: (server: AwsServer) => Promise<void>): Promise<void> => {
  const server = await new AwsServer().start();
  server.answer = () => 'silence';
  await work(server).finally(() => server.stop());
};

const connectedTo = (server: AwsServer) => ({
  region: 'eu-central-1',
  endpoint: server.url,
  credentials: async () => CREDENTIALS,
  clock: new ManualClock({ autoAdvance: true }),
  random: drawing(0.5),
});

describe.concurrent('where nothing answers', () => {
  it('a call to the store is given up after 2 s', async ({ expect }) =>
    silent(async (server) => {
      const client = makeDynamoClient({ ...connectedTo(server), attempts: 1 });
      const read = { TableName: 'Config', Key: { pk: { S: 'a' } } };

      const took = await timed(() =>
        expect(client.call('GetItem', read)).rejects.toMatchObject({ name: 'TimeoutError' }),
      );

      expect(server.calls).toHaveLength(1);
      expect(took).toBeGreaterThanOrEqual(1_990);
      await client.close();
    }));

  it('a function is given up after a second', async ({ expect }) =>
    silent(async (server) => {
      const invoker = makeInvoker(connectedTo(server));

      const took = await timed(() =>
        expect(invoker.invoke('select', '{}')).rejects.toMatchObject({ name: 'TimeoutError' }),
      );

      expect(took).toBeGreaterThanOrEqual(990);
      await invoker.close();
    }));

  it('a model is given up after four times the goal, two seconds at least, and answered 504', async ({
    expect,
  }) => {
    const answering = new Answering({ a: [['silence']], b: [OK] });
    const models = [anAdapter('a', { latency_ms: 1 }), anAdapter('b', { latency_ms: 1 })];
    const job = aJob({ models, ask: { latency_slo_ms: 10 } });

    const took = await timed(() =>
      expect(answering.service.answer(job, never())).rejects.toMatchObject({
        code: 'upstream_timeout',
        status: 504,
      }),
    );

    expect(took).toBeGreaterThan(1_900);
    expect(answering.models.called).toEqual(['a']);
    expect(await answering.observed()).toEqual([expect.objectContaining({ outcome: 'timeout' })]);
  });

  it('a stream that has said nothing for long ends with an error event', async ({ expect }) => {
    const client = new ScriptedModels({ a: [['silence']] });
    const gateway = new FakeGateway({ client });
    await gateway.withModel('a');
    const key = await gateway.keyOf('acme');
    const headers = { 'x-atp-latency-slo-ms': '500' };
    const body = { model: 'auto', input: 'Mail jane@example.com', stream: true };
    const pending = gateway.call('POST /v1/responses', { key, headers, body });
    await vi.waitFor(() => expect(client.called).toEqual(['a']), PATIENT);
    await gateway.clock.advance(15_000);

    expect(framesOf((await pending).text)).toEqual([
      [
        'error',
        {
          type: 'error',
          code: 'upstream_timeout',
          message: expect.any(String),
          param: null,
          sequence_number: 0,
        },
      ],
    ]);
  });
});
