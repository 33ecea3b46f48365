/** `POST /v1/messages`: the answer of any model as Anthropic's message. */
import type { Dialect } from '../vendor-route.ts';
import { messageFrames } from './frames.ts';
import { messageOf } from './message.ts';
import type { MessagesRequest } from './schema.ts';

export const anthropic: Dialect = {
  whole: ({ document, reply }, { body }) => messageOf(document, reply, body as MessagesRequest),
  frames: messageFrames,
};
