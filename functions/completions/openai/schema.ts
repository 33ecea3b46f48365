/**
 * OpenAI's chat request, checked as far as the router itself relies on it and where a plain mistake is worth a plain answer.
 * What is not named here is the provider's business and passes.
 */
import * as z from 'zod';
import { isObject } from '../../../shared/model/chat.ts';

const ROLES = ['system', 'developer', 'user', 'assistant', 'tool', 'function'] as const;
const MOST_MESSAGES = 10_000;
const MOST_PARTS = 10_000;
const MOST_CALLS = 1_024;
const MAX_NAME = 256;
const MAX_TOKENS = 1_000_000;
const MAX_STOP = 4_096;

const functionShape = z.looseObject({
  name: z.string().regex(/^[A-Za-z0-9_.-]{1,128}$/, 'must be 1 to 128 of A-Z a-z 0-9 _ . -'),
  parameters: z.looseObject({}).nullish(),
});

const tool = z
  .looseObject({ type: z.string().max(MAX_NAME), function: functionShape.optional() })
  .refine((value) => value.type !== 'function' || value.function !== undefined, {
    path: ['function'],
    message: 'is needed by a tool of this type',
  });

const textPart = z.looseObject({ type: z.literal('text'), text: z.string('must be a string') });
const imagePart = z.looseObject({
  type: z.literal('image_url'),
  image_url: z.looseObject({ url: z.string('must be a string') }),
});
const otherPart = z.looseObject({ type: z.string('must be a string').max(MAX_NAME) });

const partSchemaOf = (part: unknown): z.ZodType => {
  const type = isObject(part) ? part.type : undefined;
  if (type === 'text') return textPart;
  return type === 'image_url' ? imagePart : otherPart;
};

/** By hand, because a union would not say which part of it is at fault. */
const content = z
  .unknown()
  .meta({
    description: 'A string, or an array of content parts.',
    anyOf: [
      { type: 'string' },
      {
        type: 'array',
        items: { type: 'object', properties: { type: { type: 'string' } }, required: ['type'] },
      },
      { type: 'null' },
    ],
  })
  .superRefine((value, context) => {
    if (value === undefined || value === null || typeof value === 'string') return;
    if (!Array.isArray(value)) {
      context.addIssue({ code: 'custom', message: 'must be a string or an array of content parts' });
      return;
    }
    if (value.length > MOST_PARTS) {
      context.addIssue({ code: 'custom', message: `must hold at most ${MOST_PARTS} content parts` });
      return;
    }
    for (const [index, part] of value.entries()) {
      for (const { path, message } of partSchemaOf(part).safeParse(part).error?.issues ?? [])
        context.addIssue({ code: 'custom', path: [index, ...path], message });
    }
  });

const call = z.looseObject({
  id: z.string().max(MAX_NAME).nullish(),
  function: z.looseObject({ name: z.string().max(MAX_NAME), arguments: z.string() }).optional(),
});

const message = z
  .looseObject({
    role: z.enum(ROLES, `must be one of ${ROLES.join(', ')}`),
    content: content.optional(),
    name: z.string().max(MAX_NAME).nullish(),
    tool_calls: z.array(call).max(MOST_CALLS).nullish(),
    tool_call_id: z.string().max(MAX_NAME).nullish(),
  })
  // An assistant may have called a tool, refused or spoken aloud instead.
  .refine(({ role, content: said }) => role === 'assistant' || (said !== undefined && said !== null), {
    path: ['content'],
    message: 'is needed in a message of this role',
  });

const count = z.int().min(1).max(MAX_TOKENS).nullish();

export const chatSchema = z
  .looseObject({
    model: z.string().min(1).max(MAX_NAME),
    messages: z.array(message).min(1, 'must hold a message').max(MOST_MESSAGES),
    stream: z.boolean().nullish(),
    stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
    max_tokens: count,
    max_completion_tokens: count,
    n: z.int().min(1).max(128).nullish(),
    temperature: z.number().min(0).max(2).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    stop: z.union([z.string().max(MAX_STOP), z.array(z.string().max(MAX_STOP)).max(16)]).nullish(),
    tools: z.array(tool).max(1_024).nullish(),
    tool_choice: z
      .union([
        z.enum(['none', 'auto', 'required']),
        z.looseObject({
          type: z.string().max(MAX_NAME),
          function: z.looseObject({ name: z.string().max(MAX_NAME) }).optional(),
        }),
      ])
      .nullish(),
    response_format: z
      .looseObject({
        type: z.string().max(MAX_NAME),
        json_schema: z
          .looseObject({ name: z.string().max(MAX_NAME), schema: z.looseObject({}).nullish() })
          .optional(),
      })
      .nullish(),
  })
  .superRefine((body, context) => {
    const issue = (path: string[], message: string): void => {
      context.addIssue({ code: 'custom', path, message });
    };
    const { tools, tool_choice: choice, response_format: format } = body;
    if (choice === 'required' && (tools ?? []).length === 0) issue(['tool_choice'], 'is given without tools');
    if (isObject(choice) && choice.type === 'function') {
      const names = (tools ?? []).map((entry) => entry.function?.name);
      if (!names.includes(choice.function?.name))
        issue(['tool_choice', 'function', 'name'], 'is none of the tools');
    }
    if (format?.type === 'json_schema' && format.json_schema === undefined)
      issue(['response_format', 'json_schema'], 'is needed by this type');
  });

export type ChatRequest = z.output<typeof chatSchema>;
