/** What Anthropic's published description requires of the documents that this gateway answers with. */
import { ANY_OBJECT, byType, COUNT, is, listOf, object, oneOf, orNull, STRING } from './schema.ts';

const BLOCK = byType({
  text: object({ text: STRING, citations: orNull(listOf(ANY_OBJECT)) }),
  tool_use: object({ id: STRING, name: STRING, input: ANY_OBJECT, caller: object({ type: is('direct') }) }),
});

const STOP = oneOf(
  'end_turn',
  'max_tokens',
  'stop_sequence',
  'tool_use',
  'pause_turn',
  'refusal',
  'model_context_window_exceeded',
);

const DETAILS = orNull(
  object({
    type: is('refusal'),
    category: orNull(oneOf('cyber', 'bio', 'frontier_llm', 'reasoning_extraction', 'general_harms')),
    explanation: orNull(STRING),
  }),
);

const COUNTED = {
  output_tokens: COUNT,
  cache_creation_input_tokens: orNull(COUNT),
  cache_read_input_tokens: orNull(COUNT),
  output_tokens_details: orNull(ANY_OBJECT),
  server_tool_use: orNull(ANY_OBJECT),
};

const USAGE = object({
  ...COUNTED,
  input_tokens: COUNT,
  cache_creation: orNull(ANY_OBJECT),
  inference_geo: orNull(STRING),
  service_tier: orNull(oneOf('standard', 'priority', 'batch')),
  speed: orNull(oneOf('standard', 'fast')),
});

const ENDING = {
  container: orNull(ANY_OBJECT),
  stop_details: DETAILS,
  stop_reason: orNull(STOP),
  stop_sequence: orNull(STRING),
};

export const message = object({
  id: STRING,
  type: is('message'),
  role: is('assistant'),
  model: STRING,
  content: listOf(BLOCK),
  diagnostics: orNull(ANY_OBJECT),
  usage: USAGE,
  ...ENDING,
});

const ERROR = object({
  type: oneOf(
    'invalid_request_error',
    'authentication_error',
    'billing_error',
    'permission_error',
    'not_found_error',
    'request_too_large',
    'rate_limit_error',
    'timeout_error',
    'api_error',
    'overloaded_error',
  ),
  message: STRING,
});

export const anthropicError = object({ type: is('error'), error: ERROR, request_id: orNull(STRING) });

export const messageEvent = byType({
  message_start: object({ message }),
  content_block_start: object({ index: COUNT, content_block: BLOCK }),
  content_block_delta: object({
    index: COUNT,
    delta: byType({
      text_delta: object({ text: STRING }),
      input_json_delta: object({ partial_json: STRING }),
    }),
  }),
  content_block_stop: object({ index: COUNT }),
  message_delta: object({
    delta: object(ENDING),
    usage: object({ ...COUNTED, input_tokens: orNull(COUNT) }),
  }),
  message_stop: object({}),
  ping: object({}),
  error: object({ error: ERROR }),
});
