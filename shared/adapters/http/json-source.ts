/** JSON documents of an issuer: https only unless the stage allows this machine itself; bounded in time and size; no redirects. */
import { Agent } from 'undici';
import type { JsonSource } from '../../ports/token-verifier.ts';
import { collect } from './collect.ts';

const TIMEOUT_MS = 3_000;
const MAX_BYTES = 256 * 1024;
const CONNECTIONS = 2;

export interface HttpJsonSourceOptions {
  /** May this address be fetched? */
  isFit: (url: string) => boolean;
  timeoutMs?: number;
}

export class HttpJsonSource implements JsonSource {
  readonly #isFit: (url: string) => boolean;
  readonly #timeoutMs: number;
  readonly #agent: Agent;

  constructor({ isFit, timeoutMs = TIMEOUT_MS }: HttpJsonSourceOptions) {
    this.#isFit = isFit;
    this.#timeoutMs = timeoutMs;
    this.#agent = new Agent({ connections: CONNECTIONS, connect: { timeout: timeoutMs } });
  }

  async get(url: string): Promise<unknown> {
    if (!this.#isFit(url)) throw new Error('the address is not fit to be fetched');
    const { origin, pathname, search } = new URL(url);
    const call = collect(this.#agent, {
      origin,
      method: 'GET',
      path: pathname + search,
      headers: { accept: 'application/json' },
      body: '',
      maxBytes: MAX_BYTES,
      wanted: (status) => status === 200,
    });
    // From the first try to connect to the last byte.
    const timer = setTimeout(() => call.abort(new Error('the issuer took too long')), this.#timeoutMs);
    try {
      const { status, text } = await call.reply;
      if (status !== 200) throw new Error(`the issuer answered ${status}`);
      return JSON.parse(text);
    } finally {
      clearTimeout(timer);
    }
  }

  close(): Promise<void> {
    return this.#agent.close();
  }
}
