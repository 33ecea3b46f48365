import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { FrameStream } from '../../../functions/completions/frame-stream.ts';
import { Silence, withHeartbeats } from '../../../functions/completions/heartbeats.ts';
import { chatFrames } from '../../../functions/completions/openai/frames.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { JsonObject } from '../../../shared/model/chat.ts';
import { Answering, aJob } from '../../support/fakes/answering.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';
import { document, end, ScriptedModels, type Step } from '../../support/fakes/scripted-models.ts';

const chunk = (content: string, more: JsonObject = {}) =>
  document({
    id: 'theirs',
    object: 'chat.completion.chunk',
    model: 'vendor-model',
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
    usage: null,
    ...more,
  });
const USAGE = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 };
const USAGE_CHUNK = document({ id: 'theirs', object: 'chat.completion.chunk', choices: [], usage: USAGE });
const ENDED = end({ tokens_in: 5, tokens_out: 2 });

/** The data of each frame, parsed, but for the last line. */
const dataOf = (text: string): (JsonObject | '[DONE]')[] =>
  text
    .split('\n\n')
    .filter((frame) => frame.startsWith('data: '))
    .map((frame) => frame.slice('data: '.length))
    .map((data) => (data === '[DONE]' ? data : (JSON.parse(data) as JsonObject)));

const streamed = async (script: readonly Step[], body: object = {}) => {
  const client = new ScriptedModels({ a: [script], b: [[chunk('from b'), ENDED]] });
  const gateway = new FakeGateway({ client });
  await gateway.withModel('a', { quality: 0.9 });
  const key = await gateway.keyOf('acme');
  const messages = [{ role: 'user', content: 'Explain' }];
  const reply = await gateway.call('POST /v1/chat/completions', {
    key,
    body: { model: 'auto', messages, stream: true, ...body },
  });
  return { gateway, client, reply, data: dataOf(reply.text) };
};

describe('a streamed chat completion', () => {
  it('is the provider’s chunks under our name of the model, then [DONE]', async () => {
    const { reply, data, client } = await streamed([chunk('one '), chunk('two'), ENDED]);

    expect(reply.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'x-atp-model': 'a',
      'x-atp-selector': 'rust',
      'x-atp-cost-usd': expect.stringMatching(/^0\.\d+$/),
    });
    expect(data).toEqual([
      expect.objectContaining({
        id: 'theirs',
        model: 'a',
        choices: [expect.objectContaining({ delta: { content: 'one ' } })],
      }),
      expect.objectContaining({ model: 'a' }),
      '[DONE]',
    ]);
    expect(data[0]).not.toHaveProperty('usage');
    expect(client.calls[0]?.request).toMatchObject({ stream: true, documents: true });
  });

  it('hides the usage from who did not ask for it', async () => {
    const { data } = await streamed([chunk('one', { usage: USAGE }), USAGE_CHUNK, ENDED]);

    expect(data).toHaveLength(2);
    expect(JSON.stringify(data)).not.toContain('usage');
  });

  it('passes the usage on to who asked', async () => {
    const { data } = await streamed([chunk('one'), USAGE_CHUNK, ENDED], {
      stream_options: { include_usage: true },
    });

    expect(data.map((one) => (one === '[DONE]' ? one : one.usage))).toEqual([null, USAGE, '[DONE]']);
  });

  it('counts the usage itself where the provider says nothing', async () => {
    const { data } = await streamed([chunk('one two three'), end()], {
      stream_options: { include_usage: true },
    });

    expect(data[1]).toMatchObject({
      id: 'theirs',
      choices: [],
      usage: { prompt_tokens: expect.any(Number) },
    });
    expect(data).toHaveLength(3);
  });

  it('says [DONE] only when the observation is durable', async () => {
    const answering = new Answering({ a: [[chunk('one'), ENDED]] });
    const happened: string[] = [];
    const commit = answering.store.commit.bind(answering.store);
    answering.store.commit = async (batch) => {
      await commit(batch);
      happened.push('stored');
    };
    const opening = answering.service.stream(
      aJob({ fields: { documents: true } }),
      new AbortController().signal,
    );
    const hooks = { ended: () => undefined, failed: () => undefined };
    for await (const frame of chatFrames(opening, { wantsUsage: false, hooks })) {
      happened.push(frame.includes('[DONE]') ? 'done' : 'chunk');
    }

    expect(happened).toEqual(['chunk', 'stored', 'done']);
  });

  it('is answered by the next model where the first one fails before its first byte', async () => {
    const fault = new AppError('upstream_error', 'The provider failed.', { retryable: false });
    const client = new ScriptedModels({ a: [[fault]], b: [[chunk('from b'), ENDED]] });
    const gateway = new FakeGateway({ client });
    await gateway.withModel('a', { quality: 0.9 });
    await gateway.withModel('b', { quality: 0.1 });
    const reply = await gateway.call('POST /v1/chat/completions', {
      key: await gateway.keyOf('acme'),
      body: { model: 'auto', messages: [{ role: 'user', content: 'Explain' }], stream: true },
    });

    expect(reply.headers['x-atp-model']).toBe('b');
    expect(dataOf(reply.text)).toHaveLength(2);
  });

  it('is an error of OpenAI’s where nothing was sent yet', async () => {
    const fault = new AppError('upstream_error', 'The provider failed.', { retryable: false });
    const { reply } = await streamed([fault]);

    expect([reply.status, reply.headers['content-type'], reply.json.error]).toEqual([
      502,
      'application/json',
      expect.objectContaining({ type: 'server_error' }),
    ]);
  });

  it.each([
    ['fails', new AppError('upstream_error', 'The provider failed.'), 'upstream_error'],
    ['breaks', new Error('secret words of a driver'), 'upstream_error'],
  ])(
    'ends with an error event, and without [DONE], where the provider %s midway',
    async (_name, fault, code) => {
      const { gateway, reply, data } = await streamed([chunk('half'), fault]);

      expect(data.slice(1)).toEqual([
        { error: expect.objectContaining({ type: 'server_error', code, param: null }) },
      ]);
      expect(reply.text).not.toContain('secret');
      expect(gateway.log.endings.at(-1)?.scope.facts.error_code).toBe(code);
      expect((await gateway.observations.list({ limit: 1 })).items[0]).toMatchObject({ outcome: 'cut' });
    },
  );
});

describe('when the reader of a chat goes away', () => {
  it.each<[string, Step[]]>([
    ['after a piece', [chunk('one '), 'silence']],
    ['after nothing but a role', [document({ choices: [{ delta: { role: 'assistant' } }] }), 'silence']],
  ])('%s, the call is aborted and the usage so far settled', async (_name, script) => {
    const answering = new Answering({ a: [script] });
    const abort = new AbortController();
    const opening = answering.service.stream(aJob({ fields: { documents: true } }), abort.signal);
    const hooks = { ended: () => undefined, failed: () => undefined };
    const frames = withHeartbeats(
      chatFrames(opening, { wantsUsage: false, hooks }),
      new Silence(new ManualClock()),
      false,
    );
    const reader = new PassThrough();
    const piped = pipeline(new FrameStream(frames, () => abort.abort()), reader).catch(() => 'gone');
    await once(reader, 'data');
    reader.destroy();

    expect(await piped).toBe('gone');
    await new Promise((resolve) => setImmediate(resolve));
    expect(answering.models.calls[0]?.signal.aborted).toBe(true);
    expect(await answering.observed()).toEqual([
      expect.objectContaining({ outcome: 'aborted', tokens_in: 100, tokens_estimated: true }),
    ]);
  });
});

describe('heartbeats', () => {
  const beating = (isLate = false) => {
    const clock = new ManualClock();
    const said: { resolve: (text: string) => void }[] = [];
    let returned = false;
    async function* source(): AsyncGenerator<string, void, undefined> {
      try {
        for (;;) yield await new Promise<string>((resolve) => said.push({ resolve }));
      } finally {
        returned = true;
      }
    }
    const frames = withHeartbeats(source(), new Silence(clock), isLate);
    return { clock, frames, say: (text: string) => said.shift()?.resolve(text), hasReturned: () => returned };
  };

  it('come every 15 s while there is silence', async () => {
    const { clock, frames, say } = beating();
    const first = frames.next();
    await clock.advance(14_999);
    await clock.advance(1);
    const second = frames.next();
    await clock.advance(15_000);
    const third = frames.next();
    await clock.advance(1_000);
    say('words');

    expect((await first).value).toBe(': keep-alive\n\n');
    expect((await second).value).toBe(': keep-alive\n\n');
    expect((await third).value).toBe('words');
  });

  it('do not come while there are words', async () => {
    const { clock, frames, say } = beating();
    const values: unknown[] = [];
    for (let turn = 0; turn < 4; turn++) {
      const next = frames.next();
      await clock.advance(10_000);
      say(`words ${turn}`);
      values.push((await next).value);
    }

    expect(values).toEqual(['words 0', 'words 1', 'words 2', 'words 3']);
  });

  it('come at once where the reply begins late', async () => {
    expect((await beating(true).frames.next()).value).toBe(': keep-alive\n\n');
  });

  it('end what they wait for', async () => {
    const { frames, say, hasReturned } = beating(true);
    await frames.next();
    say('too late');
    await frames.return();

    expect(hasReturned()).toBe(true);
  });

  it('begin the reply where the provider says nothing for so long, and the model answers after all', async () => {
    const slow = { latency_ms: 20_000, jitter: 0, chunks: 1 };
    const gateway = new FakeGateway();
    await gateway.withModel('a', { simulated: slow });
    const pending = gateway.call('POST /v1/chat/completions', {
      key: await gateway.keyOf('acme'),
      body: { model: 'a', messages: [{ role: 'user', content: 'Explain' }], stream: true },
    });
    for (let turn = 0; turn < 4; turn++) await gateway.clock.advance(5_000);
    const { status, headers, text } = await pending;

    expect([status, headers['x-atp-model']]).toEqual([200, undefined]);
    expect(text.startsWith(': keep-alive\n\ndata: {')).toBe(true);
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  });
});
