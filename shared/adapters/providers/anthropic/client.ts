/** Anthropic's messages, asked for and told in OpenAI's form. */
import { asChunk } from '../../../model/chat.ts';
import { HttpModelClient, type HttpModelDeps } from '../http-model-client.ts';
import { toRequest } from './request.ts';
import { EventReader, readMessage } from './response.ts';

export class AnthropicClient extends HttpModelClient {
  constructor(deps: HttpModelDeps) {
    const seconds = (): number => Math.floor(deps.clock.now() / 1_000);
    super(deps, {
      toRequest,
      *whole(body, { documents, stream }) {
        const { document, text, end } = readMessage(body, seconds());
        if (documents) yield { type: 'document', document: stream ? asChunk(document) : document };
        else yield { type: 'text', text };
        yield end;
      },
      reader: ({ documents }) => new EventReader(documents, seconds()),
    });
  }
}
