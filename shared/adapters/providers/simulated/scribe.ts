/** Writes what a simulated model says in OpenAI's form: one completion, or the chunks of one. */
import type { JsonObject } from '../../../model/chat.ts';
import type { FinishReason } from '../../../model/completion.ts';

export interface ScribeOptions {
  id: string;
  model: string;
  /** Seconds since the epoch. */
  created: number;
  choices: number;
  /** The function that is called, where the answer is its arguments. */
  tool?: string | undefined;
}

export interface Usage {
  tokens_in: number;
  tokens_out: number;
}

const usageOf = ({ tokens_in, tokens_out }: Usage): JsonObject => ({
  prompt_tokens: tokens_in,
  completion_tokens: tokens_out,
  total_tokens: tokens_in + tokens_out,
});

export class Scribe {
  readonly #options: ScribeOptions;

  constructor(options: ScribeOptions) {
    this.#options = options;
  }

  completion(text: string, finish_reason: FinishReason, usage: Usage): JsonObject {
    const message =
      this.#options.tool === undefined
        ? { content: text }
        : { content: null, tool_calls: [this.#call(this.#options.tool, text)] };
    return {
      ...this.#head('chat.completion'),
      choices: this.#choices(() => ({
        message: { role: 'assistant', refusal: null, ...message },
        logprobs: null,
        finish_reason,
      })),
      usage: usageOf(usage),
    };
  }

  opening(): JsonObject {
    const { tool } = this.#options;
    const said =
      tool === undefined
        ? { content: '' }
        : { content: null, tool_calls: [{ index: 0, ...this.#call(tool, '') }] };
    return this.#chunk({ role: 'assistant', ...said }, null);
  }

  piece(text: string): JsonObject {
    const said =
      this.#options.tool === undefined
        ? { content: text }
        : { tool_calls: [{ index: 0, function: { arguments: text } }] };
    return this.#chunk(said, null);
  }

  closing(finish_reason: FinishReason): JsonObject {
    return this.#chunk({}, finish_reason);
  }

  usage(usage: Usage): JsonObject {
    return { ...this.#head('chat.completion.chunk'), choices: [], usage: usageOf(usage) };
  }

  #chunk(delta: JsonObject, finish_reason: FinishReason | null): JsonObject {
    return {
      ...this.#head('chat.completion.chunk'),
      choices: this.#choices(() => ({ delta, logprobs: null, finish_reason })),
    };
  }

  #choices(make: () => JsonObject): JsonObject[] {
    return Array.from({ length: this.#options.choices }, (_, index) => ({ index, ...make() }));
  }

  #call(name: string, args: string): JsonObject {
    return { id: `call_${this.#options.id}`, type: 'function', function: { name, arguments: args } };
  }

  #head(object: string): JsonObject {
    const { id, model, created } = this.#options;
    return { id: `chatcmpl-${id}`, object, created, model };
  }
}
