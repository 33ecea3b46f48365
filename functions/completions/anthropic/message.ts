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

export const stopReasonOf = (reply: AskReply): string => STOP_REASONS[reply.finish_reason] ?? 'end_turn';

export const usageOf = ({ tokens_in, tokens_out }: AskReply) => ({
  input_tokens: tokens_in,
  output_tokens: tokens_out,
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
    stop_reason: stopReasonOf(reply),
    stop_sequence: null,
    usage: usageOf(reply),
  };
};

const blocksOf = (message: JsonObject): JsonObject[] => {
  const said = textOf(message) || String(message.refusal ?? '');
  const calls = objectsOf(message.tool_calls).map(({ id, function: called }) => ({
    type: 'tool_use',
    id,
    name: isObject(called) ? called.name : '',
    input: isObject(called) ? parsed(called.arguments) : {},
  }));
  return [...(said === '' ? [] : [{ type: 'text', text: said }]), ...calls];
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
