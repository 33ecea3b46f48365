/** A loopback proxy before a service: it passes calls on, or does to them what the way to a service and the service itself may do. */
import {
  Agent,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProxiedCall {
  /** The operation's name without its service, or the path where no header names one. */
  operation: string;
  body: string;
  headers: IncomingMessage['headers'];
}

/**
 * `reset` ends the connection before the call arrives, `lost` after it was carried out; `hang` never answers. A delay passes
 * the call on later.
 */
export type Fault =
  | 'reset'
  | 'lost'
  | 'hang'
  | { delayMs: number }
  | { status: number; headers?: Record<string, string>; body: string };

export type Rule = (call: ProxiedCall) => Fault | undefined;

/** An error as DynamoDB and its like tell it. */
export const serviceError = (name: string, status = 400): Fault => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'no' }),
});

const readBody = async (message: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

export class FaultProxy {
  readonly #target: URL;
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true });
  #rule: Rule = () => undefined;
  /** Calls that met a fault since the last `fail`. */
  met = 0;

  constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer({ noDelay: true }, (incoming, outgoing) => {
      this.#serve(incoming, outgoing).catch(() => outgoing.destroy());
    });
  }

  /** Answers its URL. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
    this.#agent.destroy();
  }

  fail(rule: Rule): void {
    this.met = 0;
    this.#rule = rule;
  }

  heal(): void {
    this.#rule = () => undefined;
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await readBody(incoming);
    const named = incoming.headers['x-amz-target'];
    const operation = typeof named === 'string' ? named.replace(/^.*\./, '') : (incoming.url ?? '');
    const fault = this.#rule({ operation, body, headers: incoming.headers });
    if (fault !== undefined) this.met += 1;
    if (fault === 'hang') return;
    if (fault === 'reset') {
      incoming.socket.resetAndDestroy();
      return;
    }
    if (typeof fault === 'object' && 'status' in fault) {
      outgoing.writeHead(fault.status, fault.headers).end(fault.body);
      return;
    }
    if (typeof fault === 'object') await sleep(fault.delayMs);
    const { status, headers, text } = await this.#pass(incoming, body);
    if (fault === 'lost') incoming.socket.resetAndDestroy();
    else outgoing.writeHead(status, headers).end(text);
  }

  #pass(incoming: IncomingMessage, body: string) {
    const { hostname, port } = this.#target;
    const { connection: _, ...headers } = incoming.headers;
    return new Promise<{ status: number; headers: IncomingMessage['headers']; text: string }>(
      (resolve, reject) => {
        const options = { hostname, port, path: incoming.url, method: incoming.method, headers };
        request({ ...options, agent: this.#agent }, (answer) => {
          const { 'transfer-encoding': __, connection: ___, ...kept } = answer.headers;
          readBody(answer).then(
            (text) => resolve({ status: answer.statusCode ?? 500, headers: kept, text }),
            reject,
          );
        })
          .on('error', reject)
          .end(body);
      },
    );
  }
}
