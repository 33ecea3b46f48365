/** One suite for every source of metrics: in memory, and CloudWatch's interface as the local runtime answers it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cloudWatch } from '../../../local/aws/cloudwatch.ts';
import { AwsEndpoint } from '../../../local/aws/endpoint.ts';
import { SeriesStore } from '../../../local/metrics/series-store.ts';
import { SeriesTally } from '../../../local/metrics/series-tally.ts';
import { CloudWatchMetrics } from '../../../shared/adapters/aws/cloudwatch-metrics.ts';
import { MemoryMetrics } from '../../../shared/adapters/memory/metric-source.ts';
import { systemClock, systemRandom } from '../../../shared/adapters/runtime/system.ts';
import type { MetricQuery, MetricSource } from '../../../shared/ports/metric-source.ts';

const T = 1_800_000_000_000;
const STEP_MS = 10_000;

interface Subject {
  source: MetricSource;
  count(service: string, name: string, at: number, value: number): void;
  time(service: string, name: string, at: number, ms: number): void;
}

let store: SeriesStore;
const endpoint = new AwsEndpoint({
  functions: new Map(),
  targets: new Map([
    ['GraniteServiceVersion20100801', (operation, input) => cloudWatch(store)(operation, input)],
  ]),
});
let url = '';
const open: CloudWatchMetrics[] = [];
beforeAll(async () => {
  url = await endpoint.listen();
});
afterAll(async () => {
  await Promise.all(open.map((one) => one.close()));
  endpoint.close();
});

const inMemory = (): Subject => {
  const source = new MemoryMetrics();
  const add = (service: string, name: string, at: number, value: number): void =>
    source.add(service, name, at, value);
  return { source, count: add, time: add };
};

const atHome = (): Subject => {
  store = new SeriesStore();
  const source = new CloudWatchMetrics({
    region: 'us-east-1',
    endpoint: url,
    credentials: async () => ({ accessKeyId: 'local', secretAccessKey: 'local' }),
    clock: systemClock(),
    random: systemRandom(),
    namespace: 'AtpRouter',
    finestMs: 2_000,
    lagMs: 2_000,
  });
  open.push(source);
  const add = (service: string, name: string, at: number, value: number, isTime: boolean): void => {
    const tally = new SeriesTally();
    tally.add(service, name, isTime, [value]);
    const tallied = tally.take();
    store.take(at, 1, { level: 0, ...(tallied === undefined ? {} : { tallied }) });
  };
  return {
    source,
    count: (service, name, at, value) => add(service, name, at, value, false),
    time: (service, name, at, ms) => add(service, name, at, ms, true),
  };
};

const query = (fields: Partial<MetricQuery> = {}): MetricQuery => ({
  name: 'Requests',
  service: 'completions',
  statistic: 'Sum',
  ...fields,
});

describe.each([
  ['in memory', inMemory],
  ['by the interface of CloudWatch', atHome],
])('metrics %s', (_, make) => {
  let subject: Subject;
  beforeEach(() => {
    subject = make();
  });

  const span = { from: T, to: T + 6 * STEP_MS, stepMs: STEP_MS };

  it('are added up by step, and steps without any are left out', async () => {
    subject.count('completions', 'Requests', T + 1, 2);
    subject.count('completions', 'Requests', T + 9_999, 3);
    subject.count('completions', 'Requests', T + 2 * STEP_MS, 4);

    const [found] = await subject.source.read([query()], span);

    expect([...(found ?? [])]).toEqual([
      [T, 5],
      [T + 2 * STEP_MS, 4],
    ]);
  });

  it('are of the span alone: its beginning is in it, its end is not', async () => {
    for (const at of [T - 1, T, span.to - 1, span.to]) subject.count('completions', 'Requests', at, 1);

    const [found] = await subject.source.read([query()], span);

    expect([...(found?.keys() ?? [])]).toEqual([T, T + 5 * STEP_MS]);
  });

  it('are told apart by function and by name, and answered in the order of the queries', async () => {
    subject.count('completions', 'Requests', T, 1);
    subject.count('admin', 'Requests', T, 2);
    subject.count('completions', 'RateLimited', T, 3);

    const found = await subject.source.read(
      [query({ service: 'admin' }), query({ name: 'RateLimited' }), query({ name: 'Nothing' }), query()],
      span,
    );

    expect(found.map((values) => values.get(T))).toEqual([2, 3, undefined, 1]);
  });

  it('have percentiles of times, to within a few per cent', async () => {
    for (let ms = 1; ms <= 100; ms++) subject.time('completions', 'Latency', T + ms, ms);
    const latency = (statistic: MetricQuery['statistic']): MetricQuery =>
      query({ name: 'Latency', statistic });

    const found = await subject.source.read([latency('p50'), latency('p95'), latency('p99')], span);

    const [p50 = 0, p95 = 0, p99 = 0] = found.map((values) => values.get(T));
    expect(Math.abs(p50 / 50 - 1)).toBeLessThan(0.03);
    expect(Math.abs(p95 / 95 - 1)).toBeLessThan(0.03);
    expect(Math.abs(p99 / 99 - 1)).toBeLessThan(0.03);
  });
});
