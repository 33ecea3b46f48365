/** Calls a provider over HTTP: key, status, one reply or a stream of events. What is sent and what comes back mean is the protocol's. */
import { AppError } from '../../errors/app-error.ts';
import type { Adapter } from '../../model/adapter.ts';
import { type ModelEvent, type ModelRequest, patienceMs } from '../../model/completion.ts';
import type { ModelClient } from '../../ports/model-client.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { SecretStore } from '../../ports/secret-store.ts';
import { retryAfterMs, toError } from './errors.ts';
import { EventSequence, type EventSource, wholeEvents } from './event-sequence.ts';
import { type Framing, serverSentEvents } from './framing.ts';
import {
  type ProviderHttpClient,
  type ProviderRequest,
  type ProviderResponse,
  readText,
} from './http-client.ts';
import { StreamedEvents, type StreamReader } from './streamed-events.ts';

export interface HttpModelDeps {
  http: ProviderHttpClient;
  secrets: Pick<SecretStore, 'get'>;
  clock: Clock;
  /** Milliseconds that a provider may say nothing, if not as long as is usual. */
  silenceMs?: number;
}

/** A provider's language, without any I/O. What is not as documented is thrown as an `upstream_error`, never guessed. */
export interface Protocol {
  toRequest(adapter: Adapter, request: ModelRequest, key: string | undefined): ProviderRequest;
  /** What goes with a request besides a key. */
  sign?(request: ProviderRequest, adapter: Adapter): Promise<ProviderRequest>;
  /** How its streams are cut into events, where they are no server-sent ones. */
  framing?: Framing;
  /** A whole reply, also where a stream was asked for. */
  whole(body: string, request: ModelRequest): Iterable<ModelEvent>;
  /** None where there is no answer in parts. */
  reader?(request: ModelRequest): StreamReader;
}

export class HttpModelClient implements ModelClient {
  readonly #deps: HttpModelDeps;
  readonly #protocol: Protocol;

  constructor(deps: HttpModelDeps, protocol: Protocol) {
    this.#deps = deps;
    this.#protocol = protocol;
  }

  call(adapter: Adapter, request: ModelRequest, signal: AbortSignal): AsyncIterableIterator<ModelEvent> {
    return new EventSequence(() => this.#open(adapter, request, signal));
  }

  async #open(adapter: Adapter, request: ModelRequest, signal: AbortSignal): Promise<EventSource> {
    const key = await this.#key(adapter);
    const silenceMs = this.#deps.silenceMs ?? patienceMs(adapter, request.stream);
    const { sign, framing = serverSentEvents } = this.#protocol;
    const unsigned = this.#protocol.toRequest(adapter, request, key);
    const signed = sign === undefined ? unsigned : await sign(unsigned, adapter);
    const { traceparent } = request;
    const headers = traceparent === undefined ? signed.headers : { ...signed.headers, traceparent };
    const sent = { ...signed, headers, silenceMs };
    const reader = request.stream ? this.#protocol.reader?.(request) : undefined;
    if (reader === undefined) {
      const reply = await this.#deps.http.ask(sent, signal);
      this.#assertAnswered(reply);
      return wholeEvents(this.#protocol.whole(reply.text, request));
    }
    const response = await this.#deps.http.post(sent, signal);
    const { status, body } = response;
    // Not awaited: a provider that fails may also be slow to say why, and its words are not used.
    if (status !== 200) body.drop();
    this.#assertAnswered(response);
    if (isStream(response, framing)) return new StreamedEvents(body, framing, reader);
    return wholeEvents(this.#protocol.whole(await readText(body), request));
  }

  #assertAnswered({ status, headers }: Pick<ProviderResponse, 'status' | 'headers'>): void {
    if (status !== 200) throw toError(status, retryAfterMs(headers['retry-after'], this.#deps.clock.now()));
  }

  /** The tenant's own, else the shared one. */
  async #key({ account, secret_name }: Adapter): Promise<string | undefined> {
    const { secrets } = this.#deps;
    const own = typeof account === 'object' ? await secrets.get(account.secret_name) : undefined;
    if (own !== undefined || (account === undefined && secret_name === undefined)) return own;
    const key = secret_name === undefined ? undefined : await secrets.get(secret_name);
    if (key === undefined) {
      throw new AppError('upstream_error', "The model's key is missing from the secret store.", {
        retryable: false,
        fault: 'key_missing',
      });
    }
    return key;
  }
}

const isStream = ({ headers }: ProviderResponse, { mediaType }: Framing): boolean =>
  String(headers['content-type'] ?? '').startsWith(mediaType);
