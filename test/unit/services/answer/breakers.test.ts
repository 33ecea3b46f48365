import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { Answering, aJob, never } from '../../../support/fakes/answering.ts';
import { anAdapter } from '../../../support/fakes/documents.ts';
import { breakOpen } from '../../../support/fakes/health.ts';
import { end, type Step, text } from '../../../support/fakes/scripted-models.ts';

const OK: Step[] = [text('fine'), end({ tokens_in: 1, tokens_out: 1 })];
const away = (): AppError =>
  new AppError('upstream_error', 'The provider failed.', { retryable: true, fault: 'provider_error' });
const refused = (): AppError =>
  new AppError('upstream_error', 'The provider refused the request (400).', {
    retryable: false,
    extensions: { upstream_status: 400 },
  });

const A = anAdapter('a');
const B = anAdapter('b');
/** The first opening's time with the tests' chance. */
const OPEN_MS = 7_500;

const ask = ({ service }: Answering) => service.answer(aJob(), never());

describe('calls and breakers', () => {
  it('a model whose breaker opened is not called any more, and others are told', async () => {
    const answering = new Answering({ a: [[away()]], b: [OK] });

    for (let count = 0; count < 5; count++) await ask(answering);

    // Two tries a request: the fifth one opened it.
    expect(answering.models.called.filter((id) => id === 'a')).toHaveLength(5);
    expect((await answering.healthStore.get('a'))?.open).toMatchObject({ times: 1 });
  });

  it('the observation says that the model was passed over', async () => {
    const answering = new Answering({ a: [OK], b: [OK] });
    await breakOpen(answering.health, A);

    await ask(answering);

    expect(answering.models.called).toEqual(['b']);
    expect(await answering.observed()).toEqual([
      expect.objectContaining({ model: 'b', failed_over: true, outcome: 'success' }),
    ]);
  });

  it('when its time is over one call tries it, once, and closes it', async () => {
    const answering = new Answering({ a: [OK], b: [OK] });
    await breakOpen(answering.health, A);
    await answering.clock.sleep(OPEN_MS);

    expect((await ask(answering)).model_used).toBe('a');

    expect((await answering.healthStore.get('a'))?.open).toBeUndefined();
  });

  it('a try that fails opens it again, without another try, and the next model answers', async () => {
    const answering = new Answering({ a: [[away()]], b: [OK] });
    await breakOpen(answering.health, A);
    await answering.clock.sleep(OPEN_MS);

    expect((await ask(answering)).model_used).toBe('b');

    expect(answering.models.called).toEqual(['a', 'b']);
    expect((await answering.healthStore.get('a'))?.open).toMatchObject({ times: 2 });
  });

  it('a try without a verdict leaves it to the next call', async () => {
    const answering = new Answering({ a: [[refused()], OK], b: [OK] });
    await breakOpen(answering.health, A);
    await answering.clock.sleep(OPEN_MS);

    await ask(answering);
    expect(answering.health.passageOf(A)).toBe('probe');

    expect((await ask(answering)).model_used).toBe('a');
  });

  it('where all are open the best one is tried rather than none, once', async () => {
    const answering = new Answering({ a: [[away()], OK], b: [OK] });
    await breakOpen(answering.health, A);
    await breakOpen(answering.health, B);

    await expect(ask(answering)).rejects.toMatchObject({ code: 'upstream_error' });
    expect(answering.models.called).toEqual(['a']);
    expect((await ask(answering)).model_used).toBe('a');
    expect(answering.health.passageOf(A)).toBe('call');
  });

  it('a request that a provider refuses says nothing of the model', async () => {
    const answering = new Answering({ a: [[refused()]], b: [OK] });

    for (let count = 0; count < 6; count++) await ask(answering);

    expect(answering.health.recordOf(A)).toMatchObject({ calls: 0, failures: 0 });
  });

  it('nor does a caller who goes away', async () => {
    const answering = new Answering({ a: [['silence']] });
    for (let count = 0; count < 6; count++) {
      const abort = new AbortController();
      const answer = answering.service.answer(aJob(), abort.signal);
      abort.abort();
      await expect(answer).rejects.toThrow();
    }

    expect(answering.health.passageOf(A)).toBe('call');
  });
});

describe('what a call tells of a model', () => {
  it('a whole answer tells how long it took', async () => {
    const answering = new Answering({ a: [OK] });

    await ask(answering);

    expect(await answering.healthStore.get('a')).toMatchObject({ calls: 1, failures: 0, latency_ms: 0 });
  });

  it('a stream tells when it began too', async () => {
    const answering = new Answering({ a: [OK] });

    for await (const _ of (await answering.service.stream(aJob(), never())).parts);

    expect(await answering.healthStore.get('a')).toMatchObject({
      calls: 1,
      latency_ms: 0,
      first_p95: { samples: 1 },
      whole_p95: { samples: 1 },
    });
  });

  it('a stream that breaks off is a failure', async () => {
    const answering = new Answering({ a: [[text('half')]] });

    const read = async (): Promise<void> => {
      for await (const _ of (await answering.service.stream(aJob(), never())).parts);
    };

    await expect(read()).rejects.toMatchObject({ code: 'upstream_error' });
    expect(await answering.healthStore.get('a')).toMatchObject({ calls: 1, failures: 1, last_error: 'cut' });
  });

  it('a stream whose reader goes away had begun, which is well', async () => {
    const answering = new Answering({ a: [OK] });

    for await (const _ of (await answering.service.stream(aJob(), never())).parts) break;

    expect(await answering.healthStore.get('a')).toMatchObject({ calls: 1, failures: 0 });
  });
});
