/** OpenAI's chat completions, as OpenAI and many others serve them. */
import { asChunk } from '../../../model/chat.ts';
import { HttpModelClient, type HttpModelDeps, type Protocol } from '../http-model-client.ts';
import { toRequest } from './request.ts';
import { ChunkReader, readCompletion } from './response.ts';

const PROTOCOL: Protocol = {
  toRequest,
  *whole(body, { documents, stream }) {
    const { document, text, end } = readCompletion(body);
    if (documents) yield { type: 'document', document: stream ? asChunk(document) : document };
    else yield { type: 'text', text };
    yield end;
  },
  reader: ({ documents }) => new ChunkReader(documents),
};

export class OpenAiCompatibleClient extends HttpModelClient {
  constructor(deps: HttpModelDeps) {
    super(deps, PROTOCOL);
  }
}
