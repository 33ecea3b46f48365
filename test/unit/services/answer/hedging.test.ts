import { describe, expect, it } from 'vitest';
import { SimulatedClient } from '../../../../shared/adapters/providers/simulated/client.ts';
import type { Adapter } from '../../../../shared/model/adapter.ts';
import type { AskJob } from '../../../../shared/services/answer/ask-job.ts';
import { Answering, aJob, never } from '../../../support/fakes/answering.ts';
import { anAdapter } from '../../../support/fakes/documents.ts';
import { breakOpen } from '../../../support/fakes/health.ts';
import { ManualClock } from '../../../support/fakes/manual-clock.ts';
import { end, type Step, text } from '../../../support/fakes/scripted-models.ts';

const simulated = (id: string, latency_ms: number, fields: Partial<Adapter> = {}): Adapter =>
  anAdapter(id, { latency_ms, simulated: { latency_ms, jitter: 0, chunks: 1 }, ...fields });

const HEDGED = { hedge: { after: 300 } };

const overTime = () =>
  new Answering({}, { clock: new ManualClock(), client: (clock) => new SimulatedClient(clock) });

const hedged = (models: Adapter[], ask: Partial<AskJob['prepared']['ask']> = {}) =>
  aJob({ models, policy: HEDGED, ask });

/** Time passes until the answer is there; how much of it. */
const timed = async <Value>(
  { clock }: Answering,
  answer: Promise<Value>,
): Promise<{ value: Value; ms: number }> => {
  let settled = false;
  const done = answer.finally(() => {
    settled = true;
  });
  done.catch(() => undefined);
  const startedAt = clock.now();
  for (let turn = 0; turn < 100 && !settled; turn++) {
    await clock.advance(0);
    if (!settled) await clock.advance(100);
  }
  return { value: await done, ms: clock.now() - startedAt };
};

describe('a policy that hedges', () => {
  it('asks a second model when the first is slow, and takes who answers first', async () => {
    const answering = overTime();
    const job = hedged([simulated('slow', 5_000), simulated('quick', 200)]);

    const { value: reply, ms } = await timed(answering, answering.service.answer(job, never()));

    expect(reply.model_used).toBe('quick');
    expect(ms).toBe(500);
  });

  it('asks none where the first is in time', async () => {
    const answering = overTime();
    const job = hedged([simulated('a', 200), simulated('b', 0)]);

    const { value: reply } = await timed(answering, answering.service.answer(job, never()));

    expect(reply.model_used).toBe('a');
    expect(await answering.observed()).toEqual([expect.not.objectContaining({ hedge: expect.anything() })]);
  });

  it('takes the first all the same where the second is slower still', async () => {
    const answering = overTime();
    const job = hedged([simulated('a', 800), simulated('b', 4_000)]);

    const { value: reply, ms } = await timed(answering, answering.service.answer(job, never()));

    expect([reply.model_used, ms]).toEqual(['a', 800]);
    expect(await answering.observed()).toEqual([
      expect.objectContaining({
        model: 'a',
        hedge: { model: 'b', tokens_in: 0, tokens_out: 0, cost_usd: 0 },
      }),
    ]);
  });

  it('streams by whoever says something first', async () => {
    const answering = overTime();
    const job = hedged([simulated('slow', 5_000), simulated('quick', 200)]);
    const read = async (): Promise<string | undefined> => {
      const { model, parts } = await answering.service.stream(job, never());
      for await (const part of parts) if ('reply' in part) return `${model} ${part.reply.model_used}`;
      return undefined;
    };

    expect((await timed(answering, read())).value).toBe('quick quick');
  });

  it('learns that the one that lost takes longer than that', async () => {
    const answering = overTime();
    const job = hedged([simulated('slow', 5_000), simulated('quick', 200)]);

    await timed(answering, answering.service.answer(job, never()));

    const { whole_p95, latency_ms, calls } = answering.health.recordOf(anAdapter('slow'));
    expect({ whole_p95, latency_ms, calls }).toEqual({ whole_p95: { ms: 500, samples: 1 }, calls: 0 });
  });

  it('asks none beside where the ceiling does not afford both at their dearest', async () => {
    const answering = overTime();
    const models = [simulated('slow', 1_000), simulated('quick', 0)];
    // 100 tokens in and up to 1,000 out cost .0021 each.
    const answer = (max_cost_usd: number) =>
      timed(answering, answering.service.answer(hedged(models, { max_cost_usd }), never()));

    expect((await answer(0.0041)).value.model_used).toBe('slow');
    expect((await answer(0.0042)).value.model_used).toBe('quick');
  });

  it('asks none whose breaker is open', async () => {
    const answering = overTime();
    await breakOpen(answering.health, anAdapter('quick'));
    const job = hedged([simulated('slow', 1_000), simulated('quick', 0)]);

    expect((await timed(answering, answering.service.answer(job, never()))).value.model_used).toBe('slow');
  });

  it('goes by the 95th percentile of twenty answers and more', async () => {
    const answering = overTime();
    const slow = simulated('slow', 5_000);
    const job = aJob({ models: [slow, simulated('quick', 200)], policy: { hedge: { after: 'p95' } } });
    const learn = (count: number): void => {
      for (let call = 0; call < count; call++)
        answering.health.record(slow, { result: 'ok', probe: false, wholeMs: 1_000 });
    };

    learn(19);
    expect((await timed(answering, answering.service.answer(job, never()))).value.model_used).toBe('slow');

    const fresh = overTime();
    for (let call = 0; call < 20; call++)
      fresh.health.record(slow, { result: 'ok', probe: false, wholeMs: 1_000 });
    const { value, ms } = await timed(fresh, fresh.service.answer(job, never()));
    expect(value.model_used).toBe('quick');
    expect(ms).toBeGreaterThanOrEqual(1_100);
    expect(ms).toBeLessThanOrEqual(1_300);
  });
});

describe('rivals', () => {
  const answers = (tokens: number): Step[] => [text('fine'), end({ tokens_in: tokens, tokens_out: tokens })];
  const job = () => aJob({ models: [anAdapter('a'), anAdapter('b'), anAdapter('c')], policy: HEDGED });

  it('abort the one that lost', async () => {
    const { service, models } = new Answering({ a: [['silence']], b: [answers(1)] });

    expect((await service.answer(job(), never())).model_used).toBe('b');

    expect(models.calls.map(({ model, signal }) => [model, signal.aborted])).toEqual([
      ['a', true],
      ['b', false],
    ]);
  });

  it('leave it to the next model when both fail', async () => {
    const answering = overTime();
    const failing = (id: string, latency_ms: number) =>
      simulated(id, latency_ms, { simulated: { latency_ms, jitter: 0, fault_rate: 1, fault: 'garbage' } });
    const job = hedged([failing('a', 500), failing('b', 400), simulated('c', 0)]);

    expect((await timed(answering, answering.service.answer(job, never()))).value.model_used).toBe('c');
  });

  it('end with the caller', async () => {
    const { service, models } = new Answering({ a: [['silence']], b: [['silence']] });
    const abort = new AbortController();
    const answer = service.answer(job(), abort.signal);
    await new Promise((resolve) => setImmediate(resolve));
    abort.abort();

    await expect(answer).rejects.toMatchObject({ code: 'conflict' });
    expect(models.calls.map(({ signal }) => signal.aborted)).toEqual([true, true]);
  });

  it('are both paid for, once, as far as the one that lost reported what it used', async () => {
    const answering = new Answering({ a: [[...answers(50), 'silence']], b: [answers(20)] });

    const reply = await answering.service.answer(job(), never());

    // A token in and one out cost .000003 together.
    expect(reply).toMatchObject({ model_used: 'b', tokens_in: 20, tokens_out: 20, cost_usd: 0.00021 });
    expect(await answering.observed()).toEqual([
      expect.objectContaining({
        model: 'b',
        failed_over: true,
        tokens_in: 20,
        cost_usd: 0.00021,
        hedge: { model: 'a', tokens_in: 50, tokens_out: 50, cost_usd: 0.00015 },
      }),
    ]);
    expect(answering.settlements).toEqual([expect.objectContaining({ tokens: 140, cost_nano: 210_000 })]);
  });
});
