/** From the wire to events. What is not as documented is an `upstream_error`, never a guess. */
import * as z from 'zod';
import { AppError } from '../../../errors/app-error.ts';
import { isObject, type JsonObject } from '../../../model/chat.ts';
import type { FinishReason, ModelEvent } from '../../../model/completion.ts';
import { garbled, parseJson } from '../garbled.ts';
import type { StreamReader } from '../streamed-events.ts';

const usageSchema = z.object({ prompt_tokens: z.int().min(0), completion_tokens: z.int().min(0) });
/** A report that cannot be read is none: the tokens are then estimated, and marked so. */
const reportSchema = usageSchema.nullish().catch(undefined);

const completionSchema = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: reportSchema,
});

const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .default([]),
  usage: reportSchema,
  error: z.unknown().optional(),
});

const FINISH_REASONS: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
  content_filter: 'content_filter',
};

type Usage = { tokens_in: number; tokens_out: number };

const toUsage = (usage: z.output<typeof usageSchema> | null | undefined): Usage | undefined =>
  usage == null ? undefined : { tokens_in: usage.prompt_tokens, tokens_out: usage.completion_tokens };

const finishReason = (reason: string | null | undefined): FinishReason =>
  FINISH_REASONS[reason ?? 'stop'] ?? 'stop';

const end = (reason: FinishReason, usage: Usage | undefined): ModelEvent => ({
  type: 'end',
  finish_reason: reason,
  ...(usage === undefined ? {} : { usage }),
});

export interface ReadCompletion {
  document: JsonObject;
  text: string;
  end: ModelEvent;
}

export const readCompletion = (body: string): ReadCompletion => {
  const document = parseJson(body);
  // Compiling costs an instance's first answer some 2 ms, and spares each later one some 2 µs.
  const parsed = completionSchema.safeParse(document, { jitless: true });
  const choice = parsed.data?.choices[0];
  if (choice === undefined) throw garbled(parsed.error);
  return {
    document: document as JsonObject,
    text: choice.message.content ?? choice.message.refusal ?? '',
    end: end(finishReason(choice.finish_reason), toUsage(parsed.data?.usage)),
  };
};

/** Reads a stream's chunks. */
export class ChunkReader implements StreamReader {
  readonly #documents: boolean;
  #reason: FinishReason | undefined;
  #usage: Usage | undefined;
  #done = false;

  constructor(documents: boolean) {
    this.#documents = documents;
  }

  read(data: string): readonly ModelEvent[] {
    if (data === '[DONE]') {
      this.#done = true;
      return [];
    }
    const document = parseJson(data);
    const text = plainText(document) ?? this.#textOf(document);
    if (this.#documents) return [{ type: 'document', document: document as JsonObject }];
    return text === '' ? [] : [{ type: 'text', text }];
  }

  get isDone(): boolean {
    return this.#done;
  }

  finish(): ModelEvent | undefined {
    if (!this.#done && this.#reason === undefined) return undefined;
    return end(this.#reason ?? 'stop', this.#usage);
  }

  #textOf(document: unknown): string {
    const parsed = chunkSchema.safeParse(document);
    if (!parsed.success) throw garbled(parsed.error);
    if (parsed.data.error !== undefined && parsed.data.error !== null) {
      throw new AppError('upstream_error', 'The model reported an error in the middle of its answer.', {
        fault: 'provider_error',
      });
    }
    this.#usage = toUsage(parsed.data.usage) ?? this.#usage;
    const choice = parsed.data.choices[0];
    if (choice?.finish_reason != null) this.#reason = finishReason(choice.finish_reason);
    return choice?.delta?.content ?? choice?.delta?.refusal ?? '';
  }
}

/** Of a chunk that says a piece of text and nothing else, as nearly all do. Any other is left to the schema, which takes longer. */
const plainText = (chunk: unknown): string | undefined => {
  if (!isObject(chunk) || chunk.usage != null || chunk.error != null) return undefined;
  const [choice, ...others] = Array.isArray(chunk.choices) ? chunk.choices : [];
  if (others.length > 0 || !isObject(choice) || choice.finish_reason != null) return undefined;
  if (!isObject(choice.delta) || choice.delta.refusal != null) return undefined;
  return typeof choice.delta.content === 'string' ? choice.delta.content : undefined;
};
