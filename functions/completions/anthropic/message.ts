/** A completion as Anthropic's message. */
import { isObject, type JsonObject, objectsOf, textOf } from '../../../shared/model/chat.ts';
import type { AskReply } from '../../../shared/services/answer/answer.ts';

/** Which of the caller's sequences stopped the model, a completion does not tell. */
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

export const usageOf = ({ tokens_in, tokens_out }: Pick<AskReply, 'tokens_in' | 'tokens_out'>) => ({
  input_tokens: tokens_in,
  output_tokens: tokens_out,
  ...UNTOLD,
});

/** How it ended; there is no container in any answer. */
export const endingOf = (reply: AskReply) => ({
  stop_reason: stopReasonOf(reply),
  stop_sequence: null,
  stop_details:
    reply.finish_reason === 'content_filter' ? { type: 'refusal', category: null, explanation: null } : null,
  container: null,
});

export const messageIdOf = (requestId: string): string => `msg_${requestId}`;

export const messageOf = (completion: JsonObject, reply: AskReply) => {
  const [choice] = objectsOf(completion.choices);
  return {
    id: messageIdOf(reply.request_id),
    type: 'message',
    role: 'assistant',
    model: reply.model_used,
    content: isObject(choice?.message) ? blocksOf(choice.message) : [],
    ...endingOf(reply),
    diagnostics: null,
    usage: usageOf(reply),
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
