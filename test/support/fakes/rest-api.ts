/** The REST API as the mcp function sees it, answered by a gateway in this process. */
import type { RestApi, RestCall, RestEvent, RestReply } from '../../../shared/ports/rest-api.ts';
import type { Call, Reply } from './http.ts';
import { framesOf } from './server-sent-events.ts';

export class FakeRestApi implements RestApi {
  readonly #gateway: { call(target: string, call: Call): Promise<Reply> };

  constructor(gateway: { call(target: string, call: Call): Promise<Reply> }) {
    this.#gateway = gateway;
  }

  async call(call: RestCall): Promise<RestReply> {
    const { status, json } = await this.#send(call);
    return { status, body: json };
  }

  async *stream(call: RestCall): AsyncGenerator<RestEvent | { event: 'reply'; data: RestReply }> {
    const reply = await this.#send(call);
    if (reply.headers['content-type'] !== 'text/event-stream')
      yield { event: 'reply', data: { status: reply.status, body: reply.json } };
    else for (const [event = 'message', data] of framesOf(reply.text)) yield { event, data };
  }

  #send({ method, path, headers, body }: RestCall): Promise<Reply> {
    return this.#gateway.call(`${method} ${path}`, {
      headers: { ...headers },
      ...(body === undefined ? {} : { body }),
    });
  }
}
