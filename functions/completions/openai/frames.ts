/**
 * The frames of a streamed chat completion: the provider's chunks under our name of the model, the usage where the caller
 * wants it, and `[DONE]` when what happened is durable. After the first byte a fault can only be an event, and ends the stream.
 */
import { asAppError } from '../../../shared/errors/app-error.ts';
import { toOpenAiError } from '../../../shared/errors/openai-error.ts';
import type { JsonObject } from '../../../shared/model/chat.ts';
import type { AskReply } from '../../../shared/services/answer/answer.ts';
import type { StreamedAnswer } from '../../../shared/services/answer/answer-prompt.ts';
import type { StreamHooks } from '../event-stream.ts';

export interface ChatFrameOptions {
  wantsUsage: boolean;
  hooks: StreamHooks;
}

const frame = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;
const DONE = 'data: [DONE]\n\n';

export async function* chatFrames(
  opening: Promise<StreamedAnswer>,
  { wantsUsage, hooks }: ChatFrameOptions,
): AsyncGenerator<string, void, undefined> {
  let last: JsonObject = {};
  let toldUsage = false;
  try {
    const { model, parts } = await opening;
    for await (const part of parts) {
      if ('document' in part) {
        last = part.document;
        const shown = wantsUsage ? last : withoutUsage(last);
        if (shown === undefined) continue;
        toldUsage ||= hasUsage(shown);
        yield frame({ ...shown, model });
      } else if ('reply' in part) {
        hooks.ended(part.reply);
        if (wantsUsage && !toldUsage)
          yield frame({ ...last, model, choices: [], usage: usageOf(part.reply) });
        yield DONE;
      }
    }
  } catch (error) {
    const failure = asAppError(error);
    hooks.failed(failure);
    yield frame(toOpenAiError(failure));
  }
}

export const usageOf = ({ tokens_in, tokens_out }: AskReply) => ({
  prompt_tokens: tokens_in,
  completion_tokens: tokens_out,
  total_tokens: tokens_in + tokens_out,
});

const hasUsage = ({ usage }: JsonObject): boolean => usage !== undefined && usage !== null;

/** We ask for the usage in any case. Undefined where the chunk held nothing else. */
const withoutUsage = (chunk: JsonObject): JsonObject | undefined => {
  if (!('usage' in chunk)) return chunk;
  const { usage: _, ...rest } = chunk;
  return hasUsage(chunk) && Array.isArray(rest.choices) && rest.choices.length === 0 ? undefined : rest;
};
