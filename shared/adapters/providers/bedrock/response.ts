/** What Converse answers, or its events, as OpenAI's completion. What is not as documented is an `upstream_error`. */
import * as z from 'zod';
import { AppError } from '../../../errors/app-error.ts';
import type { JsonObject } from '../../../model/chat.ts';
import type { FinishReason, ModelEvent } from '../../../model/completion.ts';
import { ChunkWriter, completionOf, endOf, type Usage } from '../completion-writer.ts';
import { toError } from '../errors.ts';
import { garbled, parseJson } from '../garbled.ts';
import type { StreamReader } from '../streamed-events.ts';

const tokens = z.int().min(0);
/** A report that cannot be read is none: the tokens are then estimated, and marked so. */
const reportSchema = z
  .object({
    inputTokens: tokens,
    outputTokens: tokens,
    cacheReadInputTokens: tokens.nullish(),
    cacheWriteInputTokens: tokens.nullish(),
  })
  .nullish()
  .catch(undefined);

/** What was read from a cache, or written to one, was sent too. */
const toUsage = (report: z.output<typeof reportSchema>): Usage | undefined => {
  if (report == null) return undefined;
  const cache_read = report.cacheReadInputTokens ?? undefined;
  const cache_written = report.cacheWriteInputTokens ?? undefined;
  const tokens_in = report.inputTokens + (cache_read ?? 0) + (cache_written ?? 0);
  return { tokens_in, tokens_out: report.outputTokens, cache_read, cache_written };
};

const callSchema = z.object({ toolUseId: z.string(), name: z.string() });

const replySchema = z.object({
  output: z.object({
    message: z.object({
      content: z.array(
        z.object({
          text: z.string().optional(),
          toolUse: callSchema.extend({ input: z.unknown().optional() }).optional(),
        }),
      ),
    }),
  }),
  stopReason: z.string(),
  usage: reportSchema,
});

const eventSchema = z.object({
  messageStart: z.unknown().optional(),
  contentBlockStart: z.object({ start: z.object({ toolUse: callSchema.optional() }).nullish() }).optional(),
  contentBlockDelta: z
    .object({
      delta: z.object({
        text: z.string().optional(),
        toolUse: z.object({ input: z.string() }).optional(),
      }),
    })
    .optional(),
  messageStop: z.object({ stopReason: z.string() }).optional(),
  metadata: z.object({ usage: reportSchema }).optional(),
});

const FINISH_REASONS: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  guardrail_intervened: 'content_filter',
  content_filtered: 'content_filter',
};

const UNUSABLE: ReadonlySet<string> = new Set(['malformed_model_output', 'malformed_tool_use']);

const finishReason = (reason: string): FinishReason => {
  if (UNUSABLE.has(reason))
    throw new AppError('upstream_error', 'The model said something that its provider could not read.', {
      retryable: true,
      fault: 'garbled',
    });
  return FINISH_REASONS[reason] ?? 'stop';
};

/** Exceptions in a stream, as the statuses that they have outside of one. */
const STATUS: Readonly<Record<string, number>> = {
  throttlingException: 429,
  validationException: 400,
  internalServerException: 500,
  serviceUnavailableException: 503,
  modelStreamErrorException: 424,
  modelTimeoutException: 408,
  error: 500,
};

export interface ReplyFacts {
  /** Converse gives its answers no id. */
  id: string;
  /** Seconds since the epoch. */
  created: number;
}

export const readReply = (
  body: string,
  { id, created }: ReplyFacts,
): { document: JsonObject; text: string; end: ModelEvent } => {
  const parsed = replySchema.safeParse(parseJson(body));
  if (!parsed.success) throw garbled(parsed.error);
  const { output, stopReason, usage: report } = parsed.data;
  const { content } = output.message;
  const text = content.map((block) => block.text ?? '').join('');
  const calls = content.flatMap(({ toolUse }) =>
    toolUse === undefined ? [] : [{ id: toolUse.toolUseId, name: toolUse.name, input: toolUse.input }],
  );
  const usage = toUsage(report);
  const finish_reason = finishReason(stopReason);
  const document = completionOf({ id, created, text, calls, finish_reason, usage });
  return { document, text, end: endOf(finish_reason, usage) };
};

/** The usage comes last, after the message's end. */
export class ConverseReader implements StreamReader {
  readonly #writer: ChunkWriter;
  #reason: FinishReason | undefined;
  #usage: Usage | undefined;
  #done = false;

  constructor(documents: boolean, { id, created }: ReplyFacts) {
    this.#writer = new ChunkWriter(documents, created, id);
  }

  *read(data: string): Generator<ModelEvent> {
    const event = parseJson(data);
    const parsed = eventSchema.safeParse(event);
    if (!parsed.success) throw garbled(parsed.error);
    const [name = ''] = Object.keys(event as object);
    const status = STATUS[name];
    if (status !== undefined) throw toError(status, undefined);
    const { messageStart, contentBlockStart, contentBlockDelta, messageStop, metadata } = parsed.data;
    if (messageStart !== undefined) yield* this.#writer.start();
    const call = contentBlockStart?.start?.toolUse;
    if (call !== undefined) yield* this.#writer.call(call.toolUseId, call.name);
    const { text, toolUse } = contentBlockDelta?.delta ?? {};
    if (text !== undefined) yield* this.#writer.say(text);
    if (toolUse !== undefined) yield* this.#writer.argue(toolUse.input);
    if (messageStop !== undefined) this.#reason = finishReason(messageStop.stopReason);
    if (metadata !== undefined && this.#reason !== undefined) {
      this.#usage = toUsage(metadata.usage);
      this.#done = true;
      yield* this.#writer.close(this.#reason, this.#usage);
    }
  }

  get isDone(): boolean {
    return this.#done;
  }

  finish(): ModelEvent | undefined {
    return this.#done && this.#reason !== undefined ? endOf(this.#reason, this.#usage) : undefined;
  }
}
