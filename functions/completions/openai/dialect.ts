/** `POST /v1/chat/completions`: the provider's own reply, under the name of the model that answered. */
import type { Dialect } from '../vendor-route.ts';
import { chatFrames, usageOf } from './frames.ts';
import type { ChatRequest } from './schema.ts';

export const openAi: Dialect = {
  whole: ({ document, reply }) => ({
    ...document,
    model: reply.model_used,
    usage: document.usage ?? usageOf(reply),
  }),
  frames: ({ opening, body, hooks }) => {
    const { stream_options } = body as ChatRequest;
    return chatFrames(opening, { wantsUsage: stream_options?.include_usage === true, hooks });
  },
};
