/** What API Gateway does for WebSockets, at home: the handshake by `$connect`, a message at a time, `$disconnect`, and the end. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { AppError } from '../../shared/errors/app-error.ts';
import { MAX_MESSAGE_BYTES } from '../../shared/model/socket-limits.ts';
import { MCP_PROTOCOL } from '../../shared/model/socket-message.ts';
import { closingNotice } from '../../shared/services/mcp/rpc.ts';
import type { AccessLog } from '../gateway/access-log.ts';
import { headFault } from '../gateway/head-fault.ts';
import type { Upgrades } from '../gateway/http-server.ts';
import { endWith, refuse } from '../gateway/raw-reply.ts';
import type { CallerCheck } from '../gateway/who-may-call.ts';
import { InvocationContext } from '../lambda/invocation-context.ts';
import { type Periodic, startPeriodic } from '../periodic.ts';
import type { AskQueue } from './ask-queue.ts';
import { newConnectionId } from './connection-id.ts';
import { connectEvent, socketEvent } from './events.ts';
import type { OpenSockets } from './open-sockets.ts';
import type { GateReply, SocketFunctions } from './socket-functions.ts';

export interface SocketGatewayDeps {
  functions: () => Promise<SocketFunctions>;
  callers: CallerCheck;
  log: AccessLog;
  sockets: OpenSockets;
  queue: AskQueue;
  /** The port that stands in this process's connection ids. */
  port: () => number;
  onHandlerError(functionName: string, error: unknown): void;
}

const PATH = '/ws';
/** Messages of a connection that wait for their turn before it is read no further. */
const MOST_WAITING = 16;
const SWEEP_MS = 30_000;
const SWEEP_MOST_MS = 120_000;
const TIMEOUT_MS = 29_000;
const GOING_AWAY = 1001;
const STEP_MS = 20;
/** For the answers that the end of the drain cut short, and for closing handshakes. */
const SETTLE_MS = 2_000;
const FAREWELL_MS = 1_000;
/** For messages that had come before the drain to be handed over. */
const HANDOVER_MS = 5_000;

interface Message {
  data: RawData;
  isBinary: boolean;
}

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0] ?? '';

const context = (name: string): InvocationContext =>
  new InvocationContext(
    { functionName: name, memoryLimitInMB: '1024' },
    randomUUID(),
    performance.now() + TIMEOUT_MS,
  );

export class SocketGateway implements Upgrades {
  readonly #deps: SocketGatewayDeps;
  readonly #chosen = new WeakMap<IncomingMessage, string>();
  readonly #server: WebSocketServer;
  readonly #farewells = new Set<Promise<void>>();
  /** Messages that came and are not handled yet. */
  readonly #inHand = new Set<Message>();
  #sweep: Periodic | undefined;
  #isDraining = false;

  constructor(deps: SocketGatewayDeps) {
    this.#deps = deps;
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      handleProtocols: (_offered, request) => this.#chosen.get(request) ?? false,
    });
    this.#server.on('wsClientError', (_error, socket) =>
      refuse(socket, new AppError('invalid_request', 'The handshake is not valid.'), randomUUID()),
    );
  }

  wants(request: IncomingMessage): boolean {
    return pathOf(request) === PATH && request.headers.upgrade?.toLowerCase() === 'websocket';
  }

  take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const startedAt = performance.now();
    const requestId = randomUUID();
    socket.on('error', () => socket.destroy());
    const fault = this.#fault(request);
    if (fault !== undefined) {
      this.#deps.log.record('WS $connect', fault.status, performance.now() - startedAt, requestId);
      refuse(socket, fault, requestId);
      return;
    }
    this.#connect(request, socket, head, startedAt).catch((error: unknown) => {
      this.#deps.onHandlerError('ws-gate', error);
      refuse(socket, new AppError('internal', 'The request could not be completed.'), requestId);
    });
  }

  /** Tells the clients, lets what is under way end within `patienceMs`, and hangs up. */
  async drain(patienceMs: number): Promise<void> {
    const { sockets, queue } = this.#deps;
    const deadline = performance.now() + patienceMs;
    this.#isDraining = true;
    this.#sweep?.stop();
    const early = [...this.#inHand];
    const closing = { type: 'closing', reason: 'shutdown', reconnect_after_ms: 1_000 } as const;
    for (const id of sockets.all())
      void sockets.post(
        id,
        sockets.protocolOf(id) === MCP_PROTOCOL ? closingNotice(closing) : JSON.stringify(closing),
      );
    const handedOver = Math.min(performance.now() + HANDOVER_MS, deadline);
    while (early.some((message) => this.#inHand.has(message)) && performance.now() < handedOver)
      await sleep(STEP_MS);
    queue.close(deadline - SETTLE_MS);
    while (queue.underway + this.#inHand.size > 0 && performance.now() < deadline) await sleep(STEP_MS);
    for (const id of sockets.all()) sockets.close(id, GOING_AWAY, 'shutdown');
    const last = performance.now() + FAREWELL_MS;
    while ((sockets.size > 0 || this.#farewells.size > 0) && performance.now() < last) await sleep(STEP_MS);
    sockets.terminateAll();
  }

  #fault(request: IncomingMessage): AppError | undefined {
    const fault = headFault(request, this.#deps.callers);
    if (fault !== undefined) return fault;
    if (request.method !== 'GET')
      return new AppError('method_not_allowed', 'Allowed here: GET.', { headers: { allow: 'GET' } });
    if (this.#isDraining) return new AppError('draining', 'This instance is shutting down.');
    return undefined;
  }

  async #connect(request: IncomingMessage, socket: Duplex, head: Buffer, startedAt: number): Promise<void> {
    const functions = await this.#deps.functions();
    this.#startSweep(functions);
    const id = newConnectionId(this.#deps.port());
    const connectedAt = Date.now();
    const reply = await functions.gate(connectEvent(id, connectedAt, request), context('ws-gate'));
    const took = performance.now() - startedAt;
    const requestId = reply.headers['x-request-id'] ?? '';
    const isAccepted = reply.statusCode >= 200 && reply.statusCode < 300;
    this.#deps.log.record('WS $connect', isAccepted ? 101 : reply.statusCode, took, requestId);
    if (!isAccepted) return endWith(socket, asRaw(reply));
    let isOpen = false;
    socket.once('close', () => {
      // Refused by the handshake itself, or gone before it was complete.
      if (!isOpen) this.#disconnect(functions, id, connectedAt);
    });
    if (socket.destroyed) return this.#disconnect(functions, id, connectedAt);
    const protocol = reply.headers['sec-websocket-protocol'];
    if (protocol !== undefined) this.#chosen.set(request, protocol);
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      isOpen = true;
      this.#open(functions, webSocket, id, connectedAt);
    });
  }

  #open(functions: SocketFunctions, webSocket: WebSocket, id: string, connectedAt: number): void {
    const { sockets } = this.#deps;
    sockets.add(id, webSocket);
    const waiting: Message[] = [];
    let isBusy = false;
    const work = async (): Promise<void> => {
      isBusy = true;
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        if (waiting.length < MOST_WAITING && webSocket.isPaused) webSocket.resume();
        await this.#message(functions, id, connectedAt, next);
        this.#inHand.delete(next);
      }
      isBusy = false;
    };
    webSocket.on('message', (data, isBinary) => {
      const message = { data, isBinary };
      this.#inHand.add(message);
      waiting.push(message);
      if (waiting.length >= MOST_WAITING) webSocket.pause();
      if (!isBusy) void work();
    });
    webSocket.on('error', () => undefined);
    webSocket.on('close', () => {
      sockets.remove(id);
      for (const message of waiting.splice(0)) this.#inHand.delete(message);
      this.#disconnect(functions, id, connectedAt);
    });
  }

  async #message(
    { message }: SocketFunctions,
    connectionId: string,
    connectedAt: number,
    { data, isBinary }: Message,
  ): Promise<void> {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
    const event = socketEvent({
      connectionId,
      connectedAt,
      kind: 'MESSAGE',
      body: bytes.toString(isBinary ? 'base64' : 'utf8'),
      binary: isBinary,
    });
    try {
      await message(event, context('ws-message'));
    } catch (error) {
      this.#deps.onHandlerError('ws-message', error);
    }
  }

  #disconnect({ gate }: SocketFunctions, connectionId: string, connectedAt: number): void {
    const event = socketEvent({ connectionId, connectedAt, kind: 'DISCONNECT' });
    const farewell = gate(event, context('ws-gate'))
      .catch((error: unknown) => this.#deps.onHandlerError('ws-gate', error))
      .then(() => {
        this.#farewells.delete(farewell);
      });
    this.#farewells.add(farewell);
  }

  #startSweep({ gate }: SocketFunctions): void {
    this.#sweep ??= startPeriodic({
      everyMs: SWEEP_MS,
      mostMs: SWEEP_MOST_MS,
      task: async () => {
        await gate({ source: 'sweep' }, context('ws-gate'));
      },
      onError: (error) => this.#deps.onHandlerError('ws-gate', error),
    });
  }
}

const asRaw = ({ statusCode, headers, body }: GateReply) => ({ status: statusCode, headers, body });
