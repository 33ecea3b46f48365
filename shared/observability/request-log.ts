/** One log line and one set of metrics for each request: names, numbers and codes, never what was sent. */
import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { AppError } from '../errors/app-error.ts';

interface Loggable {
  requestId: string;
  route?: { method: string; resource: string } | undefined;
  principal?: { key_id: string; tenant_id: string } | undefined;
  facts: {
    selector?: string;
    fallback?: string;
    features_fallback?: string;
    selector_ms?: number;
    tokens?: number;
    cost_usd?: number;
    findings?: number;
    dead_lettered?: boolean;
    replayed?: boolean;
    cache?: string;
  };
}

export interface RequestLog {
  ended(scope: Loggable, status: number, durationMs: number): void;
  failed(scope: Loggable, error: AppError): void;
}

/** Names of errors down the chain of causes; messages may quote what was sent, so they stay out. */
const causesOf = (error: unknown): string[] => {
  const names: string[] = [];
  for (let cause = error; cause instanceof Error && names.length < 5; cause = cause.cause) {
    const code = 'code' in cause && typeof cause.code === 'string' ? `:${cause.code}` : '';
    names.push(`${cause.name}${code}`);
  }
  return names;
};

/** Where the foreign error was thrown: file names and lines of our own code. */
const originOf = (error: unknown): string[] => {
  const foreign = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(foreign instanceof Error)) return [];
  const stack = foreign.stack ?? '';
  // The message comes first in a stack, and may hold lines that look like frames.
  return stack
    .slice(stack.includes(foreign.message) ? stack.indexOf(foreign.message) + foreign.message.length : 0)
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 6)
    .map((line) =>
      line.trim().replace(/\(?(?:file:\/\/)?\S*\/((?:shared|functions|local|node_modules)\/\S*?)\)?$/, '$1'),
    );
};

/** Why Rust did not decide. The first two are faults, the others somebody's wish. */
const FALLBACKS: Readonly<Record<string, { metric: string; isFault: boolean }>> = {
  failed: { metric: 'SelectorFailed', isFault: true },
  breaker_open: { metric: 'SelectorBreakerOpen', isFault: true },
  rollout: { metric: 'SelectorRollout', isFault: false },
  switched_off: { metric: 'SelectorSwitchedOff', isFault: false },
};

/** How the decisions are split, how long they take, and why they fall back. */
const addSelector = (metrics: Metrics, { selector, selector_ms, fallback }: Loggable['facts']): void => {
  if (selector === undefined) return;
  const name = selector === 'rust' ? 'SelectorRust' : 'SelectorTypescript';
  metrics.addMetric(name, MetricUnit.Count, 1);
  if (selector_ms !== undefined) metrics.addMetric(`${name}Latency`, MetricUnit.Milliseconds, selector_ms);
  const reason = fallback === undefined ? undefined : FALLBACKS[fallback];
  if (reason === undefined) return;
  metrics.addMetric(reason.metric, MetricUnit.Count, 1);
  if (reason.isFault) metrics.addMetric('SelectorFallback', MetricUnit.Count, 1);
};

export const powertoolsRequestLog = (logger: Logger, metrics: Metrics): RequestLog => ({
  ended: (scope, status, durationMs) => {
    const { facts } = scope;
    logger.info('request', {
      request_id: scope.requestId,
      route: scope.route === undefined ? 'none' : `${scope.route.method} ${scope.route.resource}`,
      status,
      duration_ms: Math.round(durationMs * 100) / 100,
      key_id: scope.principal?.key_id,
      tenant_id: scope.principal?.tenant_id,
      ...facts,
    });
    metrics.addMetric('Requests', MetricUnit.Count, 1);
    metrics.addMetric('Latency', MetricUnit.Milliseconds, durationMs);
    if (status >= 500) metrics.addMetric('ServerErrors', MetricUnit.Count, 1);
    if (status === 429) metrics.addMetric('RateLimited', MetricUnit.Count, 1);
    if (facts.tokens !== undefined) metrics.addMetric('Tokens', MetricUnit.Count, facts.tokens);
    if (facts.cost_usd !== undefined) metrics.addMetric('CostUsd', MetricUnit.NoUnit, facts.cost_usd);
    addSelector(metrics, facts);
    if (facts.features_fallback !== undefined) metrics.addMetric('FeaturesFallback', MetricUnit.Count, 1);
    if (facts.findings !== undefined && facts.findings > 0) {
      metrics.addMetric('PiiFindings', MetricUnit.Count, facts.findings);
    }
    if (facts.replayed === true) metrics.addMetric('Replayed', MetricUnit.Count, 1);
    if (facts.cache === 'hit') metrics.addMetric('CacheHits', MetricUnit.Count, 1);
    if (facts.dead_lettered === true) metrics.addMetric('DeadLettered', MetricUnit.Count, 1);
    metrics.publishStoredMetrics();
  },
  failed: (scope, error) => {
    logger.error('request failed', {
      request_id: scope.requestId,
      code: error.code,
      causes: causesOf(error),
      origin: originOf(error),
    });
  },
});
