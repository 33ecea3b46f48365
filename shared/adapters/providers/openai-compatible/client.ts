/** OpenAI's chat completions, as OpenAI and many others serve them. */
import { createParser } from 'eventsource-parser';
import { AppError } from '../../../errors/app-error.ts';
import type { Adapter } from '../../../model/adapter.ts';
import { asChunk } from '../../../model/chat.ts';
import type { ModelEvent, ModelRequest } from '../../../model/completion.ts';
import type { ModelClient } from '../../../ports/model-client.ts';
import type { Clock } from '../../../ports/runtime.ts';
import type { SecretStore } from '../../../ports/secret-store.ts';
import { type ProviderHttpClient, type ProviderResponse, readText, textPieces } from '../http-client.ts';
import { retryAfterMs, toError } from './errors.ts';
import { toRequest } from './request.ts';
import { ChunkReader, readCompletion } from './response.ts';

export interface OpenAiCompatibleDeps {
  http: ProviderHttpClient;
  secrets: SecretStore;
  clock: Clock;
}

export class OpenAiCompatibleClient implements ModelClient {
  readonly #deps: OpenAiCompatibleDeps;

  constructor(deps: OpenAiCompatibleDeps) {
    this.#deps = deps;
  }

  async *call(adapter: Adapter, request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    const key = await this.#key(adapter);
    const sent = toRequest(adapter, request, key);
    if (!request.stream) {
      const reply = await this.#deps.http.ask(sent, signal);
      this.#assertAnswered(reply);
      yield* completionEvents(reply.text, request);
      return;
    }
    const response = await this.#deps.http.post(sent, signal);
    // Not awaited: a provider that fails may also be slow to say why, and its words are not used.
    if (response.status !== 200) void response.body.dump().catch(() => undefined);
    this.#assertAnswered(response);
    if (isEventStream(response)) yield* streamEvents(response, request, signal);
    else yield* completionEvents(await readText(response.body, signal), request);
  }

  #assertAnswered({ status, headers }: Pick<ProviderResponse, 'status' | 'headers'>): void {
    if (status !== 200) throw toError(status, retryAfterMs(headers['retry-after'], this.#deps.clock.now()));
  }

  async #key(adapter: Adapter): Promise<string | undefined> {
    if (adapter.secret_name === undefined) return undefined;
    const key = await this.#deps.secrets.get(adapter.secret_name);
    if (key === undefined) {
      throw new AppError('upstream_error', "The model's key is missing from the secret store.", {
        retryable: false,
      });
    }
    return key;
  }
}

const isEventStream = ({ headers }: ProviderResponse): boolean =>
  String(headers['content-type'] ?? '').startsWith('text/event-stream');

function* completionEvents(body: string, { documents, stream }: ModelRequest): Generator<ModelEvent> {
  const { document, text, end } = readCompletion(body);
  if (documents) yield { type: 'document', document: stream ? asChunk(document) : document };
  else yield { type: 'text', text };
  yield end;
}

async function* streamEvents(
  response: ProviderResponse,
  { documents }: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  const reader = new ChunkReader();
  let lines: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => void lines.push(data) });
  const pieces = textPieces(response.body, signal);
  try {
    while (!reader.isDone) {
      const piece = await pieces.next();
      if (piece.done === true) break;
      parser.feed(piece.value);
      const ready = lines;
      lines = [];
      for (const data of ready) {
        const read = reader.read(data);
        if (read === undefined) continue;
        if (documents) yield { type: 'document', document: read.document };
        else if (read.text !== '') yield { type: 'text', text: read.text };
      }
    }
  } finally {
    // A body read to its end gives its connection back; one given up in the middle closes it.
    if (reader.isDone) void drain(pieces);
    else await pieces.return(undefined);
  }
  const end = reader.finish();
  if (end === undefined)
    throw new AppError('upstream_error', 'The model stopped in the middle of its answer.');
  yield end;
}

/** What follows the last event: nothing, from most providers. A call's deadline ends the wait for those that never close. */
const drain = async (pieces: AsyncGenerator<string>): Promise<void> => {
  try {
    for (let piece = await pieces.next(); piece.done !== true; piece = await pieces.next());
  } catch {
    // The answer is complete; how its connection ended changes nothing.
  }
};
