/** `POST /v1/responses`: the answer of any model as OpenAI's response. */
import { asChunk } from '../../../shared/model/chat.ts';
import type { Dialect } from '../vendor-route.ts';
import { responseFrames } from './frames.ts';
import { Output } from './output.ts';
import { endOf, responseOf, usageOf } from './response.ts';
import type { ResponsesRequest } from './schema.ts';

export const responses: Dialect = {
  whole({ document, reply }, { body, createdAt }) {
    const { request_id: requestId, model_used: model } = reply;
    const output = new Output(requestId);
    const end = endOf(reply);
    for (const _ of output.take(asChunk(document)));
    for (const _ of output.end(end.status));
    const state = { ...end, output: output.items, usage: usageOf(reply, document.usage) };
    return responseOf({ requestId, createdAt, model, body: body as ResponsesRequest }, state);
  },
  frames: responseFrames,
};
