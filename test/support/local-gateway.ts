/** The local gateway in this process, with handlers of the test's own, and raw access to its socket. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { AccessLog } from '../../local/gateway/access-log.ts';
import { type LoadedFunction, loadedFunction } from '../../local/gateway/functions.ts';
import { Gateway } from '../../local/gateway/gateway.ts';
import { makeServer } from '../../local/gateway/http-server.ts';
import { Router } from '../../local/gateway/router.ts';
import { CallerCheck } from '../../local/gateway/who-may-call.ts';
import { installAwslambda, type StreamingHandler } from '../../local/lambda/awslambda-global.ts';
import { ROUTES } from '../../shared/config/routes.ts';

export type Buffered = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

export interface TestGateway {
  url: string;
  port: number;
  server: Server;
  gateway: Gateway;
  failures: string[];
  /** What was logged so far. */
  log(): Record<string, unknown>[];
  close(): void;
}

export const openGateway = async (handlers: {
  buffered?: Buffered;
  streaming?: StreamingHandler;
  timeoutMs?: number;
}): Promise<TestGateway> => {
  installAwslambda();
  const home = mkdtempSync(join(tmpdir(), 'atp-gateway-'));
  const path = join(home, 'access.jsonl');
  const accessLog = new AccessLog(openSync(path, 'a'));
  const make = (name: string): LoadedFunction => {
    const handler =
      name === 'completions' && handlers.streaming !== undefined
        ? awslambda.streamifyResponse(handlers.streaming)
        : handlers.buffered;
    const loaded = loadedFunction(name, handler ?? (async () => ({ statusCode: 204, body: '' })));
    return handlers.timeoutMs === undefined ? loaded : { ...loaded, timeoutMs: handlers.timeoutMs };
  };
  const failures: string[] = [];
  const gateway = new Gateway({
    router: new Router(ROUTES),
    functions: new Map(ROUTES.map((route) => [route.function, make(route.function)])),
    callers: new CallerCheck('127.0.0.1'),
    log: accessLog,
    newId: randomUUID,
    onHandlerError: (name) => failures.push(name),
    metrics: async () => '',
  });
  const server = makeServer(gateway, randomUUID);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    server,
    gateway,
    failures,
    log: () => {
      accessLog.flush();
      const lines = readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '');
      return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    },
    close: () => {
      server.closeAllConnections();
      server.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
};

/** Sends bytes as they are, closes the sending side, and answers all that came back. */
export const exchangeRaw = (port: number, bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
