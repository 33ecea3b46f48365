import { describe, expect, it } from 'vitest';
import { isObject, type JsonObject, objectsOf } from '../../../shared/model/chat.ts';
import type { ModelRequest } from '../../../shared/model/completion.ts';
import { event, message, messageEvents } from './anthropic-replies.ts';
import { anthropic, CALL, CREATED, TEXT } from './anthropic-subject.ts';
import { sendJson, sendStream } from './fake-upstream.ts';

const { upstream, ask } = anthropic();
const USAGE = {
  prompt_tokens: 7,
  completion_tokens: 3,
  total_tokens: 10,
  prompt_tokens_details: { cached_tokens: 2, cache_write_tokens: 0 },
};

describe('the answer of Anthropic', () => {
  const whole = async (body: string, fields: Partial<ModelRequest> = {}) => {
    upstream.behave(sendJson(body));
    return ask({ documents: true, ...fields });
  };
  const streamed = async (events: readonly string[], documents = true) => {
    upstream.behave(sendStream(...events));
    return ask({ documents, stream: true });
  };

  it('is a completion, with what was read from a cache among what was sent', async () => {
    const { documents, end } = await whole(TEXT);

    expect(documents).toEqual([
      {
        id: 'msg_1',
        object: 'chat.completion',
        created: CREATED,
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content: 'ok', refusal: null },
            logprobs: null,
            finish_reason: 'stop',
          },
        ],
        usage: USAGE,
      },
    ]);
    expect(end).toEqual({ type: 'end', finish_reason: 'stop', usage: { tokens_in: 7, tokens_out: 3 } });
  });

  it('holds its calls', async () => {
    const content = [{ type: 'tool_use', id: 'c1', name: 'f', input: { a: 1 } }];
    const { documents } = await whole(message(content, { stop_reason: 'tool_use' }));

    expect(documents[0]).toMatchObject({
      choices: [{ message: { content: null, tool_calls: [CALL] }, finish_reason: 'tool_calls' }],
    });
  });

  it.each([
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['refusal', 'content_filter'],
    ['something_new', 'stop'],
  ])('ended by %s is ended by %s', async (stop_reason, reason) => {
    expect((await whole(message([], { stop_reason }))).end).toMatchObject({ finish_reason: reason });
  });

  it('has no usage where none can be read', async () => {
    const { documents, end } = await whole(message([], { usage: { input_tokens: -1 } }));

    expect(documents[0]).not.toHaveProperty('usage');
    expect(end).toEqual({ type: 'end', finish_reason: 'stop' });
  });

  it('is chunks where it streams, the usage last', async () => {
    const { documents, end } = await streamed(
      messageEvents(
        { text: 'I ' },
        { id: 'c1', name: 'f' },
        { partial_json: '{"a":' },
        { partial_json: '1}' },
      ),
    );
    const head = { id: 'msg_1', object: 'chat.completion.chunk', created: CREATED };
    const delta = (said: JsonObject, finish_reason: string | null = null) => ({
      ...head,
      choices: [{ index: 0, delta: said, logprobs: null, finish_reason }],
    });

    expect(documents).toEqual([
      delta({ role: 'assistant', content: '' }),
      delta({ content: 'I ' }),
      delta({
        tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'f', arguments: '' } }],
      }),
      delta({ tool_calls: [{ index: 0, function: { arguments: '{"a":' } }] }),
      delta({ tool_calls: [{ index: 0, function: { arguments: '1}' } }] }),
      delta({}, 'stop'),
      { ...head, choices: [], usage: USAGE },
    ]);
    expect(end).toMatchObject({ usage: { tokens_in: 7, tokens_out: 3 } });
  });

  it('tells the sequence that it stopped at', async () => {
    const ending = { stop_reason: 'stop_sequence', stop_sequence: 'END' };
    const told = { choices: [{ finish_reason: 'stop', stop_reason: 'END' }] };
    const events = messageEvents({ text: 'I ' }).map((sent) =>
      sent.replace('"end_turn"', '"stop_sequence","stop_sequence":"END"'),
    );

    expect((await whole(message([], ending))).documents).toMatchObject([told]);
    expect((await streamed(events)).documents.at(-2)).toMatchObject(told);
  });

  it('gives each call arguments that are JSON, also where there are none', async () => {
    const { documents } = await streamed(
      messageEvents({ id: 'c1', name: 'f' }, { partial_json: '' }, { id: 'c2', name: 'g' }),
    );
    const calls = documents.flatMap(({ choices }) =>
      objectsOf(choices).flatMap(({ delta }) => objectsOf(isObject(delta) ? delta.tool_calls : undefined)),
    );
    const argumentsOf = (at: number) =>
      calls
        .filter(({ index }) => index === at)
        .map((call) => (isObject(call.function) ? call.function.arguments : ''))
        .join('');

    expect([argumentsOf(0), argumentsOf(1)]).toEqual(['{}', '{}']);
  });

  it('is text where text is wanted', async () => {
    const { pieces, documents } = await streamed(messageEvents({ text: 'I ' }, { text: 'do.' }), false);

    expect([pieces, documents]).toEqual([['I ', 'do.'], []]);
  });

  it('is one chunk where a stream was wanted and a message came', async () => {
    const { documents } = await whole(TEXT, { stream: true });

    expect(documents).toMatchObject([
      { object: 'chat.completion.chunk', choices: [{ delta: { content: 'ok' } }] },
    ]);
  });

  it('that ends in an error is an error', async () => {
    const [start = ''] = messageEvents();
    const { error } = await streamed([start, event('error', { error: { type: 'overloaded_error' } })]);

    expect(error).toMatchObject({ code: 'upstream_error' });
  });

  it.each([
    ['a message', '{"id":"msg_1"}', false],
    ['an event', 'data: {"index":1}\n\n', true],
  ])('that is no %s is an error', async (_name, body, stream) => {
    upstream.behave(stream ? sendStream(body) : sendJson(body));

    const { error } = await ask({ stream });

    expect(error).toMatchObject({ code: 'upstream_error' });
  });
});
