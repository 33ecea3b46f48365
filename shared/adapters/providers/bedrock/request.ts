/** A chat in OpenAI's form as Bedrock's Converse. Fields that it does not know are left out. */
import { type ChatBody, type ChatMessage, isObject, type JsonObject, textOf } from '../../../model/chat.ts';
import type { ModelRequest } from '../../../model/completion.ts';
import {
  callsOf,
  functionsOf,
  imageOf,
  isResult,
  isSystem,
  namedChoice,
  partsOf,
  textIn,
  turnsOf,
} from '../chat-parts.ts';
import { unsupported } from '../unsupported.ts';

/** Converse's scale of temperatures ends here, OpenAI's at 2. */
const HOTTEST = 1;

export const toConverse = ({ chat, max_tokens }: ModelRequest): JsonObject => {
  const system = chat.messages.filter(isSystem).map(textOf).filter(isSaid);
  return {
    ...(system.length === 0 ? {} : { system: system.map((text) => ({ text })) }),
    messages: turnsOf(chat.messages, blocksOf),
    inferenceConfig: {
      maxTokens: max_tokens,
      ...(typeof chat.temperature === 'number' ? { temperature: Math.min(HOTTEST, chat.temperature) } : {}),
      ...(typeof chat.top_p === 'number' ? { topP: chat.top_p } : {}),
      ...(chat.stop == null ? {} : { stopSequences: [chat.stop].flat() }),
    },
    ...toolsOf(chat),
    ...formatOf(chat),
  };
};

/** Blank texts are refused there. */
const isSaid = (text: unknown): boolean => String(text).trim() !== '';

const blocksOf = (message: ChatMessage, at: number): JsonObject[] => {
  if (isResult(message)) {
    const content = [textOf(message)].filter(isSaid).map((text) => ({ text }));
    return [{ toolResult: { toolUseId: message.tool_call_id ?? message.name, content } }];
  }
  const said = partsOf(message).flatMap((part, index) => blockOf(part, `/messages/${at}/content/${index}`));
  const calls = callsOf(message).map(({ id, name, input }) => ({ toolUse: { toolUseId: id, name, input } }));
  return [...said, ...calls];
};

const FORMATS: ReadonlySet<string> = new Set(['png', 'jpeg', 'gif', 'webp']);

const blockOf = (part: JsonObject, path: string): JsonObject[] => {
  const image = imageOf(part);
  if (image === undefined) {
    const text = textIn(part, path);
    return isSaid(text) ? [{ text }] : [];
  }
  const address = `${path}/image_url/url`;
  if (image.inline === undefined)
    throw unsupported(address, 'must be a data: URL, since Bedrock fetches no images');
  const format = image.inline.mediaType
    .toLowerCase()
    .replace(/^image\//, '')
    .replace(/^jpg$/, 'jpeg');
  if (!FORMATS.has(format)) throw unsupported(address, 'must be a PNG, JPEG, GIF or WebP image on Bedrock');
  return [{ image: { format, source: { bytes: image.inline.data } } }];
};

const toolsOf = (chat: ChatBody): JsonObject => {
  const functions = functionsOf(chat);
  if (functions.length === 0) return {};
  if (chat.tool_choice === 'none') {
    // Converse knows no such choice, and wants the tools told where they were called before.
    if (chat.messages.some((message) => isResult(message) || callsOf(message).length > 0))
      throw unsupported('/tool_choice', 'cannot be none on Bedrock once tools were called');
    return {};
  }
  const tools = functions.map(({ name, description, parameters, strict }) => ({
    toolSpec: {
      name,
      ...(typeof description === 'string' && isSaid(description) ? { description } : {}),
      inputSchema: { json: parameters ?? { type: 'object' } },
      ...(strict === true ? { strict } : {}),
    },
  }));
  return { toolConfig: { tools, toolChoice: choiceOf(chat) } };
};

const choiceOf = (chat: ChatBody): JsonObject => {
  const name = namedChoice(chat);
  if (name !== undefined) return { tool: { name } };
  return chat.tool_choice === 'required' ? { any: {} } : { auto: {} };
};

const formatOf = ({ response_format: format }: ChatBody): JsonObject => {
  if (!isObject(format)) return {};
  if (format.type === 'json_object')
    throw unsupported('/response_format/type', 'must be json_schema on Bedrock, not json_object');
  if (format.type !== 'json_schema' || !isObject(format.json_schema)) return {};
  const { name, description, schema } = format.json_schema;
  const jsonSchema = {
    schema: JSON.stringify(schema ?? {}),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  };
  return { outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema } } } };
};
