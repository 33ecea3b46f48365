/**
 * A signed HTTP client for the few AWS calls that are on a request's path: keep-alive connections made once, a time limit for
 * each try, few tries. It costs less than a third of what the SDK's clients do (`npm run bench:calls`).
 */
import { Pool } from 'undici';
import type { Clock, Random } from '../../ports/runtime.ts';
import { collect } from '../http/collect.ts';
import { AwsError, isOtherTime, isPassing } from './aws-error.ts';
import type { CredentialSource } from './credentials.ts';
import { Signer } from './sigv4.ts';

export interface AwsConnection {
  region: string;
  /** Scheme and host; or `unix:` and the path of a socket: who may open that may call, and nothing is signed. */
  endpoint: string;
  credentials: CredentialSource;
}

export interface AwsClientOptions extends AwsConnection {
  /** As signatures name it, e.g. `dynamodb`. */
  service: string;
  clock: Clock;
  random: Random;
  /** Milliseconds that one try may take. */
  timeoutMs: number;
  /** Tries in all. Only calls that may be repeated are sent here. */
  attempts: number;
}

export interface AwsRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface AwsReply {
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export const SOCKET = 'unix:';
const CONNECTIONS = 64;
const CONNECT_TIMEOUT_MS = 500;
/** DynamoDB itself closes a connection that is idle for longer. */
const KEEP_ALIVE_MS = 50_000;
const BASE_DELAY_MS = 50;
/** A signature is good for five minutes; a second correction would mean that clocks jump. */
const TOLERATED_SKEW_MS = 60_000;
const MAX_CORRECTED = 3;
/** Lambda's and DynamoDB's largest replies stay well below. */
const MAX_REPLY_BYTES = 16 * 1024 * 1024;

export class AwsClient {
  readonly #options: AwsClientOptions;
  readonly #host: string;
  readonly #signer: Signer | undefined;
  readonly #pool: Pool;
  /** Milliseconds that the service's clock is ahead of ours, as far as it told. */
  #aheadMs = 0;

  constructor(options: AwsClientOptions) {
    this.#options = options;
    const { endpoint } = options;
    const socketPath = endpoint.startsWith(SOCKET) ? endpoint.slice(SOCKET.length) : undefined;
    const url = new URL(socketPath === undefined ? endpoint : 'http://localhost');
    this.#host = url.host;
    this.#signer = socketPath === undefined ? new Signer(options.service, options.region) : undefined;
    this.#pool = new Pool(url.origin, {
      connections: CONNECTIONS,
      connect: { timeout: CONNECT_TIMEOUT_MS, ...(socketPath === undefined ? {} : { socketPath }) },
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      // One request a connection is what these calls are bounded by; HTTP/2 would put them all on one.
      allowH2: false,
      // Each try has its own limit, which is shorter.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** Throws AwsError. */
  async send(request: AwsRequest): Promise<AwsReply> {
    const { attempts, clock, random } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once(request);
      } catch (error) {
        if (isOtherTime(error) && this.#setClock(error) && attempt < MAX_CORRECTED) continue;
        if (attempt >= attempts || !isPassing(error)) throw error;
        await clock.sleep(random.next() * BASE_DELAY_MS * 2 ** (attempt - 1));
      }
    }
  }

  /** False where the service's clock is no other than was thought. */
  #setClock({ date }: AwsError): boolean {
    if (date === undefined) return false;
    const ahead = date - this.#options.clock.now();
    const differs = Math.abs(ahead - this.#aheadMs) > TOLERATED_SKEW_MS;
    if (differs) this.#aheadMs = ahead;
    return differs;
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  async #once({ method = 'POST', path, headers, body }: AwsRequest): Promise<AwsReply> {
    const { clock, credentials, timeoutMs } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    try {
      const bytes = Buffer.from(body);
      const unsigned = { ...headers, host: this.#host };
      const signed =
        this.#signer?.sign(
          { method, path, headers: unsigned, body: bytes },
          await credentials(),
          clock.now() + this.#aheadMs,
        ) ?? unsigned;
      const call = collect(this.#pool, {
        method,
        path,
        headers: signed,
        body: bytes,
        maxBytes: MAX_REPLY_BYTES,
      });
      timer = setTimeout(() => call.abort(new AwsError('TimeoutError', 0)), timeoutMs);
      const reply = await call.reply;
      if (reply.status >= 300) throw AwsError.of(reply.status, reply.headers, reply.text);
      return { headers: reply.headers, body: reply.text };
    } catch (cause) {
      throw cause instanceof AwsError ? cause : new AwsError('ConnectionError', 0, {}, { cause });
    } finally {
      clearTimeout(timer);
    }
  }
}
