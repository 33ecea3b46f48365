/** OpenAI's completion, or its chunks, for what providers with blocks and events of their own say. */
import type { JsonObject } from '../../model/chat.ts';
import type { FinishReason, ModelEvent } from '../../model/completion.ts';

export interface Usage {
  /** All of them. */
  tokens_in: number;
  tokens_out: number;
  /** How many of `tokens_in` the provider read from a cache, and wrote to one. */
  cache_read?: number | undefined;
  cache_written?: number | undefined;
}

export const endOf = (finish_reason: FinishReason, usage: Usage | undefined): ModelEvent => ({
  type: 'end',
  finish_reason,
  ...(usage === undefined ? {} : { usage: { tokens_in: usage.tokens_in, tokens_out: usage.tokens_out } }),
});

const cacheDetails = ({ cache_read, cache_written }: Usage): JsonObject =>
  cache_read === undefined && cache_written === undefined
    ? {}
    : {
        prompt_tokens_details: {
          ...(cache_read === undefined ? {} : { cached_tokens: cache_read }),
          ...(cache_written === undefined ? {} : { cache_write_tokens: cache_written }),
        },
      };

const usageDocument = (usage: Usage | undefined): JsonObject =>
  usage === undefined
    ? {}
    : {
        usage: {
          prompt_tokens: usage.tokens_in,
          completion_tokens: usage.tokens_out,
          total_tokens: usage.tokens_in + usage.tokens_out,
          ...cacheDetails(usage),
        },
      };

export interface Said {
  id: string;
  /** Seconds since the epoch. */
  created: number;
  text: string;
  calls: readonly { id: unknown; name: unknown; input: unknown }[];
  finish_reason: FinishReason;
  /** The caller's sequence at which it ended. */
  stop_sequence?: string | undefined;
  usage: Usage | undefined;
}

/** OpenAI has no place for it; vLLM's is taken. */
const stoppedBy = (stop_sequence: string | undefined): JsonObject =>
  stop_sequence === undefined ? {} : { stop_reason: stop_sequence };

export const completionOf = ({
  id,
  created,
  text,
  calls,
  finish_reason,
  stop_sequence,
  usage,
}: Said): JsonObject => {
  const message = {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    refusal: null,
    ...(calls.length === 0
      ? {}
      : {
          tool_calls: calls.map((call) => ({
            id: call.id,
            type: 'function',
            function: { name: call.name, arguments: JSON.stringify(call.input ?? {}) },
          })),
        }),
  };
  const choices = [{ index: 0, message, logprobs: null, finish_reason, ...stoppedBy(stop_sequence) }];
  return { id, object: 'chat.completion', created, choices, ...usageDocument(usage) };
};

/** Each thing said becomes a chunk, or a text where no documents are wanted. */
export class ChunkWriter {
  readonly #documents: boolean;
  readonly #created: number;
  #id: string;
  #calls = 0;
  /** The call begun last has no arguments yet. */
  #isBare = false;

  constructor(documents: boolean, created: number, id = '') {
    this.#documents = documents;
    this.#created = created;
    this.#id = id;
  }

  *start(id = this.#id): Generator<ModelEvent> {
    this.#id = id;
    if (this.#documents) yield this.#chunk({ role: 'assistant', content: '' }, null);
  }

  *say(text: string): Generator<ModelEvent> {
    if (this.#documents) yield this.#chunk({ content: text }, null);
    else if (text !== '') yield { type: 'text', text };
  }

  *call(id: unknown, name: unknown): Generator<ModelEvent> {
    yield* this.#endCall();
    this.#calls += 1;
    this.#isBare = true;
    yield* this.#called({ id, type: 'function' }, { name, arguments: '' });
  }

  /** More of the arguments of the call begun last. */
  *argue(text: string): Generator<ModelEvent> {
    this.#isBare &&= text === '';
    yield* this.#called({}, { arguments: text });
  }

  *close(
    finish_reason: FinishReason,
    usage: Usage | undefined,
    stop_sequence?: string,
  ): Generator<ModelEvent> {
    yield* this.#endCall();
    if (!this.#documents) return;
    yield this.#chunk({}, finish_reason, stoppedBy(stop_sequence));
    if (usage !== undefined)
      yield { type: 'document', document: { ...this.#head(), choices: [], ...usageDocument(usage) } };
  }

  /** Arguments are a JSON object in a text, also where there are none. */
  *#endCall(): Generator<ModelEvent> {
    if (this.#isBare) yield* this.argue('{}');
  }

  *#called(head: JsonObject, called: JsonObject): Generator<ModelEvent> {
    if (!this.#documents) return;
    const index = Math.max(0, this.#calls - 1);
    yield this.#chunk({ tool_calls: [{ index, ...head, function: called }] }, null);
  }

  #chunk(delta: JsonObject, finish_reason: FinishReason | null, more: JsonObject = {}): ModelEvent {
    const choices = [{ index: 0, delta, logprobs: null, finish_reason, ...more }];
    return { type: 'document', document: { ...this.#head(), choices } };
  }

  #head(): JsonObject {
    return { id: this.#id, object: 'chat.completion.chunk', created: this.#created };
  }
}
