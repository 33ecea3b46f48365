import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../shared/model/chat.ts';
import type { ModelRequest } from '../../../shared/model/completion.ts';
import { START_MS } from '../../support/fakes/manual-clock.ts';
import { event, events, exception, frame, reply, type Said, sendEvents } from './bedrock-replies.ts';
import { bedrockSubject } from './bedrock-subject.ts';
import { aRequest, receive } from './calls.ts';
import { sendJson } from './fake-upstream.ts';

const subject = bedrockSubject();
const { client, upstream } = subject;
beforeAll(() => subject.start());
afterAll(() => subject.stop());

const TEXT = reply([{ text: 'ok' }]);
const USAGE = {
  prompt_tokens: 7,
  completion_tokens: 3,
  total_tokens: 10,
  prompt_tokens_details: { cached_tokens: 2 },
};
const CALL = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } };
const created = START_MS / 1_000;

describe('the answer of Bedrock', () => {
  const whole = async (body: string, fields: Partial<ModelRequest> = {}) => {
    upstream.behave(sendJson(body));
    return receive(client, subject.adapter(), aRequest({ documents: true, ...fields }));
  };
  const streamed = async (frames: readonly Buffer[], documents = true, size = 7) => {
    upstream.behave(sendEvents(frames, size));
    return receive(client, subject.adapter(), aRequest({ documents, stream: true }));
  };

  it('is a completion, with what was read from a cache among what was sent', async () => {
    const { documents, end } = await whole(TEXT);
    const message = { role: 'assistant', content: 'ok', refusal: null };

    expect(documents).toEqual([
      {
        id: 'chatcmpl-request-1',
        object: 'chat.completion',
        created,
        choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
        usage: USAGE,
      },
    ]);
    expect(end).toEqual({ type: 'end', finish_reason: 'stop', usage: { tokens_in: 7, tokens_out: 3 } });
  });

  it('holds its calls', async () => {
    const toolUse = { toolUseId: 'c1', name: 'f', input: { a: 1 } };
    const { documents } = await whole(reply([{ toolUse }], { stopReason: 'tool_use' }));

    expect(documents[0]).toMatchObject({
      choices: [{ message: { content: null, tool_calls: [CALL] }, finish_reason: 'tool_calls' }],
    });
  });

  it.each([
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['guardrail_intervened', 'content_filter'],
    ['content_filtered', 'content_filter'],
    ['something_new', 'stop'],
  ])('ended by %s is ended by %s, also in a stream', async (stopReason, reason) => {
    const text = 'Sorry, the model cannot answer this question.';
    const said = await whole(reply([{ text }], { stopReason }));
    const stream = await streamed(events([{ text }], stopReason));

    expect([said.end, stream.end]).toMatchObject([{ finish_reason: reason }, { finish_reason: reason }]);
    expect(said.documents).toMatchObject([
      { choices: [{ message: { content: text }, finish_reason: reason }] },
    ]);
  });

  it.each(['malformed_model_output', 'malformed_tool_use'])('%s is worth another try', async (stopReason) => {
    expect((await whole(reply([], { stopReason }))).error).toMatchObject({
      code: 'upstream_error',
      retryable: true,
    });
  });

  it('has no usage where none can be read', async () => {
    const { documents, end } = await whole(reply([], { usage: { inputTokens: -1 } }));

    expect(documents[0]).not.toHaveProperty('usage');
    expect(end).toEqual({ type: 'end', finish_reason: 'stop' });
  });

  it.each([1, 7, 100_000])(
    'is chunks where it streams in pieces of %i bytes, the usage last',
    async (size) => {
      const said: Said[] = [
        { text: 'Ü ' },
        { toolUseId: 'c1', name: 'f' },
        { input: '{"a":' },
        { input: '1}' },
      ];
      const { documents, end } = await streamed(events(said, 'tool_use'), true, size);
      const head = { id: 'chatcmpl-request-1', object: 'chat.completion.chunk', created };
      const delta = (told: JsonObject, finish_reason: string | null = null) => ({
        ...head,
        choices: [{ index: 0, delta: told, logprobs: null, finish_reason }],
      });

      expect(documents).toEqual([
        delta({ role: 'assistant', content: '' }),
        delta({ content: 'Ü ' }),
        delta({
          tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'f', arguments: '' } }],
        }),
        delta({ tool_calls: [{ index: 0, function: { arguments: '{"a":' } }] }),
        delta({ tool_calls: [{ index: 0, function: { arguments: '1}' } }] }),
        delta({}, 'tool_calls'),
        { ...head, choices: [], usage: USAGE },
      ]);
      expect(upstream.received[0]).toMatchObject({
        path: '/model/eu.vendor.model-v1%3A0/converse-stream',
        headers: { accept: 'application/vnd.amazon.eventstream' },
      });
      expect(end).toMatchObject({ finish_reason: 'tool_calls', usage: { tokens_in: 7, tokens_out: 3 } });
    },
  );

  it('is text where text is wanted', async () => {
    const { pieces, documents } = await streamed(events([{ text: 'I ' }, { text: 'do.' }]), false);

    expect([pieces, documents]).toEqual([['I ', 'do.'], []]);
  });

  it('is one chunk where a stream was wanted and a reply came', async () => {
    expect((await whole(TEXT, { stream: true })).documents).toMatchObject([
      { object: 'chat.completion.chunk', choices: [{ delta: { content: 'ok' } }] },
    ]);
  });

  it.each([
    ['throttlingException', true],
    ['serviceUnavailableException', true],
    ['internalServerException', true],
    ['modelStreamErrorException', true],
    ['validationException', false],
  ])('that is a %s instead is retryable: %s, and nothing of its words is told', async (type, retryable) => {
    const { error, end } = await streamed([exception(type)]);

    expect(end).toBeUndefined();
    expect(error).toMatchObject({ code: 'upstream_error', retryable });
    expect(JSON.stringify(error)).not.toContain('john.doe');
  });

  it.each([
    ['ThrottlingException', 429, { code: 'upstream_error', retryable: true }],
    ['ModelErrorException', 424, { code: 'upstream_error', retryable: true }],
    ['ModelTimeoutException', 408, { code: 'upstream_timeout' }],
    ['ValidationException', 400, { retryable: false, extensions: { upstream_status: 400 } }],
    ['AccessDeniedException', 403, { code: 'upstream_error', retryable: false }],
  ])('%s is told', async (type, status, expected) => {
    upstream.behave(sendJson('{"message":"no"}', status, { 'x-amzn-errortype': type }));

    expect((await receive(client, subject.adapter(), aRequest())).error).toMatchObject(expected);
  });

  const [start = Buffer.alloc(0)] = events([]);
  const damaged = Buffer.from(start);
  damaged[damaged.length - 5] = 0;

  it.each([
    ['a message whose checksum is wrong', [damaged]],
    ['a length beyond all bounds', [Buffer.from('<html>not a stream at all</html>')]],
    ['no JSON', [frame({ ':message-type': 'event', ':event-type': 'messageStart' }, '{')]],
    ['an event of another shape', [event('contentBlockDelta', { delta: { text: 1 } })]],
    ['an unnamed error', [frame({ ':message-type': 'error', ':error-code': 'x' }, '')]],
    ['an end before its end', events([{ text: 'I' }]).slice(0, -2)],
  ])('that is %s is an error', async (_name, frames) => {
    const { error, end } = await streamed(frames);

    expect(end).toBeUndefined();
    expect(error).toMatchObject({ code: 'upstream_error' });
  });

  it('that is no reply is an error', async () => {
    expect((await whole('{"output":{}}')).error).toMatchObject({ code: 'upstream_error' });
  });
});
