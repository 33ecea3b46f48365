/** What a request forces a model to say: a call of a tool, or an object of a schema. */
import { AppError } from '../../../errors/app-error.ts';
import { type ChatBody, isObject, type JsonObject, objectsOf } from '../../../model/chat.ts';
import { valueFor } from './schema-value.ts';

export interface Structured {
  /** JSON. */
  text: string;
  tool?: string;
}

/** Undefined where the model may say what it likes. A schema that cannot be satisfied is a refusal. */
export const structuredAnswer = (chat: ChatBody, words: string): Structured | undefined => {
  const tool = forcedTool(chat);
  if (tool !== undefined) return { text: written(tool.parameters, words), tool: String(tool.name) };
  const format = isObject(chat.response_format) ? chat.response_format : {};
  if (format.type === 'json_object') return { text: JSON.stringify({ answer: words }) };
  if (format.type !== 'json_schema') return undefined;
  return { text: written(isObject(format.json_schema) ? format.json_schema.schema : undefined, words) };
};

const ANYTHING = { type: 'object' };

const written = (schema: unknown, words: string): string => {
  try {
    return JSON.stringify(valueFor(schema ?? ANYTHING, words));
  } catch (cause) {
    throw new AppError('upstream_error', 'The simulated model cannot satisfy this JSON schema.', {
      retryable: false,
      cause,
    });
  }
};

const forcedTool = ({ tools, tool_choice: choice }: ChatBody): JsonObject | undefined => {
  const functions = objectsOf(tools)
    .map((tool) => tool.function)
    .filter((tool) => isObject(tool));
  if (choice === 'required') return functions[0];
  if (!isObject(choice) || !isObject(choice.function)) return undefined;
  const { name } = choice.function;
  return functions.find((tool) => tool.name === name);
};
