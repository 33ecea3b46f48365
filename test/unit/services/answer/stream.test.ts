import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { StreamedAnswer } from '../../../../shared/services/answer/answer-prompt.ts';
import { Answering, aJob, never } from '../../../support/fakes/answering.ts';
import { end, text } from '../../../support/fakes/scripted-models.ts';

const USAGE = { tokens_in: 90, tokens_out: 40 };

const read = async ({ parts }: StreamedAnswer) => {
  const texts: string[] = [];
  for await (const part of parts) {
    if ('reply' in part) return { texts, reply: part.reply };
    if ('text' in part) texts.push(part.text);
  }
  return { texts, reply: undefined };
};

describe('a streamed answer', () => {
  it('gives the pieces as they come, then the reply that holds them all', async () => {
    const { service } = new Answering({ a: [[text('Qubits '), text(''), text('are odd.'), end(USAGE)]] });

    const { texts, reply } = await read(await service.stream(aJob(), never()));

    expect(texts).toEqual(['Qubits ', 'are odd.']);
    expect(reply).toMatchObject({ text: 'Qubits are odd.', cost_usd: 0.00017 });
  });

  it('names its model and predicted cost before the first piece', async () => {
    const { service } = new Answering({ a: [[text('x'), end(USAGE)]] });
    const job = aJob();

    const { model, predictedCostUsd } = await service.stream(job, never());

    expect([model, predictedCostUsd]).toEqual(['a', job.choice.ranked[0]?.costUsd]);
  });

  it('asks the provider for a stream', async () => {
    const { service, models } = new Answering({ a: [[text('x'), end(USAGE)]] });
    await service.stream(aJob(), never());

    expect(models.calls[0]?.request.stream).toBe(true);
  });

  it.each([
    ['fails', [text('half'), new AppError('upstream_error', 'The provider failed.')]],
    ['just stops', [text('half')]],
  ])('goes to no other model once a piece was given: the provider %s', async (_name, script) => {
    const answering = new Answering({ a: [script], b: [[text('whole'), end(USAGE)]] });

    await expect(read(await answering.service.stream(aJob(), never()))).rejects.toMatchObject({
      code: 'upstream_error',
    });
    expect(answering.models.called).toEqual(['a']);
  });

  it('settles the usage so far, once and as estimated, when it is cut', async () => {
    const answering = new Answering({ a: [[text('half an answer'), new Error('reset')]] });

    await expect(read(await answering.service.stream(aJob(), never()))).rejects.toThrow();

    expect(await answering.observed()).toEqual([
      expect.objectContaining({
        outcome: 'cut',
        finish_reason: 'cut',
        tokens_in: 100,
        tokens_estimated: true,
      }),
    ]);
    expect(answering.settlements).toHaveLength(1);
    expect(answering.settlements[0]?.cost_nano).toBeGreaterThan(0);
  });

  it("closes the provider's stream and settles the usage so far when the reader leaves", async () => {
    const answering = new Answering({ a: [[text('one '), text('two '), text('three'), end(USAGE)]] });
    const { parts } = await answering.service.stream(aJob(), never());

    await parts.next();
    await parts.return();

    expect(answering.models.closed).toEqual(['a']);
    expect(await answering.observed()).toEqual([
      expect.objectContaining({ outcome: 'aborted', tokens_in: 100, tokens_estimated: true }),
    ]);
  });

  it('settles as aborted when the call is aborted amid the silence', async () => {
    const answering = new Answering({ a: [[text('one '), 'silence']] });
    const abort = new AbortController();
    const reading = read(await answering.service.stream(aJob(), abort.signal));
    setImmediate(() => abort.abort());

    await expect(reading).rejects.toMatchObject({ code: 'conflict' });
    expect(await answering.observed()).toEqual([expect.objectContaining({ outcome: 'aborted' })]);
  });

  it('settles nothing again when it is closed after its reply', async () => {
    const answering = new Answering({ a: [[text('x'), end(USAGE)]] });
    const { parts } = await answering.service.stream(aJob(), never());
    await read({ model: 'a', predictedCostUsd: 0, parts });
    await parts.return();

    expect(answering.settlements).toHaveLength(1);
  });
});
