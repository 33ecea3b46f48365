import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { powertoolsRequestLog, type RequestLog } from '../../../shared/observability/request-log.ts';

type Scope = Parameters<RequestLog['ended']>[0];

const SCOPE: Scope = {
  requestId: 'request-1',
  route: { method: 'POST', resource: '/v1/ask' },
  principal: { key_id: 'k1', tenant_id: 'acme' },
  facts: {},
};

class RecordedLogger extends Logger {
  readonly lines: [level: string, message: string, fields: Record<string, unknown>][] = [];

  override info(...[message, fields]: Parameters<Logger['info']>): void {
    this.lines.push(['info', String(message), Object.fromEntries(Object.entries(fields ?? {}))]);
  }

  override error(...[message, fields]: Parameters<Logger['error']>): void {
    this.lines.push(['error', String(message), Object.fromEntries(Object.entries(fields ?? {}))]);
  }
}

class RecordedMetrics extends Metrics {
  readonly added: Record<string, number> = {};
  published = 0;

  readonly values: [name: string, value: number][] = [];

  override addMetric(...[name, , value]: Parameters<Metrics['addMetric']>): this {
    this.added[name] = value;
    this.values.push([name, value]);
    return this;
  }

  override publishStoredMetrics(): this {
    this.published += 1;
    return this;
  }
}

describe('the request log', () => {
  let logger: RecordedLogger;
  let metrics: RecordedMetrics;
  let log: RequestLog;
  let now = 0;

  beforeEach(() => {
    logger = new RecordedLogger({ serviceName: 'test' });
    metrics = new RecordedMetrics({ namespace: 'Test', serviceName: 'test' });
    log = powertoolsRequestLog(logger, metrics, { now: () => now });
  });

  it('writes one line of names, numbers and codes', () => {
    log.ended({ ...SCOPE, facts: { selector: 'rust', tokens: 7 } }, 200, 12.3456);

    expect(logger.lines).toEqual([
      [
        'info',
        'request',
        {
          request_id: 'request-1',
          route: 'POST /v1/ask',
          status: 200,
          duration_ms: 12.35,
          key_id: 'k1',
          tenant_id: 'acme',
          selector: 'rust',
          tokens: 7,
        },
      ],
    ]);
  });

  it('says so where there was no route, and nobody known', () => {
    log.ended({ requestId: 'request-1', facts: {} }, 404, 1);

    expect(logger.lines[0]?.[2]).toMatchObject({ route: 'none', key_id: undefined });
  });

  it.each<[string, Scope['facts'], number, Record<string, number>]>([
    ['a plain request', {}, 200, {}],
    ['a limited one', {}, 429, { RateLimited: 1, ClientErrors: 1 }],
    ['a score', { quality_score: 0.75 }, 200, { Scores: 1, QualityScore: 0.75 }],
    [
      'a health check that fails',
      { checks: { dynamodb: { status: 'unhealthy', latency_ms: 7 } } },
      200,
      { CheckDynamodbLatency: 7, CheckDynamodbFailed: 1 },
    ],
    ['a failed one', {}, 503, { ServerErrors: 1 }],
    [
      'an ask',
      { selector: 'rust', tokens: 9, cost_usd: 0.25, findings: 0 },
      200,
      { Tokens: 9, CostUsd: 0.25, SelectorRust: 1 },
    ],
    [
      'an ask with findings, by type and mode',
      { findings: 3, pii: { PERSON: 2, CREDIT_CARD: 1 }, pii_mode: 'pseudonymise' },
      200,
      { PiiFindings: 3, PiiFoundPerson: 2, PiiFoundCreditCard: 1, PiiModePseudonymise: 1 },
    ],
    ['an ask that was too long for the model', { pii_partial: true }, 200, { PiiPartial: 1 }],
    ['an ask without the model', { pii_fallback: true }, 503, { PiiModelFailed: 1, ServerErrors: 1 }],
    ['a model in the shadow', { pii_shadow: { added: 2 } }, 200, { PiiShadowAdded: 2 }],
    ['a model that fails in the shadow', { pii_shadow: 'failed' }, 200, { PiiModelFailed: 1 }],
    [
      'a decision and the time it took',
      { selector: 'rust', selector_ms: 1.5 },
      200,
      { SelectorRust: 1, SelectorRustLatency: 1.5 },
    ],
    ['features without the encoder', { features_fallback: 'busy' }, 200, { FeaturesFallback: 1 }],
    ['a dead letter', { dead_lettered: true }, 200, { DeadLettered: 1 }],
  ])('counts %s', (_name, facts, status, added) => {
    log.ended({ ...SCOPE, facts }, status, 5);

    expect(metrics.added).toEqual({ Requests: 1, Latency: 5, ...added });
    expect(metrics.published).toBe(1);
  });

  it.each<[string, Record<string, number>]>([
    ['failed', { SelectorFailed: 1, SelectorFallback: 1 }],
    ['breaker_open', { SelectorBreakerOpen: 1, SelectorFallback: 1 }],
    ['rollout', { SelectorRollout: 1 }],
    ['switched_off', { SelectorSwitchedOff: 1 }],
    ['of another kind', {}],
  ])('says why Rust did not decide: %s', (fallback, added) => {
    log.ended({ ...SCOPE, facts: { selector: 'typescript', selector_ms: 2, fallback } }, 200, 5);

    const { Requests, Latency, SelectorTypescript, SelectorTypescriptLatency, ...others } = metrics.added;
    expect([Requests, Latency, SelectorTypescript, SelectorTypescriptLatency]).toEqual([1, 5, 1, 2]);
    expect(others).toEqual(added);
  });

  describe('of concurrent requests', () => {
    const end = (requestId: string, facts: Scope['facts'] = {}): void =>
      log.ended({ ...SCOPE, requestId, facts }, 200, 5);

    it('publishes once, when the last of them has ended: counts added up, every time kept', () => {
      for (const id of ['a', 'b', 'c']) log.began(id);

      end('a', { tokens: 3 });
      end('b', { tokens: 4 });
      expect(metrics.published).toBe(0);
      end('c');

      expect(metrics.published).toBe(1);
      expect(metrics.values).toEqual([
        ['Requests', 3],
        ['Tokens', 7],
        ['Latency', 5],
        ['Latency', 5],
        ['Latency', 5],
      ]);
    });

    it('begins anew after it has published', () => {
      end('a', { tokens: 3 });
      end('b');

      expect(metrics.published).toBe(2);
      expect(metrics.values.slice(3)).toEqual([
        ['Requests', 1],
        ['Latency', 5],
      ]);
    });

    it('publishes at a hundred, as more values of one metric do not fit a line', () => {
      log.began('long');

      for (let count = 0; count < 200; count += 1) end(`r${count}`);

      expect(metrics.published).toBe(2);
    });

    it('does not hold metrics back for longer than a second while others are under way', () => {
      log.began('long');
      end('a');
      now += 999;
      end('b');
      expect(metrics.published).toBe(0);

      now += 1;
      end('c');

      expect(metrics.published).toBe(1);
    });
  });

  describe('of a process that runs on between requests', () => {
    let later: (() => void)[];

    beforeEach(() => {
      later = [];
      log = powertoolsRequestLog(logger, metrics, {
        now: () => now,
        later: (publish) => void later.push(publish),
      });
    });

    const end = (requestId: string): void => {
      log.began(requestId);
      log.ended({ ...SCOPE, requestId, facts: { tokens: 3 } }, 200, 5);
    };

    it('publishes requests that come one after the other together, in the next pause', () => {
      for (const id of ['a', 'b', 'c']) end(id);
      expect(metrics.published).toBe(0);

      later.at(-1)?.();

      expect(metrics.published).toBe(1);
      expect(metrics.added).toMatchObject({ Requests: 3, Tokens: 9 });
    });

    it('publishes nothing in a pause where nothing is left', () => {
      for (let count = 0; count < 100; count += 1) end(`r${count}`);
      expect(metrics.published).toBe(1);

      later.at(-1)?.();

      expect(metrics.published).toBe(1);
    });

    it('does not wait for a pause for longer than a second', () => {
      end('a');
      now += 1_000;
      end('b');

      expect(metrics.published).toBe(1);
    });
  });

  describe('of a failure', () => {
    const failed = (error: AppError): Record<string, unknown> => {
      log.failed(SCOPE, error);
      return logger.lines[0]?.[2] ?? {};
    };

    it('names the causes, not their messages', () => {
      const inner = Object.assign(new Error('secret words'), { code: 'ECONNRESET' });
      const cause = new TypeError('more secret words', { cause: inner });

      const line = failed(new AppError('internal', 'Something went wrong.', { cause }));

      expect(line).toMatchObject({
        request_id: 'request-1',
        code: 'internal',
        causes: ['AppError:internal', 'TypeError', 'Error:ECONNRESET'],
      });
      expect(JSON.stringify(line)).not.toContain('secret');
    });

    it('ends a circle of causes', () => {
      const cause: Error = new Error('round');
      cause.cause = cause;

      expect(failed(new AppError('internal', 'x', { cause })).causes).toHaveLength(5);
    });

    it('says where it came from, without the paths of the machine', () => {
      const cause = new Error('x');
      cause.stack = [
        'Error: x',
        '    at read (file:///var/task/shared/services/answer/answer.ts:12:3)',
        '    at /home/somebody/app/node_modules/lib/index.js:1:2',
      ].join('\n');

      expect(failed(new AppError('internal', 'x', { cause })).origin).toEqual([
        'at read shared/services/answer/answer.ts:12:3',
        'at node_modules/lib/index.js:1:2',
      ]);
    });

    it('takes no line of a message for a place', () => {
      const cause = new Error('Unexpected token in "\n    at john.doe@example.com\n"');

      expect(JSON.stringify(failed(new AppError('internal', 'x', { cause })))).not.toContain('john');
    });

    it('does without a stack', () => {
      const cause = new Error('x');
      delete cause.stack;

      expect(failed(new AppError('internal', 'x', { cause })).origin).toEqual([]);
    });

    it('copes with causes that are no errors', () => {
      expect(failed(new AppError('internal', 'x', { cause: 'secret text' }))).toMatchObject({
        causes: ['AppError:internal'],
      });
    });
  });
});
