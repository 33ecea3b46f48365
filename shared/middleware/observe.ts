/** First in, last out: gives the request its ids, and its reply the headers that every reply carries. */
import type { MiddlewareObj, Request } from '@middy/core';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { HTTPS_ONLY, SECURITY_HEADERS } from '../config/security-headers.ts';
import type { RequestLog } from '../observability/request-log.ts';
import type { Clock, IdSource } from '../ports/runtime.ts';
import { deprecationHeaders } from './deprecation.ts';
import type { HttpResponse } from './http-response.ts';
import { type GatewayEvent, headerOf, type RequestScope } from './scope.ts';

const REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/;

/** The gateway at home speaks plain HTTP, and takes out what is not for it. */
const EVERY_REPLY = { ...SECURITY_HEADERS, ...HTTPS_ONLY };

export interface ObserveDeps {
  clock: Clock;
  ids: IdSource;
  log: Pick<RequestLog, 'began'>;
  /** Does an identifier hold personal data? */
  holdsPersonalData: (text: string) => boolean;
}

export type ChainRequest = Request<GatewayEvent, HttpResponse>;

const finish = (request: ChainRequest): void => {
  const { response } = request;
  const { scope } = request.event;
  if (response === null || response === undefined) return;
  response.headers = {
    ...EVERY_REPLY,
    ...response.headers,
    // A reply that is given again is known by its first request's.
    'x-request-id': scope.replay?.request_id ?? scope.requestId,
    ...deprecationHeaders(scope.route, response.headers),
  };
};

export const observe = (deps: ObserveDeps): MiddlewareObj<GatewayEvent, HttpResponse> => {
  const requestIdOf = (event: APIGatewayProxyEvent, id: string): string => {
    const offered = headerOf(event, 'x-request-id');
    return offered !== undefined && REQUEST_ID.test(offered) && !deps.holdsPersonalData(offered)
      ? offered
      : id;
  };
  return {
    before: ({ event }) => {
      const id = deps.ids.uuidv7();
      const scope: RequestScope = {
        requestId: requestIdOf(event, id),
        id,
        startedAt: deps.clock.monotonic(),
        facts: {},
      };
      event.scope = scope;
      deps.log.began(scope.requestId);
    },
    after: finish,
    onError: finish,
  };
};
