/** What of the chain a WebSocket's `$connect` needs: ids, problem documents, traces, one log line. */
import middy, { type MiddyfiedHandler, type Request } from '@middy/core';
import { usesWritten } from './authenticate.ts';
import type { ChainDeps, RouteHandler } from './chain.ts';
import type { HttpResponse } from './http-response.ts';
import { type ChainRequest, observe } from './observe.ts';
import { problem } from './problem.ts';
import type { GatewayEvent } from './scope.ts';

const ROUTE = { method: 'WS', resource: '$connect' };

export const connectChain = (
  deps: ChainDeps,
  connect: RouteHandler,
): MiddyfiedHandler<GatewayEvent, HttpResponse> => {
  const requestEnd = async (request: Request): Promise<void> => {
    const { event, response } = request as ChainRequest;
    const { scope } = event;
    const took = deps.clock.monotonic() - scope.startedAt;
    deps.log.ended({ ...scope, route: ROUTE }, response?.statusCode ?? 500, took);
    await usesWritten(deps, scope);
  };
  const chain = middy<GatewayEvent, HttpResponse>(async (event: GatewayEvent) => connect(event), {
    timeoutEarlyInMillis: 0,
    requestEnd,
  });
  chain.use(observe(deps)).use(problem(deps));
  if (deps.trace !== undefined) chain.use(deps.trace);
  return chain;
};
