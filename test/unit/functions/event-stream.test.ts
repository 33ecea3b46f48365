import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { eventStream } from '../../../functions/completions/event-stream.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { AskReply } from '../../../shared/services/answer/answer.ts';
import { Answering, aJob } from '../../support/fakes/answering.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { end, ScriptedModels, type Step, text } from '../../support/fakes/scripted-models.ts';
import { framesOf } from '../../support/fakes/server-sent-events.ts';

const streamed = async (script: readonly Step[]) => {
  const gateway = new FakeGateway({ client: new ScriptedModels({ a: [script] }) });
  await gateway.withModel('a');
  const key = await gateway.keyOf('acme');
  const reply = await gateway.call('POST /v1/ask', { key, body: { prompt: 'Explain', stream: true } });
  return { gateway, reply, frames: framesOf(reply.text) };
};

describe('POST /v1/ask with stream: true', () => {
  it('sends numbered chunks, then the reply', async () => {
    const { reply, frames } = await streamed([
      text('one '),
      text('two'),
      end({ tokens_in: 1, tokens_out: 2 }),
    ]);

    expect(reply.status).toBe(200);
    expect(reply.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'x-atp-model': 'a',
      'x-atp-selector': 'rust',
      'x-atp-cost-usd': expect.stringMatching(/^0\.\d+$/),
    });
    const request_id = reply.headers['x-request-id'];
    expect(frames).toEqual([
      ['chunk', { request_id, seq: 0, text: 'one ' }],
      ['chunk', { request_id, seq: 1, text: 'two' }],
      ['response', expect.objectContaining({ request_id, text: 'one two', tokens_out: 2 })],
    ]);
  });

  it('notes for the log what it cost', async () => {
    const { gateway } = await streamed([text('one'), end({ tokens_in: 1, tokens_out: 2 })]);

    expect(gateway.log.endings.at(-1)?.scope.facts).toMatchObject({ model: 'a', tokens: 3 });
  });

  it('keeps line breaks and foreign letters in one line of data', async () => {
    const piece = 'a\n\ndata: b\r\u2028\u{1f600}';
    const { frames } = await streamed([text(piece), end()]);

    expect(frames.map(([event]) => event)).toEqual(['chunk', 'response']);
    expect(frames[0]?.[1].text).toBe(piece);
  });

  it('ends with a problem when the answer breaks off', async () => {
    const { gateway, reply, frames } = await streamed([text('half'), new Error('secret words of a driver')]);

    expect(frames.map(([event]) => event)).toEqual(['chunk', 'error']);
    expect(frames[1]?.[1]).toMatchObject({
      code: 'upstream_error',
      status: 502,
      request_id: reply.headers['x-request-id'],
    });
    expect(reply.text).not.toContain('secret');
    expect(gateway.log.endings.at(-1)?.scope.facts.error_code).toBe('upstream_error');
  });

  it('answers as without a stream when it fails before the first piece', async () => {
    const fault = new AppError('upstream_error', 'The provider failed.', { retryable: false });
    const { reply } = await streamed([fault]);

    expect([reply.status, reply.headers['content-type']]).toEqual([502, 'application/problem+json']);
  });
});

describe('when the reader goes away', () => {
  const setUp = async (script: readonly Step[]) => {
    const answering = new Answering({ a: [script] });
    const abort = new AbortController();
    const answer = await answering.service.stream(aJob(), abort.signal);
    const replies: AskReply[] = [];
    const failures: AppError[] = [];
    const stream = eventStream(
      answer,
      'request-1',
      { ended: (reply) => replies.push(reply), failed: (error) => failures.push(error) },
      () => abort.abort(),
    );
    return { answering, abort, stream, replies, failures };
  };

  it.each<[string, Step[]]>([
    ['silent', [text('one '), 'silence']],
    ['talking', [text('one '), text('two '), 'silence']],
  ])('the call of a %s provider is aborted and its usage settled', async (_name, script) => {
    const { answering, abort, stream } = await setUp(script);
    const reader = new PassThrough();
    const piped = pipeline(stream, reader).catch(() => 'gone');
    await once(reader, 'data');
    reader.destroy();

    expect(await piped).toBe('gone');
    await new Promise((resolve) => setImmediate(resolve));
    expect(abort.signal.aborted).toBe(true);
    expect(await answering.observed()).toEqual([
      expect.objectContaining({ outcome: 'aborted', tokens_estimated: true }),
    ]);
  });

  it('before anything was read, just so', async () => {
    const { answering, abort, stream } = await setUp([text('one '), 'silence']);
    stream.destroy();
    await once(stream, 'close');

    expect(abort.signal.aborted).toBe(true);
    expect(await answering.observed()).toEqual([expect.objectContaining({ outcome: 'aborted' })]);
  });

  it('after its end nothing more is settled', async () => {
    const { answering, stream, replies } = await setUp([text('one'), end({ tokens_in: 1, tokens_out: 1 })]);
    await pipeline(stream, new PassThrough().resume());

    expect(replies).toHaveLength(1);
    expect(await answering.observed()).toEqual([expect.objectContaining({ outcome: 'success' })]);
  });

  it('a foreign error is told as internal', async () => {
    const failures: AppError[] = [];
    async function* broken(): AsyncGenerator<{ text: string }, void, undefined> {
      yield { text: 'one' };
      throw new TypeError('secret words');
    }
    const stream = eventStream(
      { model: 'a', predictedCostUsd: 0, parts: broken() },
      'request-1',
      { ended: () => undefined, failed: (error) => failures.push(error) },
      () => undefined,
    );

    const said = (await stream.toArray()).join('');

    expect(framesOf(said).at(-1)).toEqual([
      'error',
      expect.objectContaining({ code: 'internal', status: 500 }),
    ]);
    expect(said).not.toContain('secret');
    expect(failures.map(({ code }) => code)).toEqual(['internal']);
  });
});
