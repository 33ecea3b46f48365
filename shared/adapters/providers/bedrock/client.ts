/** Amazon Bedrock's Converse, asked for and told in OpenAI's form. Calls are signed: there is no key. */
import { asChunk } from '../../../model/chat.ts';
import type { ModelRequest } from '../../../model/completion.ts';
import type { CredentialSource } from '../../aws/credentials.ts';
import { Signer } from '../../aws/sigv4.ts';
import { HttpModelClient, type HttpModelDeps } from '../http-model-client.ts';
import { regionOf, urlOf } from './endpoint.ts';
import { awsEventStream } from './event-stream.ts';
import { toConverse } from './request.ts';
import { ConverseReader, type ReplyFacts, readReply } from './response.ts';

export interface BedrockDeps extends HttpModelDeps {
  /** Where the model's own address names none. */
  region: string;
  credentials: CredentialSource;
}

export class BedrockClient extends HttpModelClient {
  constructor(deps: BedrockDeps) {
    const { clock, credentials, region } = deps;
    // One signer for each region, as it keeps the day's key.
    const signers = new Map<string, Signer>();
    const signerFor = (place: string): Signer => {
      const signer = signers.get(place) ?? new Signer('bedrock', place);
      signers.set(place, signer);
      return signer;
    };
    const factsOf = ({ request_id }: ModelRequest): ReplyFacts => ({
      id: `chatcmpl-${request_id}`,
      created: Math.floor(clock.now() / 1_000),
    });
    super(deps, {
      framing: awsEventStream,
      toRequest: (adapter, request) => ({
        url: urlOf(adapter, region, request.stream),
        headers: { accept: request.stream ? awsEventStream.mediaType : 'application/json' },
        body: JSON.stringify(toConverse(request)),
      }),
      async sign(request, adapter) {
        const { host, pathname } = new URL(request.url);
        const headers = { host, 'content-type': 'application/json' };
        const signed = signerFor(regionOf(adapter, region)).sign(
          { method: 'POST', path: pathname, headers, body: request.body },
          await credentials(),
          clock.now(),
        );
        return { ...request, headers: { ...request.headers, ...signed } };
      },
      *whole(body, request) {
        const { document, text, end } = readReply(body, factsOf(request));
        if (request.documents)
          yield { type: 'document', document: request.stream ? asChunk(document) : document };
        else yield { type: 'text', text };
        yield end;
      },
      reader: (request) => new ConverseReader(request.documents, factsOf(request)),
    });
  }
}
