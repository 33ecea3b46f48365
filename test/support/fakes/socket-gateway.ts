/** The three functions of the WebSocket over the in-memory adapters: messages in, frames out. */
import type { Context, SQSBatchResponse } from 'aws-lambda';
import { makeConnect } from '../../../functions/ws-gate/connect.ts';
import { makeHandler as makeGate } from '../../../functions/ws-gate/handler.ts';
import { makeSweep, type Swept } from '../../../functions/ws-gate/sweep.ts';
import { makeHandler as makeMessage } from '../../../functions/ws-message/handler.ts';
import { makeMcp } from '../../../functions/ws-message/mcp.ts';
import { makeHandler as makeWorker } from '../../../functions/ws-worker/handler.ts';
import type { ServeCall } from '../../../functions/ws-worker/serve-ask.ts';
import { serveCall } from '../../../functions/ws-worker/serve-call.ts';
import { queueEvent, socketEvent } from '../../../local/sockets/events.ts';
import type { MemoryAskStore, MemoryConnectionStore } from '../../../shared/adapters/memory/socket-stores.ts';
import { MemoryAskQueue, type MemorySockets } from '../../../shared/adapters/memory/sockets.ts';
import { CALLERS } from '../../../shared/config/routes.ts';
import { connectChain } from '../../../shared/middleware/connect-chain.ts';
import { type ServerFrame, serverFrame } from '../../../shared/model/socket-frames.ts';
import type { AskQueue, ClientSockets } from '../../../shared/ports/client-sockets.ts';
import { Sealer, SOCKET_SECRET } from '../../../shared/services/sealer.ts';
import { FakeGateway, type GatewayOptions } from './gateway.ts';

const LAMBDA_MS = 90_000;

export class FakeSocketGateway {
  readonly gateway: FakeGateway;
  readonly sockets: MemorySockets;
  readonly queue = new MemoryAskQueue();
  readonly asks: MemoryAskStore;
  readonly connections: MemoryConnectionStore;
  readonly sealer: Sealer;
  swept: Swept[] = [];
  disconnects = 0;
  readonly #gate: ReturnType<typeof makeGate>;
  readonly #message: ReturnType<typeof makeMessage>;
  readonly #worker: ReturnType<typeof makeWorker>;

  constructor(options: GatewayOptions & { sockets?: ClientSockets; queue?: AskQueue } = {}) {
    this.gateway = new FakeGateway(options);
    const { chain, random, secrets } = this.gateway;
    this.sockets = this.gateway.sockets;
    this.asks = this.gateway.asks;
    this.connections = this.gateway.connections;
    this.sealer = new Sealer({ secrets, random, secret: SOCKET_SECRET });
    const shared = {
      ...chain,
      ...this.gateway,
      asks: this.asks,
      connections: this.connections,
      sockets: options.sockets ?? this.sockets,
      queue: options.queue ?? this.queue,
      sealer: this.sealer,
    };
    this.#gate = makeGate({
      connect: connectChain(chain, makeConnect({ ...shared, access: CALLERS })),
      connections: this.connections,
      sweep: makeSweep(shared),
      swept: (result) => this.swept.push(result),
      disconnected: () => {
        this.disconnects += 1;
      },
    });
    const mcp = makeMcp({ ...shared, version: '0.0.0' });
    this.#message = makeMessage({ ...shared, mcp: async () => mcp });
    const calling = { ...shared, feedback: this.gateway.observations, version: '0.0.0' };
    const serve = async (): Promise<ServeCall> => (queued, isLost, remainingMs) =>
      serveCall({ ...calling, serveCall: serve }, queued, isLost, remainingMs);
    this.#worker = makeWorker({ ...shared, serveCall: serve });
  }

  /** As API Gateway asks; the connection is open where the answer is 200. */
  async connect(id: string, headers: Record<string, string>) {
    const reply = await this.#gate({ ...this.#event(id, 'CONNECT'), headers } as never, {} as Context);
    if (reply.statusCode === 200) this.sockets.open(id);
    return reply;
  }

  /** With a fresh key of the tenant. */
  async open(id: string, tenant = 'acme'): Promise<void> {
    const reply = await this.connect(id, { 'x-api-key': await this.gateway.keyOf(tenant) });
    if (reply.statusCode !== 200) throw new Error(`the connection was refused: ${JSON.stringify(reply)}`);
  }

  async disconnect(id: string): Promise<void> {
    await this.sockets.close(id);
    await this.#gate(this.#event(id, 'DISCONNECT'), {} as Context);
  }

  async send(id: string, message: unknown, binary = false): Promise<void> {
    const body = typeof message === 'string' ? message : JSON.stringify(message);
    await this.#message({ ...this.#event(id, 'MESSAGE'), body, isBase64Encoded: binary });
  }

  /** Answers what waits in the queue, or `bodies`. */
  async work(
    options: { bodies?: readonly string[]; remainingMs?: () => number } = {},
  ): Promise<SQSBatchResponse[]> {
    const { bodies = this.queue.takeAll(), remainingMs = () => LAMBDA_MS } = options;
    const context = { getRemainingTimeInMillis: remainingMs } as Context;
    return Promise.all(
      bodies.map((body, index) => this.#worker(queueEvent(`message ${index}`, body, 1, 0), context)),
    );
  }

  async sweep(): Promise<void> {
    await this.#gate({ source: 'sweep' }, {} as Context);
  }

  frames(id: string): ServerFrame[] {
    return this.sockets.received(id).map((text) => serverFrame.parse(JSON.parse(text)));
  }

  #event(connectionId: string, kind: 'CONNECT' | 'MESSAGE' | 'DISCONNECT') {
    const now = this.gateway.clock.now();
    const event = socketEvent({ connectionId, connectedAt: now, kind });
    return { ...event, requestContext: { ...event.requestContext, requestTimeEpoch: now } };
  }
}
