import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { describe, expect, it } from 'vitest';
import { EmfMetrics } from '../../../local/metrics/emf-metrics.ts';
import { MetricsOfAll } from '../../../local/metrics/metrics-of-all.ts';
import { metricsPage } from '../../../local/metrics/metrics-page.ts';
import { watchOutput } from '../../../local/metrics/watch-output.ts';
import { WorkerMetrics } from '../../../local/metrics/worker-metrics.ts';

/** As the functions print it. */
const emfLine = (counts: Record<string, number>, times: Record<string, number[]> = {}): string => {
  const metrics = new Metrics({ namespace: 'AtpRouter', serviceName: 'completions' });
  for (const [name, value] of Object.entries(counts)) metrics.addMetric(name, MetricUnit.Count, value);
  for (const [name, values] of Object.entries(times))
    for (const ms of values) metrics.addMetric(name, MetricUnit.Milliseconds, ms);
  return JSON.stringify(metrics.serializeMetrics());
};

const pageOf = async (...all: EmfMetrics[]): Promise<string[]> =>
  (await metricsPage(await Promise.all(all.map((one) => one.report())))).split('\n');

describe('EmfMetrics', () => {
  it('adds counts up, by service', async () => {
    const metrics = new EmfMetrics();
    metrics.take(emfLine({ Requests: 3, RateLimited: 1 }));
    metrics.take(emfLine({ Requests: 2 }));

    const page = await pageOf(metrics);

    expect(page).toContain('atp_requests_total{service="completions"} 5');
    expect(page).toContain('atp_rate_limited_total{service="completions"} 1');
  });

  it('makes histograms in seconds of times', async () => {
    const metrics = new EmfMetrics();
    metrics.take(emfLine({}, { Latency: [4, 40, 4_000] }));

    const page = await pageOf(metrics);

    expect(page).toContain('atp_latency_seconds_bucket{le="0.005",service="completions"} 1');
    expect(page).toContain('atp_latency_seconds_bucket{le="0.05",service="completions"} 2');
    expect(page).toContain('atp_latency_seconds_count{service="completions"} 3');
    expect(page).toContain('atp_latency_seconds_sum{service="completions"} 4.044');
  });

  it.each([
    'no JSON, but "_aws"',
    '{"level":"INFO","message":"request"}',
    '{"_aws":{"CloudWatchMetrics":"none"}}',
    'null"_aws"',
  ])('passes over %s', async (line) => {
    const metrics = new EmfMetrics();
    metrics.take(line);

    expect(await metrics.report()).toEqual([]);
  });

  it('adds the numbers of several processes up', async () => {
    const [one, other] = [new EmfMetrics(), new EmfMetrics()];
    one.take(emfLine({ Requests: 3 }));
    other.take(emfLine({ Requests: 4 }));
    one.gauge('atp_active_requests', 'Under way.', () => 2);
    other.gauge('atp_active_requests', 'Under way.', () => 5);

    const page = await pageOf(one, other);

    expect(page).toContain('atp_requests_total{service="completions"} 7');
    expect(page).toContain('atp_active_requests 7');
  });
});

describe('watchOutput', () => {
  it('shows whole lines, however they are cut, and lets everything through', async () => {
    const [lines, written]: [string[], unknown[]] = [[], []];
    const output = {
      write: (chunk: unknown, ...rest: unknown[]) => written.push(chunk, ...rest) > 0,
    };
    const passed: string[] = [];
    watchOutput(
      output,
      (line) => lines.push(line),
      (text) => passed.push(text),
    );

    output.write('one\ntw');
    output.write('o\n');
    output.write(new Uint8Array([1]));
    output.write('three');

    expect(lines).toEqual(['one', 'two']);
    expect(passed).toEqual(['one\ntw', 'o\n', 'three']);
    expect(written).toEqual([new Uint8Array([1])]);
    expect(await new Promise((done) => void output.write('', done))).toBeNull();
  });
});

describe('MetricsOfAll', () => {
  it('waits for every worker, and takes no report twice', async () => {
    const all = new MetricsOfAll<string>();
    const asked: [string, number][] = [];
    const gathered = all.gather(['a', 'b'], (worker, id) => asked.push([worker, id]));
    all.take('a', 1, [{ name: 'one' }]);
    all.take('a', 1, [{ name: 'again' }]);
    all.take('c', 1, [{ name: 'stranger' }]);
    all.take('b', 1, [{ name: 'other' }]);

    expect(await gathered).toEqual([[{ name: 'one' }], [{ name: 'other' }]]);
    expect(asked).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
  });

  it('goes without a worker that is busy', async () => {
    const all = new MetricsOfAll<string>(10);
    const gathered = all.gather(['a', 'busy'], () => undefined);
    all.take('a', 1, [{ name: 'one' }]);

    expect(await gathered).toEqual([[{ name: 'one' }]]);
    expect(await all.gather([], () => undefined)).toEqual([]);
  });
});

describe('WorkerMetrics', () => {
  it('asks the supervisor for the numbers of all, and tells its own when asked', async () => {
    const told: unknown[] = [];
    const worker: WorkerMetrics = new WorkerMetrics((message) => {
      told.push(message);
      if (message.kind === 'metrics') worker.heard({ kind: 'report', id: 7 });
      if (message.kind === 'report')
        worker.heard({ kind: 'metrics', id: 1, reports: [message.report, message.report] });
    });
    worker.take(emfLine({ Requests: 3 }));

    expect(await worker.page()).toContain('atp_requests_total{service="completions"} 6');
    expect(told).toMatchObject([
      { kind: 'metrics', id: 1 },
      { kind: 'report', id: 7 },
    ]);
  });
});
