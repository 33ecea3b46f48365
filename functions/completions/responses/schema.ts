/**
 * OpenAI's response request, checked as far as it is translated into a chat. What would need a memory of earlier responses, or
 * tools on the vendor's side, is refused by name. Fields beside those named here pass on as they are.
 */
import * as z from 'zod';
import { isObject, objectsOf } from '../../../shared/model/chat.ts';
import { textOrEntries } from '../typed-entries.ts';

const MAX_NAME = 256;
const MAX_TOKENS = 1_000_000;
const MOST_ITEMS = 10_000;
const ROLES = ['user', 'assistant', 'system', 'developer'] as const;

const text = z.string('must be a string');
const name = z.string('must be a string').max(MAX_NAME);
const textPart = z.looseObject({ text });

const message = z
  .looseObject({
    role: z.enum(ROLES, `must be one of ${ROLES.join(', ')}`),
    content: textOrEntries({
      name: 'content parts',
      schemas: {
        input_text: textPart,
        input_image: z.looseObject({
          image_url: z.string('must be an address or a data URL: no files are kept here'),
          detail: z.string().max(MAX_NAME).nullish(),
        }),
        output_text: textPart,
        refusal: z.looseObject({ refusal: text }),
      },
    }),
  })
  .superRefine(({ role, content }, context) => {
    if (role === 'user') return;
    for (const [index, { type }] of objectsOf(content).entries())
      if (type === 'input_image')
        context.addIssue({
          code: 'custom',
          path: ['content', index, 'type'],
          message: 'must be of the user: others send text alone',
        });
  });

const input = textOrEntries({
  name: 'items',
  defaultType: 'message',
  schemas: {
    message,
    function_call: z.looseObject({ call_id: name, name, arguments: text }),
    function_call_output: z.looseObject({
      call_id: name,
      output: textOrEntries({ name: 'texts', schemas: { input_text: textPart } }),
    }),
    reasoning: z.looseObject({}),
  },
}).superRefine((value, context) => {
  if (value === '') context.addIssue({ code: 'custom', message: 'must not be empty' });
  if (!Array.isArray(value)) return;
  if (value.length === 0) context.addIssue({ code: 'custom', message: 'must hold an item' });
  if (value.length > MOST_ITEMS)
    context.addIssue({ code: 'custom', message: `must hold at most ${MOST_ITEMS} items` });
  const called = new Set<unknown>();
  for (const [index, item] of value.entries()) {
    if (!isObject(item)) continue;
    if (item.type === 'function_call') called.add(item.call_id);
    if (item.type === 'function_call_output' && typeof item.call_id === 'string' && !called.has(item.call_id))
      context.addIssue({ code: 'custom', path: [index, 'call_id'], message: 'is of no call before it' });
  }
});

const tool = z.looseObject({
  type: z.literal('function', 'must be function: there are no tools on this side'),
  name: z.string().regex(/^[A-Za-z0-9_.-]{1,128}$/, 'must be 1 to 128 of A-Z a-z 0-9 _ . -'),
  description: z.string().nullish(),
  parameters: z.looseObject({}).nullish(),
  strict: z.boolean().nullish(),
});

const NOTHING_KEPT = 'is not offered: nothing is kept here, so send all items as input';

export const responsesSchema = z
  .looseObject({
    model: z.string().min(1).max(MAX_NAME),
    input,
    instructions: z.string().nullish(),
    max_output_tokens: z.int().min(1).max(MAX_TOKENS).nullish(),
    temperature: z.number().min(0).max(2).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    parallel_tool_calls: z.boolean().nullish(),
    stream: z.boolean().nullish(),
    user: z.string().max(MAX_NAME).nullish(),
    metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
    reasoning: z.looseObject({ effort: z.string().max(MAX_NAME).nullish() }).nullish(),
    text: z
      .looseObject({
        format: z
          .looseObject({
            type: z.enum(['text', 'json_object', 'json_schema'], 'must be text, json_object or json_schema'),
            name: z.string().max(MAX_NAME).optional(),
            schema: z.looseObject({}).optional(),
          })
          .refine(({ type, schema }) => type !== 'json_schema' || schema !== undefined, {
            path: ['schema'],
            message: 'is needed by this type',
          })
          .nullish(),
      })
      .nullish(),
    tools: z.array(tool).max(1_024).nullish(),
    tool_choice: z
      .union(
        [
          z.enum(['none', 'auto', 'required']),
          z.looseObject({ type: z.literal('function'), name: z.string().max(MAX_NAME) }),
        ],
        'must be none, auto, required or a function',
      )
      .nullish(),
    store: z.literal(false, 'must be false: nothing is kept here').nullish(),
    background: z.literal(false, 'must be false: nothing is kept here').nullish(),
    previous_response_id: z.null(NOTHING_KEPT).optional(),
    conversation: z.null(NOTHING_KEPT).optional(),
    prompt: z.null(NOTHING_KEPT).optional(),
  })
  .superRefine(({ tools, tool_choice: choice }, context) => {
    const names = objectsOf(tools).map(({ name }) => name);
    if (choice === 'required' && names.length === 0)
      context.addIssue({ code: 'custom', path: ['tool_choice'], message: 'is given without tools' });
    if (isObject(choice) && !names.includes(choice.name))
      context.addIssue({ code: 'custom', path: ['tool_choice', 'name'], message: 'is none of the tools' });
  });

export type ResponsesRequest = z.output<typeof responsesSchema>;
