/** The span of a request: begun when its route is known, ended and sent when its reply has left. */
import type { MiddlewareObj } from '@middy/core';
import type { Span, Tracing } from '../ports/tracing.ts';
import type { HttpResponse } from './http-response.ts';
import { type GatewayEvent, headerOf, type RequestFacts } from './scope.ts';

export const beginSpan = (tracing: Tracing): MiddlewareObj<GatewayEvent, HttpResponse> => ({
  before: ({ event }) => {
    const { scope, httpMethod, resource } = event;
    const attributes = { 'http.request.method': httpMethod, 'http.route': resource };
    const parent = headerOf(event, 'traceparent');
    const span = tracing.begin(`${httpMethod} ${resource}`, 'server', attributes, parent);
    if (span !== undefined) scope.span = span;
  },
});

/** Of a request over HTTP, or an ask over a socket. */
export interface Traced {
  span?: Span | undefined;
  requestId: string;
  principal?: { tenant_id: string };
  facts: Pick<RequestFacts, 'model' | 'cost_usd' | 'cache' | 'error_code'>;
}

/** The same facts as the log line's. */
export const endSpan = async (
  tracing: Tracing | undefined,
  { span, requestId, principal, facts }: Traced,
  status: number,
): Promise<void> => {
  span?.set({
    'http.response.status_code': status,
    'atp.request_id': requestId,
    'atp.tenant_id': principal?.tenant_id,
    'atp.model': facts.model,
    'atp.cost_usd': facts.cost_usd,
    'atp.cache': facts.cache,
    'atp.error_code': facts.error_code,
  });
  span?.end(status >= 500 ? (facts.error_code ?? String(status)) : undefined);
  await tracing?.flush();
};
