import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cloudWatch } from '../../../local/aws/cloudwatch.ts';
import { addBins, type Bins, binOf, quantileOf } from '../../../local/metrics/latency-bins.ts';
import { SeriesStore, STEP_MS } from '../../../local/metrics/series-store.ts';
import { SeriesTally } from '../../../local/metrics/series-tally.ts';

const T = 1_700_000_000_000;

const tallied = (add: (tally: SeriesTally) => void) => {
  const tally = new SeriesTally();
  add(tally);
  const found = tally.take();
  if (found === undefined) throw new Error('something was added');
  return found;
};

describe('latency bins', () => {
  it('are off by 2 % at most, whatever was added together', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.1, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 }),
        fc.constantFrom(0.5, 0.95, 0.99),
        (times, share) => {
          const bins: Bins = new Map();
          for (const ms of times) addBins(bins, [[binOf(ms), 1]]);
          const exact = [...times].sort((a, b) => a - b)[Math.ceil(share * times.length) - 1] ?? Number.NaN;

          const found = quantileOf(bins, share) ?? Number.NaN;

          expect(Math.abs(found - exact) / exact).toBeLessThanOrEqual(0.0201);
        },
      ),
    );
  });
});

describe('the hour of metrics at home', () => {
  it('adds up what several processes counted, by function', () => {
    const store = new SeriesStore();
    const one = tallied((tally) => tally.add('completions', 'Requests', false, [2]));
    const other = tallied((tally) => tally.add('completions', 'Requests', false, [3]));
    store.take(T, 1, { tallied: one, level: 4 });
    store.take(T + 1, 2, { tallied: other, level: 5 });

    const span = { from: T - STEP_MS, to: T + STEP_MS, periodMs: STEP_MS };
    const read = (service: string, name: string, statistic = 'Sum') =>
      store.read({ service, name, statistic }, span).map(([, value]) => value);
    expect(read('completions', 'Requests')).toEqual([5]);
    expect(read('admin', 'Requests')).toEqual([]);
    expect(read('ws-gate', 'ActiveConnections', 'Maximum')).toEqual([9]);
  });

  it('keeps an hour, however long it runs', () => {
    const store = new SeriesStore();
    const HOURS = 3;
    for (let step = 0; step < HOURS * 1_800; step++)
      store.take(T + step * STEP_MS, 1, {
        level: 0,
        tallied: tallied((tally) => tally.add('completions', 'Requests', false, [1])),
      });

    const all = store.read(
      { service: 'completions', name: 'Requests', statistic: 'Sum' },
      { from: 0, to: Number.MAX_SAFE_INTEGER, periodMs: STEP_MS },
    );
    expect(all.length).toBeGreaterThanOrEqual(1_800);
    expect(all.length).toBeLessThan(2_000);
  });

  it('is read as CloudWatch is', () => {
    const store = new SeriesStore();
    store.take(T, 1, {
      level: 0,
      tallied: tallied((tally) => tally.add('completions', 'Latency', true, [100, 100, 100])),
    });
    const query = (Id: string, Stat: string) => ({
      Id,
      MetricStat: {
        Metric: {
          Namespace: 'AtpRouter',
          MetricName: 'Latency',
          Dimensions: [{ Name: 'service', Value: 'completions' }],
        },
        Period: 10,
        Stat,
      },
    });

    const reply = cloudWatch(store)('GetMetricData', {
      MetricDataQueries: [query('m0', 'p95')],
      StartTime: T / 1_000 - 60,
      EndTime: T / 1_000 + 60,
    }) as { MetricDataResults: { Id: string; Timestamps: number[]; Values: number[] }[] };

    expect(reply.MetricDataResults).toMatchObject([{ Id: 'm0', Timestamps: [T / 1_000] }]);
    expect(reply.MetricDataResults[0]?.Values[0]).toBeCloseTo(100, -1);
    expect(() => cloudWatch(store)('GetMetricData', {})).toThrow('not valid');
    expect(() => cloudWatch(store)('PutMetricData', {})).toThrow('not emulated');
  });
});
