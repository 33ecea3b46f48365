/** What OpenAI's published description requires of the documents that this gateway answers with. */
import {
  ANY_OBJECT,
  BOOLEAN,
  byType,
  COUNT,
  either,
  is,
  listOf,
  NULL,
  NUMBER,
  object,
  oneOf,
  orNull,
  type Schema,
  STRING,
} from './schema.ts';

const FINISH = oneOf('stop', 'length', 'tool_calls', 'content_filter', 'function_call');
const USAGE = object({ prompt_tokens: COUNT, completion_tokens: COUNT, total_tokens: COUNT });
const CALL = object({
  id: STRING,
  type: is('function'),
  function: object({ name: STRING, arguments: STRING }),
});
const LOGPROBS = orNull(object({ content: orNull(listOf(ANY_OBJECT)), refusal: orNull(listOf(ANY_OBJECT)) }));

const MESSAGE = object(
  { role: is('assistant'), content: orNull(STRING), refusal: orNull(STRING) },
  { tool_calls: listOf(CALL, { minItems: 1 }) },
);

export const completion = object(
  {
    id: STRING,
    object: is('chat.completion'),
    created: COUNT,
    model: STRING,
    choices: listOf(object({ index: COUNT, message: MESSAGE, finish_reason: FINISH, logprobs: LOGPROBS }), {
      minItems: 1,
    }),
  },
  { usage: USAGE },
);

const DELTA = object(
  {},
  {
    role: oneOf('developer', 'system', 'user', 'assistant', 'tool'),
    content: orNull(STRING),
    refusal: orNull(STRING),
    tool_calls: listOf(
      object(
        { index: COUNT },
        { id: STRING, type: is('function'), function: object({}, { name: STRING, arguments: STRING }) },
      ),
    ),
  },
);

export const completionChunk = object(
  {
    id: STRING,
    object: is('chat.completion.chunk'),
    created: COUNT,
    model: STRING,
    choices: listOf(
      object({ index: COUNT, delta: DELTA, finish_reason: orNull(FINISH) }, { logprobs: LOGPROBS }),
    ),
  },
  { usage: orNull(USAGE) },
);

export const embeddingList = object({
  object: is('list'),
  model: STRING,
  data: listOf(object({ object: is('embedding'), index: COUNT, embedding: either(listOf(NUMBER), STRING) }), {
    minItems: 1,
  }),
  usage: object({ prompt_tokens: COUNT, total_tokens: COUNT }),
});

export const modelList = object({
  object: is('list'),
  data: listOf(object({ id: STRING, object: is('model'), created: COUNT, owned_by: STRING })),
});

export const openAiError = object({
  error: object({ message: STRING, type: STRING, param: orNull(STRING), code: orNull(STRING) }),
});

const OUTPUT_TEXT = object(
  { type: is('output_text'), text: STRING, annotations: listOf(ANY_OBJECT) },
  { logprobs: listOf(ANY_OBJECT) },
);
const PART = byType({ output_text: OUTPUT_TEXT, refusal: object({ refusal: STRING }) });
const STATUS = oneOf('in_progress', 'completed', 'incomplete');
const ITEM = byType({
  message: object({ id: STRING, role: is('assistant'), status: STATUS, content: listOf(PART) }),
  function_call: object({ call_id: STRING, name: STRING, arguments: STRING }, { id: STRING, status: STATUS }),
});

const RESPONSE_USAGE = object({
  input_tokens: COUNT,
  input_tokens_details: object({ cached_tokens: COUNT, cache_write_tokens: COUNT }),
  output_tokens: COUNT,
  output_tokens_details: object({ reasoning_tokens: COUNT }),
  total_tokens: COUNT,
});

const FUNCTION_TOOL = object({
  type: is('function'),
  name: STRING,
  parameters: orNull(ANY_OBJECT),
  strict: orNull(BOOLEAN),
});

export const response = object(
  {
    id: STRING,
    object: is('response'),
    created_at: NUMBER,
    access_programs: orNull(ANY_OBJECT),
    error: orNull(
      object({ code: oneOf('server_error', 'rate_limit_exceeded', 'invalid_prompt'), message: STRING }),
    ),
    incomplete_details: orNull(object({}, { reason: oneOf('max_output_tokens', 'content_filter') })),
    instructions: orNull(STRING),
    metadata: orNull({ type: 'object', additionalProperties: STRING }),
    model: STRING,
    output: listOf(ITEM),
    parallel_tool_calls: BOOLEAN,
    temperature: orNull(NUMBER),
    tool_choice: either(oneOf('none', 'auto', 'required'), object({ type: is('function'), name: STRING })),
    tools: listOf(FUNCTION_TOOL),
    top_p: orNull(NUMBER),
  },
  {
    status: oneOf('completed', 'failed', 'in_progress', 'cancelled', 'queued', 'incomplete'),
    usage: orNull(RESPONSE_USAGE),
    truncation: oneOf('auto', 'disabled'),
    previous_response_id: orNull(STRING),
    max_output_tokens: orNull(COUNT),
  },
);

const PLACE = { item_id: STRING, output_index: COUNT, sequence_number: COUNT };
const IN_PART = { ...PLACE, content_index: COUNT };
const OF_RESPONSE = object({ response, sequence_number: COUNT });
const OF_ITEM = object({ output_index: COUNT, sequence_number: COUNT, item: ITEM });
const OF_PART = object({ ...IN_PART, part: PART });

export const responseEvent: Schema = byType({
  'response.created': OF_RESPONSE,
  'response.in_progress': OF_RESPONSE,
  'response.completed': OF_RESPONSE,
  'response.incomplete': OF_RESPONSE,
  'response.failed': OF_RESPONSE,
  'response.output_item.added': OF_ITEM,
  'response.output_item.done': OF_ITEM,
  'response.content_part.added': OF_PART,
  'response.content_part.done': OF_PART,
  'response.output_text.delta': object({ ...IN_PART, delta: STRING, logprobs: listOf(ANY_OBJECT) }),
  'response.output_text.done': object({ ...IN_PART, text: STRING, logprobs: listOf(ANY_OBJECT) }),
  'response.refusal.delta': object({ ...IN_PART, delta: STRING }),
  'response.refusal.done': object({ ...IN_PART, refusal: STRING }),
  'response.function_call_arguments.delta': object({ ...PLACE, delta: STRING }),
  'response.function_call_arguments.done': object({ ...PLACE, name: STRING, arguments: STRING }),
  error: object({
    code: orNull(STRING),
    message: STRING,
    param: either(STRING, NULL),
    sequence_number: COUNT,
  }),
});
