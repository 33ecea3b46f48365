/** The handlers behind the routes, loaded into this process as Lambda would load each into its own. */

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { FunctionName, Route } from '../../shared/config/routes.ts';
import { isStreaming, type StreamingHandler } from '../lambda/awslambda-global.ts';
import type { FunctionTemplate } from '../lambda/invocation-context.ts';

export type BufferedHandler = (
  event: APIGatewayProxyEvent,
  context: Context,
) => Promise<APIGatewayProxyResult>;

export interface LoadedFunction {
  template: FunctionTemplate;
  /** API Gateway waits 29 s for a buffered reply and 15 min for a streamed one. */
  timeoutMs: number;
  streaming?: StreamingHandler;
  buffered?: BufferedHandler;
}

const BUFFERED_MS = 29_000;
const STREAMED_MS = 900_000;
const MEMORY_MB = '1024';

export const loadedFunction = (name: string, handler: unknown): LoadedFunction => {
  const template = { functionName: name, memoryLimitInMB: MEMORY_MB };
  if (isStreaming(handler)) return { template, timeoutMs: STREAMED_MS, streaming: handler };
  if (typeof handler === 'function') {
    return { template, timeoutMs: BUFFERED_MS, buffered: handler as BufferedHandler };
  }
  throw new TypeError(`functions/${name}/index.ts exports no handler`);
};

/** `directory` holds one folder for each function, with an `index.ts`. */
export const loadFunctions = async (
  directory: string,
  routes: readonly Route[],
): Promise<Map<FunctionName, LoadedFunction>> => {
  const names = [...new Set(routes.map((route) => route.function))];
  const modules = await Promise.all(
    names.map(
      (name) =>
        import(pathToFileURL(join(directory, name, 'index.ts')).href) as Promise<{ handler?: unknown }>,
    ),
  );
  return new Map(names.map((name, index) => [name, loadedFunction(name, modules[index]?.handler)]));
};
