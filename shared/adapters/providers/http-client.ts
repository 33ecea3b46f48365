/**
 * The one way out to providers: keep-alive connections made once, bounded in number, time and size; no redirects. Unless the
 * stage allows private addresses, every address a name resolves to is checked when the connection is made.
 */
import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns';
import { isIP } from 'node:net';
import { Agent, errors } from 'undici';
import { AppError } from '../../errors/app-error.ts';
import { type Collected, collect, TooLargeError } from '../http/collect.ts';
import { Incoming, type IncomingHead } from './incoming.ts';

export interface ProviderRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** Milliseconds without a byte after which the call fails as `upstream_timeout`; five minutes where it is left out. */
  silenceMs?: number;
}

export interface ProviderResponse extends IncomingHead {
  body: Incoming;
}

export interface HttpClientOptions {
  /** Does this address lie in a private network? */
  isPrivateAddress: (address: string) => boolean;
  allowPrivate: boolean;
}

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

const CONNECTIONS = 256;
const CONNECT_TIMEOUT_MS = 5_000;
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;

const tooMuch = (): AppError => new AppError('upstream_error', 'The model answered more than is permitted.');

const privateAddress = (): AppError =>
  new AppError('upstream_error', "The model's base URL leads to an address that is not public.", {
    retryable: false,
    fault: 'connection',
  });

const publicLookup =
  (isPrivateAddress: (address: string) => boolean) =>
  (hostname: string, options: LookupOptions, callback: LookupCallback): void => {
    systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      const permitted = addresses.filter(({ address }) => !isPrivateAddress(address));
      const first = permitted[0];
      if (first === undefined) return callback(privateAddress(), []);
      return options.all === true ? callback(null, permitted) : callback(null, first.address, first.family);
    });
  };

export class ProviderHttpClient {
  readonly #agent: Agent;
  /** An address that is spelt out is connected to without a lookup, hence looked at here. */
  readonly #isRefused: (host: string) => boolean;

  constructor({ isPrivateAddress, allowPrivate }: HttpClientOptions) {
    this.#isRefused = (host) => !allowPrivate && isIP(host) !== 0 && isPrivateAddress(host);
    this.#agent = new Agent({
      connections: CONNECTIONS,
      connect: {
        timeout: CONNECT_TIMEOUT_MS,
        ...(allowPrivate ? {} : { lookup: publicLookup(isPrivateAddress) as never }),
      },
    });
  }

  /**
   * A reply that is read as it comes. An abort rejects with the signal's reason; anything else that goes wrong on the way is
   * a retryable `upstream_error`.
   */
  async post(request: ProviderRequest, signal: AbortSignal): Promise<ProviderResponse> {
    const target = this.#target(request);
    signal.throwIfAborted();
    const body = new Incoming({
      signal,
      maxBytes: MAX_RESPONSE_BYTES,
      tooMuch,
      asFault: (error) => asFault(error, signal),
    });
    this.#agent.dispatch({ ...target, method: 'POST', body: request.body }, body);
    const { status, headers } = await body.head;
    return { status, headers, body };
  }

  /** The whole reply at once; its text is left out where the status is not 200. Faults as in `post`. */
  async ask(request: ProviderRequest, signal: AbortSignal): Promise<Collected> {
    const target = this.#target(request);
    signal.throwIfAborted();
    const call = collect(this.#agent, {
      ...target,
      body: request.body,
      maxBytes: MAX_RESPONSE_BYTES,
      // A provider that fails may also be slow to say why, and its words are not used.
      wanted: (status) => status === 200,
    });
    const abort = (): void => call.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await call.reply;
    } catch (error) {
      throw error instanceof TooLargeError ? tooMuch() : asFault(error, signal);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  #target({ url, headers, silenceMs }: ProviderRequest) {
    const { origin, hostname, pathname, search } = new URL(url);
    if (this.#isRefused(hostname.replace(/^\[|\]$/g, ''))) throw privateAddress();
    const accepted = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    return {
      origin,
      path: pathname + search,
      headers: { ...accepted, ...headers },
      ...(silenceMs === undefined ? {} : { headersTimeout: silenceMs, bodyTimeout: silenceMs }),
    };
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }
}

export const asFault = (error: unknown, signal: AbortSignal): unknown => {
  if (signal.aborted) return signal.reason;
  if (error instanceof AppError) return error;
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError)
    return new AppError('upstream_timeout', 'The model did not answer in time.', {
      fault: 'timeout',
      cause: error,
    });
  return new AppError('upstream_error', 'The connection to the model failed.', {
    retryable: true,
    fault: 'connection',
    cause: error,
  });
};

export const readText = async (body: Incoming): Promise<string> => {
  const pieces: Uint8Array[] = [];
  for (let some = await body.take(); some.length > 0; some = await body.take()) pieces.push(...some);
  return new TextDecoder().decode(Buffer.concat(pieces));
};
