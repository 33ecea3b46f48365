/** The few calls that are made, over connections that are kept. Throws where nothing answers. */
import { Pool } from 'undici';

const TIMEOUT_MS = 60_000;

export interface Reply {
  readonly status: number;
  readonly body: unknown;
  /** Path of the next page. */
  readonly next: string | undefined;
}

export class Api {
  readonly #pool: Pool;

  constructor(url: string, connections: number) {
    this.#pool = new Pool(url, { connections, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
  }

  async call(method: 'GET' | 'POST', path: string, key: string, body?: object): Promise<Reply> {
    const {
      statusCode,
      headers,
      body: stream,
    } = await this.#pool.request({
      method,
      path,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await stream.text();
    const next = /^<([^>]+)>; rel="next"$/.exec(String(headers.link ?? ''))?.[1];
    return { status: statusCode, body: parsed(text), next };
  }

  /** Throws where it is refused. */
  async get<Body>(path: string, key: string): Promise<Body> {
    return (await this.#ok('GET', path, key)).body as Body;
  }

  async post(path: string, key: string, body: object): Promise<unknown> {
    return (await this.#ok('POST', path, key, body)).body;
  }

  /** Every item of all pages. */
  async *pages<Item>(path: string, key: string): AsyncGenerator<Item> {
    let at: string | undefined = path;
    while (at !== undefined) {
      const { body, next }: Reply = await this.#ok('GET', at, key);
      yield* body as Item[];
      at = next;
    }
  }

  async #ok(method: 'GET' | 'POST', path: string, key: string, body?: object): Promise<Reply> {
    const reply = await this.call(method, path, key, body);
    if (reply.status < 300) return reply;
    throw new Error(`${method} ${path.replace(/\?.*/, '')} was answered ${reply.status}`);
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
