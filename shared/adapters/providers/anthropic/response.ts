/** Anthropic's message, or its events, as OpenAI's completion. What is not as documented is an `upstream_error`. */
import * as z from 'zod';
import { AppError } from '../../../errors/app-error.ts';
import type { JsonObject } from '../../../model/chat.ts';
import type { FinishReason, ModelEvent } from '../../../model/completion.ts';
import { ChunkWriter, completionOf, endOf, type Usage } from '../completion-writer.ts';
import { garbled, parseJson } from '../garbled.ts';
import type { StreamReader } from '../streamed-events.ts';

const tokens = z.int().min(0);
const usageSchema = z.object({
  input_tokens: tokens.nullish(),
  output_tokens: tokens.nullish(),
  cache_creation_input_tokens: tokens.nullish(),
  cache_read_input_tokens: tokens.nullish(),
});
/** A report that cannot be read is none: the tokens are then estimated, and marked so. */
const reportSchema = usageSchema.nullish().catch(undefined);
type Report = z.output<typeof reportSchema>;

const blockSchema = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  id: z.string().optional(),
  name: z.string().optional(),
  input: z.unknown().optional(),
});

const messageSchema = z.object({
  id: z.string(),
  content: z.array(blockSchema),
  stop_reason: z.string().nullish(),
  stop_sequence: z.string().nullish(),
  usage: reportSchema,
});

const eventSchema = z.object({
  type: z.string(),
  index: z.int().optional(),
  message: z.object({ id: z.string(), usage: reportSchema }).optional(),
  content_block: blockSchema.optional(),
  delta: z
    .looseObject({
      text: z.string().optional(),
      partial_json: z.string().optional(),
      stop_reason: z.string().nullish(),
      stop_sequence: z.string().nullish(),
    })
    .optional(),
  usage: reportSchema,
});

const FINISH_REASONS: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
};

const finishReason = (reason: string | null | undefined): FinishReason =>
  FINISH_REASONS[reason ?? 'end_turn'] ?? 'stop';

/** What was read from a cache, or written to one, was sent too. */
const toUsage = (report: Report): Usage | undefined => {
  if (report?.input_tokens == null || report.output_tokens == null) return undefined;
  const cache_read = report.cache_read_input_tokens ?? undefined;
  const cache_written = report.cache_creation_input_tokens ?? undefined;
  const tokens_in = report.input_tokens + (cache_read ?? 0) + (cache_written ?? 0);
  return { tokens_in, tokens_out: report.output_tokens, cache_read, cache_written };
};

export interface ReadMessage {
  document: JsonObject;
  text: string;
  end: ModelEvent;
}

/** `created` in seconds since the epoch. */
export const readMessage = (body: string, created: number): ReadMessage => {
  const parsed = messageSchema.safeParse(parseJson(body));
  if (!parsed.success) throw garbled(parsed.error);
  const { id, content, stop_reason, usage: report } = parsed.data;
  const stop_sequence = parsed.data.stop_sequence ?? undefined;
  const text = content.map((block) => (block.type === 'text' ? (block.text ?? '') : '')).join('');
  const calls = content
    .filter(({ type }) => type === 'tool_use')
    .map((block) => ({ id: block.id, name: block.name, input: block.input }));
  const usage = toUsage(report);
  const finish_reason = finishReason(stop_reason);
  const document = completionOf({ id, created, text, calls, finish_reason, stop_sequence, usage });
  return { document, text, end: endOf(finish_reason, usage) };
};

/** Reads a stream's events; each that says something becomes a chunk, or a text. */
export class EventReader implements StreamReader {
  readonly #writer: ChunkWriter;
  #report: NonNullable<Report> = {};
  #reason: FinishReason | undefined;
  #stopSequence: string | undefined;
  #done = false;

  constructor(documents: boolean, created: number) {
    this.#writer = new ChunkWriter(documents, created);
  }

  *read(data: string): Generator<ModelEvent> {
    const parsed = eventSchema.safeParse(parseJson(data));
    if (!parsed.success) throw garbled(parsed.error);
    const { type, message, content_block: block, delta, usage } = parsed.data;
    if (type === 'error')
      throw new AppError('upstream_error', 'The model reported an error in the middle of its answer.', {
        fault: 'provider_error',
      });
    if (type === 'message_start') {
      this.#note(message?.usage);
      yield* this.#writer.start(message?.id);
    }
    if (block?.type === 'tool_use') yield* this.#writer.call(block.id, block.name);
    if (delta?.text !== undefined) yield* this.#writer.say(delta.text);
    if (delta?.partial_json !== undefined) yield* this.#writer.argue(delta.partial_json);
    if (type === 'message_delta') {
      this.#note(usage);
      this.#reason = finishReason(delta?.stop_reason);
      this.#stopSequence = delta?.stop_sequence ?? undefined;
    }
    if (type === 'message_stop') {
      this.#done = true;
      yield* this.#writer.close(this.#reason ?? 'stop', toUsage(this.#report), this.#stopSequence);
    }
  }

  get isDone(): boolean {
    return this.#done;
  }

  finish(): ModelEvent | undefined {
    return this.#reason === undefined ? undefined : endOf(this.#reason, toUsage(this.#report));
  }

  /** A later report counts, but may leave out what an earlier one said. */
  #note(report: Report): void {
    for (const [name, value] of Object.entries(report ?? {})) {
      if (value !== null && value !== undefined) this.#report = { ...this.#report, [name]: value };
    }
  }
}
