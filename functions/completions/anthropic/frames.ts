/** The chunks of a completion as Anthropic's events: one block after the other, and `message_stop` when what happened is durable. */
import { toAnthropicError } from '../../../shared/errors/anthropic-error.ts';
import { asAppError } from '../../../shared/errors/app-error.ts';
import { isObject, type JsonObject, objectsOf } from '../../../shared/model/chat.ts';
import { indexOf, SerialCalls } from '../serial-calls.ts';
import type { FrameSource } from '../vendor-route.ts';
import { callBlock, endingOf, messageIdOf, textBlock, usageOf } from './message.ts';
import type { MessagesRequest } from './schema.ts';

type Event = { type: string; [field: string]: unknown };

const frame = (event: Event): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

export async function* messageFrames({
  opening,
  job,
  body,
  hooks,
}: FrameSource): AsyncGenerator<string, void, undefined> {
  const blocks = new Blocks();
  const { stop_sequences } = body as MessagesRequest;
  try {
    const { model, parts } = await opening;
    yield frame({
      type: 'message_start',
      message: emptyMessage(job.requestId, model, job.prepared.tokensIn),
    });
    for await (const part of parts) {
      if ('document' in part) {
        for (const event of blocks.take(part.document)) yield frame(event);
      } else if ('reply' in part) {
        hooks.ended(part.reply);
        for (const event of blocks.end()) yield frame(event);
        const delta = endingOf(part.reply, blocks.stoppedBy, stop_sequences);
        yield frame({ type: 'message_delta', delta, usage: usageOf(part.reply, blocks.reported) });
        yield frame({ type: 'message_stop' });
      }
    }
  } catch (error) {
    const failure = asAppError(error);
    hooks.failed(failure);
    yield frame({ ...toAnthropicError(failure, job.requestId) });
  }
}

const emptyMessage = (requestId: string, model: string, tokensIn: number) => ({
  id: messageIdOf(requestId),
  type: 'message',
  role: 'assistant',
  model,
  content: [],
  stop_reason: null,
  stop_sequence: null,
  stop_details: null,
  container: null,
  diagnostics: null,
  usage: usageOf({ tokens_in: tokensIn, tokens_out: 0 }),
});

/** Which block is open, and the events that a chunk means. */
class Blocks {
  #count = 0;
  /** `text`, or the index of the call. */
  #open: 'text' | number | undefined;
  readonly #calls = new SerialCalls();
  /** The provider's own usage, in a completion's form. */
  reported: unknown;
  /** What the provider says of the sequence that it stopped at. */
  stoppedBy: unknown;

  *take(chunk: JsonObject): Generator<Event> {
    const [choice] = objectsOf(chunk.choices);
    this.reported = chunk.usage ?? this.reported;
    this.stoppedBy = choice?.stop_reason ?? this.stoppedBy;
    if (!isObject(choice?.delta)) return;
    const { content, refusal, tool_calls } = choice.delta;
    for (const text of [content, refusal]) {
      if (typeof text !== 'string' || text === '') continue;
      yield* this.#restOfCalls();
      if (this.#open !== 'text') yield* this.#begin('text', textBlock(''));
      yield this.#delta({ type: 'text_delta', text });
    }
    for (const piece of objectsOf(tool_calls))
      for (const call of this.#calls.take(piece)) yield* this.#call(call);
  }

  *end(): Generator<Event> {
    yield* this.#restOfCalls();
    yield* this.#close();
  }

  *#restOfCalls(): Generator<Event> {
    for (const call of this.#calls.rest()) yield* this.#call(call);
  }

  *#close(): Generator<Event> {
    if (this.#open === undefined) return;
    this.#open = undefined;
    yield { type: 'content_block_stop', index: this.#count - 1 };
  }

  *#call(call: JsonObject): Generator<Event> {
    const { id, function: called } = call;
    const at = indexOf(call);
    const { name, arguments: text } = isObject(called) ? called : {};
    if (this.#open !== at) yield* this.#begin(at, callBlock(id, name, {}));
    if (typeof text === 'string' && text !== '')
      yield this.#delta({ type: 'input_json_delta', partial_json: text });
  }

  *#begin(kind: 'text' | number, content_block: JsonObject): Generator<Event> {
    yield* this.#close();
    this.#open = kind;
    yield { type: 'content_block_start', index: this.#count, content_block };
    this.#count += 1;
  }

  #delta(delta: JsonObject): Event {
    return { type: 'content_block_delta', index: this.#count - 1, delta };
  }
}
