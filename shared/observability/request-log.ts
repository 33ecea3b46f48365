/** One log line and one set of metrics for each request: names, numbers and codes, never what was sent. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import type { AppError } from '../errors/app-error.ts';
import { MetricBuffer, type MetricBufferOptions } from './metric-buffer.ts';

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
    tokens_in?: number;
    tokens_out?: number;
    cost_usd?: number;
    findings?: number;
    /** Findings by their type. */
    pii?: Readonly<Record<string, number>>;
    pii_mode?: string;
    pii_partial?: true;
    pii_fallback?: true;
    pii_shadow?: { added: number } | 'failed';
    dead_lettered?: boolean;
    replayed?: boolean;
    cache?: string;
    /** Given to an earlier answer, 0 to 1. */
    quality_score?: number;
    /** What health checks found, and milliseconds they took. */
    checks?: Readonly<Record<string, { status: string; latency_ms: number }>>;
    /** The rules of the prompt firewall that found something. */
    firewall?: { rules: readonly string[]; blocked: boolean };
  };
}

export interface RequestLog {
  /** Its metrics, and those of others that end meanwhile, are published when it ends. */
  began(requestId: string): void;
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
const addSelector = (metrics: MetricBuffer, { selector, selector_ms, fallback }: Loggable['facts']): void => {
  if (selector === undefined) return;
  const name = selector === 'rust' ? 'SelectorRust' : 'SelectorTypescript';
  metrics.count(name);
  if (selector_ms !== undefined) metrics.time(`${name}Latency`, selector_ms);
  const reason = fallback === undefined ? undefined : FALLBACKS[fallback];
  if (reason === undefined) return;
  metrics.count(reason.metric);
  if (reason.isFault) metrics.count('SelectorFallback');
};

const nameOf = (word: string): string =>
  word.toLowerCase().replace(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase());

/** What was found by type, the requests in which by mode, and how often the model could not do its part. */
const addPersonalData = (metrics: MetricBuffer, facts: Loggable['facts']): void => {
  const { findings = 0, pii = {}, pii_mode, pii_shadow: shadow } = facts;
  if (findings > 0) metrics.count('PiiFindings', findings);
  for (const [type, count] of Object.entries(pii)) metrics.count(`PiiFound${nameOf(type)}`, count);
  if (pii_mode !== undefined) metrics.count(`PiiMode${nameOf(pii_mode)}`);
  if (facts.pii_partial === true) metrics.count('PiiPartial');
  if (facts.pii_fallback === true || shadow === 'failed') metrics.count('PiiModelFailed');
  if (typeof shadow === 'object') metrics.count('PiiShadowAdded', shadow.added);
};

/** The mean score is the quotient of both. */
const addQuality = (metrics: MetricBuffer, { quality_score: score }: Loggable['facts']): void => {
  if (score === undefined) return;
  metrics.count('Scores');
  metrics.count('QualityScore', score);
};

const addChecks = (metrics: MetricBuffer, { checks = {} }: Loggable['facts']): void => {
  for (const [name, { status, latency_ms }] of Object.entries(checks)) {
    metrics.time(`Check${nameOf(name)}Latency`, latency_ms);
    if (status !== 'healthy') metrics.count(`Check${nameOf(name)}Failed`);
  }
};

export const powertoolsRequestLog = (
  logger: Logger,
  published: Metrics,
  options: MetricBufferOptions = { now: () => performance.now() },
): RequestLog => {
  const metrics = new MetricBuffer(published, options);
  return {
    began: (requestId) => metrics.began(requestId),
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
      metrics.count('Requests');
      metrics.time('Latency', durationMs);
      if (status >= 500) metrics.count('ServerErrors');
      else if (status >= 400) metrics.count('ClientErrors');
      if (status === 429) metrics.count('RateLimited');
      if (facts.tokens !== undefined) metrics.count('Tokens', facts.tokens);
      if (facts.tokens_in !== undefined) metrics.count('TokensIn', facts.tokens_in);
      if (facts.tokens_out !== undefined) metrics.count('TokensOut', facts.tokens_out);
      if (facts.cost_usd !== undefined) metrics.count('CostUsd', facts.cost_usd);
      addSelector(metrics, facts);
      if (facts.features_fallback !== undefined) metrics.count('FeaturesFallback');
      addPersonalData(metrics, facts);
      if (facts.firewall !== undefined)
        metrics.count(facts.firewall.blocked ? 'FirewallBlocked' : 'FirewallFlagged');
      if (facts.replayed === true) metrics.count('Replayed');
      if (facts.cache === 'hit') metrics.count('CacheHits');
      addQuality(metrics, facts);
      addChecks(metrics, facts);
      if (facts.dead_lettered === true) metrics.count('DeadLettered');
      metrics.ended(scope.requestId);
    },
    failed: (scope, error) => {
      logger.error('request failed', {
        request_id: scope.requestId,
        code: error.code,
        causes: causesOf(error),
        origin: originOf(error),
      });
    },
  };
};
