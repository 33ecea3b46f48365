/** A completion as Anthropic's message. */
import { isObject, type JsonObject, objectsOf, textOf } from '../../../shared/model/chat.ts';
import type { AskReply } from '../../../shared/services/answer/answer.ts';
import type { MessagesRequest } from './schema.ts';

const STOP_REASONS: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'refusal',
};

const stopReasonOf = (reply: AskReply): string => STOP_REASONS[reply.finish_reason] ?? 'end_turn';

/** Of what else Anthropic counts another vendor's model says nothing. */
const UNTOLD = {
  cache_creation: null,
  cache_creation_input_tokens: null,
  cache_read_input_tokens: null,
  inference_geo: null,
  output_tokens_details: null,
  server_tool_use: null,
  service_tier: null,
  speed: null,
};

/** `reported` is the provider's own, in a completion's form: there what a cache held is part of the input, here it stands beside. */
export const usageOf = (
  { tokens_in, tokens_out }: Pick<AskReply, 'tokens_in' | 'tokens_out'>,
  reported?: unknown,
) => {
  const details = isObject(reported) ? reported.prompt_tokens_details : undefined;
  const read = countIn(details, 'cached_tokens');
  const written = countIn(details, 'cache_write_tokens');
  const isTold = (read ?? 0) + (written ?? 0) <= tokens_in;
  return {
    output_tokens: tokens_out,
    ...UNTOLD,
    ...(isTold
      ? {
          input_tokens: tokens_in - (read ?? 0) - (written ?? 0),
          cache_read_input_tokens: read,
          cache_creation_input_tokens: written,
        }
      : { input_tokens: tokens_in }),
  };
};

const countIn = (details: unknown, name: string): number | null => {
  const count = isObject(details) ? details[name] : undefined;
  return Number.isSafeInteger(count) && Number(count) >= 0 ? Number(count) : null;
};

/**
 * How it ended; there is no container in any answer. Which of the caller's sequences stopped the model is known where the
 * provider says it in `stop_reason`, as Anthropic's and vLLM's do.
 */
export const endingOf = (reply: AskReply, stoppedBy: unknown, sequences: readonly string[] | null = []) => ({
  ...(reply.finish_reason === 'stop' && sequences?.some((sequence) => sequence === stoppedBy) === true
    ? { stop_reason: 'stop_sequence', stop_sequence: stoppedBy }
    : { stop_reason: stopReasonOf(reply), stop_sequence: null }),
  stop_details:
    reply.finish_reason === 'content_filter' ? { type: 'refusal', category: null, explanation: null } : null,
  container: null,
});

export const messageIdOf = (requestId: string): string => `msg_${requestId}`;

export const messageOf = (completion: JsonObject, reply: AskReply, { stop_sequences }: MessagesRequest) => {
  const [choice] = objectsOf(completion.choices);
  return {
    id: messageIdOf(reply.request_id),
    type: 'message',
    role: 'assistant',
    model: reply.model_used,
    content: isObject(choice?.message) ? blocksOf(choice.message) : [],
    ...endingOf(reply, choice?.stop_reason, stop_sequences),
    diagnostics: null,
    usage: usageOf(reply, completion.usage),
  };
};

export const textBlock = (text: string): JsonObject => ({ type: 'text', text, citations: null });

export const callBlock = (id: unknown, name: unknown, input: JsonObject): JsonObject => ({
  type: 'tool_use',
  id,
  name,
  input,
  caller: { type: 'direct' },
});

const blocksOf = (message: JsonObject): JsonObject[] => {
  const said = textOf(message) || String(message.refusal ?? '');
  const calls = objectsOf(message.tool_calls).map(({ id, function: called }) =>
    isObject(called) ? callBlock(id, called.name, parsed(called.arguments)) : callBlock(id, '', {}),
  );
  return [...(said === '' ? [] : [textBlock(said)]), ...calls];
};

/** Models are known to break their own JSON; the caller gets an input all the same. */
const parsed = (text: unknown): JsonObject => {
  try {
    const value: unknown = JSON.parse(String(text));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
};
