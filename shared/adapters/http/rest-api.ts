/** The REST API over keep-alive connections. */
import { createParser } from 'eventsource-parser';
import { Agent } from 'undici';
import { AppError } from '../../errors/app-error.ts';
import type { RestApi, RestCall, RestEvent, RestReply } from '../../ports/rest-api.ts';

const CONNECTIONS = 64;
const CONNECT_TIMEOUT_MS = 2_000;
/** Longer than any answer may take. */
const SILENCE_TIMEOUT_MS = 300_000;

export const makeRestClient = (): Agent =>
  new Agent({
    connections: CONNECTIONS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: SILENCE_TIMEOUT_MS,
    bodyTimeout: SILENCE_TIMEOUT_MS,
  });

export class HttpRestApi implements RestApi {
  readonly #agent: Agent;
  readonly #origin: string;
  readonly #base: string;

  /** `url` is the API's, with the stage where it has one. */
  constructor(agent: Agent, url: string) {
    const { origin, pathname } = new URL(url);
    this.#agent = agent;
    this.#origin = origin;
    this.#base = pathname.replace(/\/$/, '');
  }

  async call(call: RestCall): Promise<RestReply> {
    const { statusCode, body } = await this.#request(call);
    return { status: statusCode, body: parse(await failing(body.text(), call.signal)) };
  }

  async *stream(call: RestCall): AsyncGenerator<RestEvent | { event: 'reply'; data: RestReply }> {
    const { statusCode, headers, body } = await this.#request(call);
    if (!String(headers['content-type']).startsWith('text/event-stream')) {
      const reply = { status: statusCode, body: parse(await failing(body.text(), call.signal)) };
      yield { event: 'reply', data: reply };
      return;
    }
    const found: RestEvent[] = [];
    const parser = createParser({
      onEvent: ({ event, data }) => found.push({ event: event ?? 'message', data: parse(data) }),
    });
    const decoder = new TextDecoder();
    try {
      for await (const chunk of body) {
        parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
        yield* found.splice(0);
      }
    } catch (cause) {
      throw faultOf(cause, call.signal);
    }
  }

  async #request({ method, path, headers, body, signal }: RestCall) {
    const request = this.#agent.request({
      origin: this.#origin,
      path: this.#base + path,
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? null : JSON.stringify(body),
      signal,
    });
    return failing(request, signal);
  }
}

const faultOf = (cause: unknown, signal: AbortSignal): unknown =>
  signal.aborted ? signal.reason : new AppError('unavailable', 'The API does not answer.', { cause });

const failing = async <Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> => {
  try {
    return await promise;
  } catch (cause) {
    throw faultOf(cause, signal);
  }
};

/** What API Gateway itself says may be no JSON. */
const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
