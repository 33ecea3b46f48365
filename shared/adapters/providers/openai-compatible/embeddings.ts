/** OpenAI's embeddings, as OpenAI and many others serve them. Each message of the chat is one text. */
import * as z from 'zod';
import { type JsonObject, textOf } from '../../../model/chat.ts';
import { garbled, parseJson } from '../garbled.ts';
import { HttpModelClient, type HttpModelDeps, type Protocol } from '../http-model-client.ts';
import { endpointOf } from './request.ts';

const tokens = z.object({ prompt_tokens: z.int().min(0) });

/** The numbers themselves are the caller's business, and too many to be looked at. */
const vector = z.custom<unknown>((value) => typeof value === 'string' || Array.isArray(value));

const replySchema = z.object({
  data: z.array(z.object({ embedding: vector })),
  /** A report that cannot be read is none: the tokens are then estimated, and marked so. */
  usage: tokens.nullish().catch(undefined),
});

const PROTOCOL: Protocol = {
  toRequest(adapter, { chat: { messages, ...rest } }, key) {
    const body = { ...rest, model: adapter.model, input: messages.map(textOf) };
    return { ...endpointOf(adapter, '/embeddings', key), body: JSON.stringify(body) };
  },
  *whole(body, { chat }) {
    const document = parseJson(body);
    const { data: reply, error } = replySchema.safeParse(document);
    if (reply?.data.length !== chat.messages.length) throw garbled(error, 'one vector for each text');
    yield { type: 'document', document: document as JsonObject };
    const usage =
      reply.usage == null ? {} : { usage: { tokens_in: reply.usage.prompt_tokens, tokens_out: 0 } };
    yield { type: 'end', finish_reason: 'stop', ...usage };
  },
};

export class OpenAiEmbeddings extends HttpModelClient {
  constructor(deps: HttpModelDeps) {
    super(deps, PROTOCOL);
  }
}
