/** From a message's text to one of the four that there are; every fault names its field. */
import { invalidField } from '../../shared/errors/app-error.ts';
import { parseJson, parseWith } from '../../shared/middleware/parse-body.ts';
import {
  type AskMessage,
  type CancelMessage,
  MESSAGES,
  type MessageType,
  type ResumeMessage,
} from '../../shared/model/socket-message.ts';

export type Message = AskMessage | CancelMessage | ResumeMessage | { type: 'ping' };

const MAX_ID = 128;

const isType = (value: unknown): value is MessageType =>
  typeof value === 'string' && Object.hasOwn(MESSAGES, value);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const usable = (id: unknown): string | undefined =>
  typeof id === 'string' && id !== '' && id.length <= MAX_ID ? id : undefined;

/** Takes a message apart in two steps, so that a reply can carry its id even where the message is not valid. */
export const readMessage = (text: string): { id: string | undefined; parse: () => Message } => {
  const value = parseJson(text);
  if (!isObject(value)) throw invalidField('', 'must be a JSON object');
  const { type } = value;
  return {
    id: usable(value.id) ?? (type === 'resume' ? usable(value.request_id) : undefined),
    parse: () => {
      if (!isType(type)) throw invalidField('/type', `must be one of ${Object.keys(MESSAGES).join(', ')}`);
      return parseWith(MESSAGES[type], value);
    },
  };
};
