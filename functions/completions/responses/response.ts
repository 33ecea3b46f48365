/** OpenAI's response document: what was asked, what was said, and how it ended. */
import { isObject, type JsonObject } from '../../../shared/model/chat.ts';
import type { AskReply } from '../../../shared/services/answer/answer.ts';
import type { ResponsesRequest } from './schema.ts';

export interface ResponseFacts {
  requestId: string;
  /** Seconds since the epoch. */
  createdAt: number;
  model: string;
  body: ResponsesRequest;
}

/** How far it is: said so far, and what came of it. */
export interface ResponseState {
  status: 'in_progress' | 'completed' | 'incomplete' | 'failed';
  output: JsonObject[];
  usage?: JsonObject;
  error?: JsonObject;
  incomplete_details?: JsonObject;
}

export const responseOf = ({ requestId, createdAt, model, body }: ResponseFacts, state: ResponseState) => ({
  id: `resp_${requestId}`,
  object: 'response',
  created_at: createdAt,
  model,
  error: null,
  incomplete_details: null,
  usage: null,
  access_programs: null,
  ...state,
  instructions: body.instructions ?? null,
  max_output_tokens: body.max_output_tokens ?? null,
  metadata: body.metadata ?? {},
  parallel_tool_calls: body.parallel_tool_calls ?? true,
  previous_response_id: null,
  reasoning: { effort: body.reasoning?.effort ?? null, summary: null },
  store: false,
  temperature: body.temperature ?? 1,
  text: body.text ?? { format: { type: 'text' } },
  tool_choice: body.tool_choice ?? 'auto',
  tools: (body.tools ?? []).map((tool) => ({ parameters: null, strict: false, ...tool })),
  top_p: body.top_p ?? 1,
  truncation: 'disabled',
  ...(body.user == null ? {} : { user: body.user }),
});

const CUT: Readonly<Record<string, string>> = {
  length: 'max_output_tokens',
  content_filter: 'content_filter',
};

/** How a response ended, for one that did not fail. */
export const endOf = ({ finish_reason }: AskReply) => {
  const reason = CUT[finish_reason];
  return reason === undefined
    ? { status: 'completed' as const }
    : { status: 'incomplete' as const, incomplete_details: { reason } };
};

/** `reported` is the provider's own, in a completion's form. */
export const usageOf = ({ tokens_in, tokens_out }: AskReply, reported: unknown): JsonObject => {
  const { prompt_tokens_details: read, completion_tokens_details: said } = isObject(reported) ? reported : {};
  return {
    input_tokens: tokens_in,
    input_tokens_details: {
      cached_tokens: countIn(read, 'cached_tokens'),
      cache_write_tokens: countIn(read, 'cache_write_tokens'),
    },
    output_tokens: tokens_out,
    output_tokens_details: { reasoning_tokens: countIn(said, 'reasoning_tokens') },
    total_tokens: tokens_in + tokens_out,
  };
};

const countIn = (details: unknown, name: string): number => {
  const count = isObject(details) ? details[name] : undefined;
  return typeof count === 'number' ? count : 0;
};
