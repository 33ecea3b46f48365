/** The functions behind `/ws`, loaded when the first client comes: most runs of the local runtime see none. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { APIGatewayProxyWebsocketEventV2, Context } from 'aws-lambda';
import type { WorkerHandler } from './ask-queue.ts';
import type { ConnectEvent } from './events.ts';

export interface GateReply {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

export interface SocketFunctions {
  gate(
    event: ConnectEvent | APIGatewayProxyWebsocketEventV2 | { source: 'sweep' },
    context: Context,
  ): Promise<GateReply>;
  message(event: APIGatewayProxyWebsocketEventV2, context: Context): Promise<unknown>;
  worker: WorkerHandler;
}

/** `directory` holds one folder for each function. */
export const socketFunctions = (directory: string): (() => Promise<SocketFunctions>) => {
  const load = async (name: string): Promise<never> => {
    const module = (await import(pathToFileURL(join(directory, name, 'index.ts')).href)) as {
      handler?: unknown;
    };
    if (typeof module.handler !== 'function')
      throw new TypeError(`functions/${name}/index.ts exports no handler`);
    return module.handler as never;
  };
  let loading: Promise<SocketFunctions> | undefined;
  const loadAll = async (): Promise<SocketFunctions> => {
    const [gate, message, worker] = await Promise.all([
      load('ws-gate'),
      load('ws-message'),
      load('ws-worker'),
    ]);
    return { gate, message, worker };
  };
  return () => {
    loading ??= loadAll();
    return loading;
  };
};
