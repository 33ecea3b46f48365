/** What one request knows of itself; it lives in its own event, so that concurrent requests share nothing. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Route } from '../config/routes.ts';
import type { PiiType } from '../model/pii.ts';
import type { Principal } from '../model/tenant.ts';
import type { Span } from '../ports/tracing.ts';
import type { KeptReply, Ticket } from '../services/replies/once.ts';
import type { CacheStatus } from '../services/replies/response-cache.ts';

export interface RequestScope {
  /** What the caller knows the request by: their own `x-request-id` where it is fit, else ours. */
  requestId: string;
  /** UUIDv7 of this request, always ours. */
  id: string;
  /** Clock.monotonic() at its start. */
  startedAt: number;
  route?: Route;
  principal?: Principal;
  body?: unknown;
  /** Where an earlier request with the same idempotency key was answered: that reply. */
  replay?: KeptReply;
  /** Where the reply is to be kept under its idempotency key. */
  ticket?: Ticket;
  /** Where it is traced. */
  span?: Span;
  /** For the log line and the metrics; never what the caller sent. */
  facts: RequestFacts;
}

export interface RequestFacts {
  pii?: Partial<Record<PiiType, number>>;
  pii_mode?: string;
  pii_partial?: true;
  pii_fallback?: true;
  pii_shadow?: { added: number; complete: boolean } | 'failed';
  model?: string;
  selector?: string;
  fallback?: string;
  features_fallback?: string;
  selector_ms?: number;
  outcome?: string;
  error_code?: string;
  tokens?: number;
  tokens_in?: number;
  tokens_out?: number;
  cost_usd?: number;
  quality_score?: number;
  checks?: Readonly<Record<string, { status: string; latency_ms: number }>>;
  findings?: number;
  dead_lettered?: boolean;
  replayed?: boolean;
  cache?: CacheStatus;
}

export type GatewayEvent = APIGatewayProxyEvent & {
  scope: RequestScope;
  /** Of a streamed reply: aborts when its reader goes away. */
  reader?: AbortController;
};

export const readerOf = ({ reader }: GatewayEvent): AbortController => reader ?? new AbortController();

/** API Gateway passes header names as the client wrote them. `name` is lower case. */
export const headerOf = (event: Pick<APIGatewayProxyEvent, 'headers'>, name: string): string | undefined => {
  const headers = event.headers ?? {};
  const direct = headers[name];
  if (direct !== undefined) return direct;
  for (const key in headers) {
    if (key.length === name.length && key.toLowerCase() === name) return headers[key];
  }
  return undefined;
};

export const principalOf = (event: GatewayEvent): Principal => {
  const { principal } = event.scope;
  if (principal === undefined) throw new Error('the route is public: it has no principal');
  return principal;
};
