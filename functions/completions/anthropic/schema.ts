/** Anthropic's message request, checked as far as it is translated. Fields beside those named here pass on as they are. */
import * as z from 'zod';
import { objectsOf } from '../../../shared/model/chat.ts';
import { textOrEntries } from '../typed-entries.ts';

const MOST_MESSAGES = 10_000;
const MAX_NAME = 256;
const MAX_TOKENS = 1_000_000;

const text = z.string('must be a string');
const name = z.string('must be a string').max(MAX_NAME);
const textBlock = z.looseObject({ type: z.literal('text'), text });
const source = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('base64'), media_type: name, data: text }),
  z.looseObject({ type: z.literal('url'), url: text }),
]);

const content = textOrEntries({
  name: 'content blocks',
  schemas: {
    text: textBlock,
    image: z.looseObject({ source }),
    tool_use: z.looseObject({ id: name, name, input: z.looseObject({}) }),
    tool_result: z.looseObject({
      tool_use_id: name,
      content: textOrEntries({
        name: 'content blocks',
        schemas: { text: textBlock, image: z.looseObject({ source }) },
      }).optional(),
    }),
    thinking: z.looseObject({}),
    redacted_thinking: z.looseObject({}),
  },
});

/** A block on the wrong side would be left out of the chat. */
const OF_THE_OTHER: Readonly<Record<string, ReadonlySet<unknown>>> = {
  user: new Set(['tool_use', 'thinking', 'redacted_thinking']),
  assistant: new Set(['image', 'tool_result']),
};

const message = z
  .looseObject({ role: z.enum(['user', 'assistant'], 'must be user or assistant'), content })
  .superRefine(({ role, content: said }, context) => {
    for (const [index, { type }] of objectsOf(said).entries())
      if (OF_THE_OTHER[role]?.has(type) === true)
        context.addIssue({
          code: 'custom',
          path: ['content', index, 'type'],
          message: `is none that the ${role} may send`,
        });
  });

const tool = z.looseObject({
  type: z.literal('custom', 'only tools of the caller can be translated').nullish(),
  name: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, 'must be 1 to 128 of A-Z a-z 0-9 _ -'),
  description: z.string().nullish(),
  input_schema: z.looseObject({}),
});

export const messagesSchema = z
  .looseObject({
    model: z.string().min(1).max(MAX_NAME),
    max_tokens: z.int().min(1).max(MAX_TOKENS),
    messages: z.array(message).min(1, 'must hold a message').max(MOST_MESSAGES),
    system: z.union([text, z.array(textBlock)], 'must be a string or an array of text blocks').nullish(),
    stream: z.boolean().nullish(),
    stop_sequences: z.array(z.string().max(4_096)).max(16).nullish(),
    temperature: z.number().min(0).max(1).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    metadata: z.looseObject({ user_id: z.string().max(MAX_NAME).nullish() }).nullish(),
    tools: z.array(tool).max(1_024).nullish(),
    mcp_servers: z.array(z.unknown()).max(0, 'are not called from here: give their tools as tools').nullish(),
    container: z.null('is not offered: there are no tools on this side').optional(),
    output_config: z
      .looseObject({
        format: z
          .looseObject({ type: z.literal('json_schema', 'must be json_schema'), schema: z.looseObject({}) })
          .nullish(),
      })
      .nullish(),
    tool_choice: z
      .looseObject({
        type: z.enum(['auto', 'any', 'tool', 'none'], 'must be one of auto, any, tool, none'),
        name: z.string().max(MAX_NAME).optional(),
        disable_parallel_tool_use: z.boolean().nullish(),
      })
      .nullish(),
  })
  .superRefine(({ tools, tool_choice: choice }, context) => {
    const names = (tools ?? []).map(({ name }) => name);
    if (choice?.type === 'tool' && !names.includes(choice.name ?? ''))
      context.addIssue({ code: 'custom', path: ['tool_choice', 'name'], message: 'is none of the tools' });
    if (choice?.type === 'any' && names.length === 0)
      context.addIssue({ code: 'custom', path: ['tool_choice'], message: 'is given without tools' });
  });

export type MessagesRequest = z.output<typeof messagesSchema>;
