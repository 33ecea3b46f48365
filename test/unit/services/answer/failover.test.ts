import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { ANSWER_LIMIT_MS } from '../../../../shared/services/answer/answer-prompt.ts';
import { Answering, aJob, never } from '../../../support/fakes/answering.ts';
import { anAdapter } from '../../../support/fakes/documents.ts';
import { end, text } from '../../../support/fakes/scripted-models.ts';

const OK = [text('fine'), end({ tokens_in: 1, tokens_out: 1 })];
const failing = (options: { retryable?: boolean; retryAfterMs?: number } = {}): AppError =>
  new AppError('upstream_error', 'The provider failed.', options);

describe('when a model fails before its first byte', () => {
  it('it is tried once more, after a pause with jitter', async () => {
    const { service, models, clock } = new Answering({ a: [[failing()], OK] });

    const reply = await service.answer(aJob(), never());

    expect(reply.model_used).toBe('a');
    expect(models.called).toEqual(['a', 'a']);
    expect(clock.slept).toEqual([50]);
  });

  it('the pause the provider asked for is kept', async () => {
    const { service, clock } = new Answering({ a: [[failing({ retryAfterMs: 700 })], OK] });
    await service.answer(aJob(), never());

    expect(clock.slept).toEqual([750]);
  });

  it('a pause too long for the caller means the next model', async () => {
    const { service, models } = new Answering({ a: [[failing({ retryAfterMs: 1_001 })]], b: [OK] });
    await service.answer(aJob(), never());

    expect(models.called).toEqual(['a', 'b']);
  });

  it('where no other model is left, the pause may be longer, as long as time is', async () => {
    const only = { models: [anAdapter('a')] };
    const asking = async (retryAfterMs: number, deadline_ms?: number) => {
      const answering = new Answering({ a: [[failing({ retryAfterMs })], OK] });
      const policy = deadline_ms === undefined ? {} : { deadline_ms };
      await answering.service.answer(aJob({ ...only, policy }), never()).catch(() => undefined);
      return answering.clock.slept;
    };

    expect(await asking(10_000)).toEqual([10_050]);
    expect(await asking(10_001)).toEqual([]);
    expect(await asking(5_000, 5_051)).toEqual([5_050]);
    expect(await asking(5_000, 5_050)).toEqual([]);
  });

  it('a fault that another try cannot mend means the next model at once', async () => {
    const { service, models, clock } = new Answering({ a: [[failing({ retryable: false })]], b: [OK] });
    await service.answer(aJob(), never());

    expect(models.called).toEqual(['a', 'b']);
    expect(clock.slept).toEqual([]);
  });

  it('a model that timed out is not tried again', async () => {
    const slow = new AppError('upstream_timeout', 'The model did not answer in time.');
    const { service, models } = new Answering({ a: [[slow]], b: [OK] });

    expect((await service.answer(aJob(), never())).model_used).toBe('b');
    expect(models.called).toEqual(['a', 'b']);
  });

  it('a text without an end is a fault too', async () => {
    const { service } = new Answering({ a: [[text('half an ans')]], b: [OK] });

    expect(await service.answer(aJob(), never())).toMatchObject({ model_used: 'b', text: 'fine' });
  });

  it('what the failed one said is in neither reply nor observation', async () => {
    const answering = new Answering({ a: [[text('half'), failing({ retryable: false })]], b: [OK] });

    const reply = await answering.service.answer(aJob(), never());

    expect(reply.text).toBe('fine');
    expect(await answering.observed()).toEqual([
      expect.objectContaining({ model: 'b', propensity: 0.25, outcome: 'success' }),
    ]);
  });

  it('at most three models are tried, and the last fault is the reply', async () => {
    const fault = failing({ retryable: false });
    const ids = ['a', 'b', 'c', 'd'];
    const answering = new Answering(Object.fromEntries(ids.map((id) => [id, [[fault]]])));

    await expect(
      answering.service.answer(aJob({ models: ids.map((id) => anAdapter(id)) }), never()),
    ).rejects.toBe(fault);
    expect(answering.models.called).toEqual(['a', 'b', 'c']);
    expect(await answering.observed()).toEqual([
      expect.objectContaining({ model: 'c', outcome: 'upstream_error', cost_usd: 0, tokens_in: 0 }),
    ]);
  });

  it("a fault that is no provider's goes to the caller without another try", async () => {
    const away = new AppError('unavailable', 'Secrets cannot be read.');
    const { service, models } = new Answering({ a: [[away]], b: [OK] });

    await expect(service.answer(aJob(), never())).rejects.toBe(away);
    expect(models.called).toEqual(['a']);
  });

  it('a foreign error is answered as 502 without its words', async () => {
    const { service } = new Answering({ a: [[new TypeError('secret in a message')]] });

    await expect(service.answer(aJob(), never())).rejects.toMatchObject({
      code: 'upstream_error',
      detail: 'The call to the model failed.',
    });
  });

  it('streams fail over just so', async () => {
    const { service, models } = new Answering({ a: [[failing({ retryable: false })]], b: [OK] });

    expect((await service.stream(aJob(), never())).model).toBe('b');
    expect(models.called).toEqual(['a', 'b']);
  });

  it('a stream that ends before it begins is a fault', async () => {
    const { service } = new Answering({ a: [[]], b: [OK] });

    expect((await service.stream(aJob(), never())).model).toBe('b');
  });

  it('a decision without a model is our own fault', async () => {
    const job = aJob();
    const { service } = new Answering({});

    await expect(
      service.answer({ ...job, choice: { ...job.choice, ranked: [] } }, never()),
    ).rejects.toMatchObject({
      code: 'internal',
    });
  });
});

describe('when time or the caller runs out', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ['whole', undefined, ANSWER_LIMIT_MS],
    ['whole', 10_000, 40_000],
    ['streamed', undefined, ANSWER_LIMIT_MS],
    ['streamed', 10_000, 40_000],
  ])('a %s answer with the goal %s ends after %s ms, whatever was said', async (form, goal, limit) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const answering = new Answering({ a: [[text('half'), 'silence']], b: [OK] });
    const job = aJob({ ask: goal === undefined ? {} : { latency_slo_ms: goal } });
    const failed = vi.fn();
    const read = async (): Promise<void> => {
      if (form === 'whole') return void (await answering.service.answer(job, never()));
      for await (const _ of (await answering.service.stream(job, never())).parts);
    };
    const reading = read().catch(failed);

    await vi.advanceTimersByTimeAsync(limit - 1);
    expect(failed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await reading;

    expect(failed).toHaveBeenCalledWith(expect.objectContaining({ code: 'upstream_timeout', status: 504 }));
    expect(answering.models.called).toEqual(['a']);
    expect(await answering.observed()).toEqual([expect.objectContaining({ outcome: 'timeout' })]);
  });

  it('the policy bounds the time where that is less', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const answering = new Answering({ a: [['silence']], b: [OK] });
    const job = aJob({ ask: { latency_slo_ms: 10_000 }, policy: { deadline_ms: 3_000 } });
    const failed = vi.fn();
    const reading = answering.service.answer(job, never()).catch(failed);

    await vi.advanceTimersByTimeAsync(2_999);
    expect(failed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await reading;

    expect(failed).toHaveBeenCalledWith(expect.objectContaining({ code: 'upstream_timeout' }));
  });

  it('an aborted call is settled as such and no other model is tried', async () => {
    const answering = new Answering({ a: [['silence']], b: [OK] });
    const abort = new AbortController();
    const answer = answering.service.answer(aJob(), abort.signal);
    abort.abort();

    await expect(answer).rejects.toMatchObject({ code: 'conflict' });
    expect(answering.models.called).toEqual(['a']);
    expect(await answering.observed()).toEqual([
      expect.objectContaining({ outcome: 'aborted', cost_usd: 0 }),
    ]);
  });
});
