/** What the vendors' routes answer, in each vendor's form. No function loads this module. */
import * as z from 'zod';

const share = z.number().min(0).max(1);
const count = z.int().min(0);
const amount = z.number().min(0);

/** A provider's completion passes as it is; this much of it is certain. */
export const chatReply = z.looseObject({
  model: z.string(),
  choices: z.array(z.looseObject({ index: count.optional(), finish_reason: z.string().nullish() })).min(1),
  usage: z.looseObject({ prompt_tokens: count, completion_tokens: count }),
});

const itemStatus = z.enum(['completed', 'incomplete']);
const outputItem = z.union([
  z.strictObject({
    id: z.string(),
    type: z.literal('message'),
    status: itemStatus,
    role: z.literal('assistant'),
    content: z.array(
      z.union([
        z.strictObject({
          type: z.literal('output_text'),
          text: z.string(),
          annotations: z.array(z.never()).max(0),
          logprobs: z.array(z.never()).max(0),
        }),
        z.strictObject({ type: z.literal('refusal'), refusal: z.string() }),
      ]),
    ),
  }),
  z.strictObject({
    id: z.string(),
    type: z.literal('function_call'),
    status: itemStatus,
    call_id: z.string(),
    name: z.string(),
    arguments: z.string(),
  }),
]);

export const responseReply = z.strictObject({
  id: z.string(),
  object: z.literal('response'),
  created_at: count,
  model: z.string(),
  status: z.enum(['completed', 'incomplete']),
  error: z.null(),
  incomplete_details: z.strictObject({ reason: z.enum(['max_output_tokens', 'content_filter']) }).nullable(),
  output: z.array(outputItem),
  usage: z.strictObject({
    input_tokens: count,
    input_tokens_details: z.strictObject({ cached_tokens: count, cache_write_tokens: count }),
    output_tokens: count,
    output_tokens_details: z.strictObject({ reasoning_tokens: count }),
    total_tokens: count,
  }),
  access_programs: z.null(),
  /** As it was asked, from here on. */
  instructions: z.string().nullable(),
  max_output_tokens: count.nullable(),
  metadata: z.record(z.string(), z.string()),
  parallel_tool_calls: z.boolean(),
  previous_response_id: z.null(),
  reasoning: z.strictObject({ effort: z.string().nullable(), summary: z.null() }),
  store: z.literal(false),
  temperature: amount,
  text: z.looseObject({}),
  tool_choice: z.union([z.string(), z.looseObject({ type: z.literal('function') })]),
  tools: z.array(z.looseObject({ type: z.literal('function'), name: z.string() })),
  top_p: share,
  truncation: z.literal('disabled'),
  user: z.string().optional(),
});

export const embeddingsReply = z.looseObject({
  object: z.literal('list'),
  model: z.string(),
  data: z
    .array(
      z.looseObject({
        object: z.literal('embedding'),
        index: count,
        /** Numbers, or 32-bit little-endian floats in base64. */
        embedding: z.union([z.array(z.number()), z.string()]),
      }),
    )
    .min(1),
  usage: z.looseObject({ prompt_tokens: count, total_tokens: count }),
});

export const openAiErrorReply = z.strictObject({
  error: z.strictObject({
    message: z.string().min(1),
    type: z.string(),
    param: z.string().nullable(),
    code: z.string(),
  }),
});

export const messageReply = z.strictObject({
  id: z.string(),
  type: z.literal('message'),
  role: z.literal('assistant'),
  model: z.string(),
  content: z.array(
    z.union([
      z.strictObject({ type: z.literal('text'), text: z.string(), citations: z.null() }),
      z.strictObject({
        type: z.literal('tool_use'),
        id: z.string(),
        name: z.string(),
        input: z.looseObject({}),
        caller: z.strictObject({ type: z.literal('direct') }),
      }),
    ]),
  ),
  stop_reason: z.enum(['end_turn', 'max_tokens', 'tool_use', 'refusal']),
  stop_sequence: z.null(),
  stop_details: z
    .strictObject({ type: z.literal('refusal'), category: z.null(), explanation: z.null() })
    .nullable(),
  container: z.null(),
  diagnostics: z.null(),
  usage: z.strictObject({
    input_tokens: count,
    output_tokens: count,
    cache_creation: z.null(),
    cache_creation_input_tokens: z.null(),
    cache_read_input_tokens: z.null(),
    inference_geo: z.null(),
    output_tokens_details: z.null(),
    server_tool_use: z.null(),
    service_tier: z.null(),
    speed: z.null(),
  }),
});

export const anthropicErrorReply = z.strictObject({
  type: z.literal('error'),
  error: z.strictObject({ type: z.string(), message: z.string().min(1) }),
  request_id: z.string(),
});
