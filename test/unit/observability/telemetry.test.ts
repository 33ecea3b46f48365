import { Metrics } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { METRICS_PAUSE_MS } from '../../../shared/observability/metric-buffer.ts';
import { makeTelemetry } from '../../../shared/observability/telemetry.ts';
import { traceSampled } from '../../../shared/observability/tracing.ts';

const ROOT = 'Root=1-00000000-000000000000000000000000';

afterEach(() => vi.unstubAllEnvs());

describe('telemetry', () => {
  it('traces where X-Ray is on', () => {
    vi.stubEnv('POWERTOOLS_TRACE_ENABLED', 'true');

    expect(makeTelemetry('unit').trace?.before).toBeTypeOf('function');
  });

  it.each(['false', undefined])('does not trace otherwise (%s)', (value) => {
    vi.stubEnv('POWERTOOLS_TRACE_ENABLED', value);

    const telemetry = makeTelemetry('unit');

    expect(telemetry).not.toHaveProperty('trace');
    expect(telemetry.log.ended).toBeTypeOf('function');
  });
});

describe('metrics of a request', () => {
  const printed = async (runsBetween: string | undefined): Promise<[atOnce: number, later: number]> => {
    vi.stubEnv('RUNS_BETWEEN_REQUESTS', runsBetween);
    vi.useFakeTimers();
    const print = vi.spyOn(Metrics.prototype, 'publishStoredMetrics').mockReturnThis();
    const { log } = makeTelemetry('unit');

    log.began('a');
    log.ended({ requestId: 'a', facts: {} }, 200, 5);
    const atOnce = print.mock.calls.length;
    vi.advanceTimersByTime(METRICS_PAUSE_MS);
    return [atOnce, print.mock.calls.length];
  };

  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('are printed before it ends where the process may be frozen then', async () => {
    expect(await printed(undefined)).toEqual([1, 1]);
  });

  it('are printed in the next pause where it is not', async () => {
    expect(await printed('true')).toEqual([0, 1]);
  });
});

describe('the tracer', () => {
  const traced = () => {
    const opened: boolean[] = [];
    const seen: string[] = [];
    const open = async (isFirst: boolean) => {
      opened.push(isFirst);
      const see = (phase: string) => (request: { event: unknown }) =>
        void seen.push(`${phase} ${request.event}`);
      return { before: see('before'), after: see('after'), onError: see('error') };
    };
    const handler = middy(async (event: string) => {
      if (event.startsWith('bad')) throw new Error(event);
      return event;
    }).use(traceSampled(open));
    const request = async (event: string, header: string | undefined) => {
      vi.stubEnv('_X_AMZN_TRACE_ID', header);
      await handler(event, {} as Context).catch(() => undefined);
    };
    return { opened, seen, request };
  };

  it('is not opened while no request is sampled', async () => {
    const { opened, seen, request } = traced();

    await request('a', `${ROOT};Sampled=0`);
    await request('bad', `${ROOT};Sampled=0`);

    expect([opened, seen]).toEqual([[], []]);
  });

  it('is opened once, for the first request that is sampled, and told that it was not the first of all', async () => {
    const { opened, seen, request } = traced();

    await request('a', `${ROOT};Sampled=0`);
    await request('b', `${ROOT};Sampled=1`);
    await request('bad', `${ROOT};Sampled=1`);

    expect(opened).toEqual([false]);
    expect(seen).toEqual(['before b', 'after b', 'before bad', 'error bad']);
  });

  it.each([`${ROOT};Sampled=1`, undefined])('sees the first request (%s)', async (header) => {
    const { opened, seen, request } = traced();

    await request('a', header);

    expect([opened, seen]).toEqual([[true], ['before a', 'after a']]);
  });

  it('is opened once for requests that come together', async () => {
    const { opened, request } = traced();

    await Promise.all([request('a', undefined), request('b', undefined)]);

    expect(opened).toEqual([true]);
  });
});
