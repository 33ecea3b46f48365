import { describe, expect, test } from 'vitest';
import {
  ago,
  clock,
  count,
  ms,
  percent,
  quality,
  rate,
  reasonName,
  tick,
  usd,
} from '../../../console/src/lib/format.ts';

describe('numbers for people', () => {
  test('dollars keep three digits that say something, and prices two decimals', () => {
    expect([0, 0.0000494, 0.00201, 0.3, 0.332, 1.2, 1234.5].map(usd)).toEqual([
      '$0',
      '$0.0000494',
      '$0.00201',
      '$0.30',
      '$0.332',
      '$1.20',
      '$1,234.50',
    ]);
    expect(usd(3e-9)).toBe('$3.0e-9');
  });

  test('durations change their unit where the number would grow long', () => {
    expect([0, 0.25, 7.31, 233.4, 1_500, 12_340, 90_000].map(ms)).toEqual([
      '0 ms',
      '0.25 ms',
      '7.3 ms',
      '233 ms',
      '1.50 s',
      '12.3 s',
      '1.5 min',
    ]);
  });

  test('shares that are not 0 never look like 0', () => {
    expect([0, 0.00001, 0.087, 1].map((share) => percent(share))).toEqual(['0%', '<0.1%', '8.7%', '100%']);
    expect(percent(0.004, 0)).toBe('<1%');
  });

  test('counts and rates', () => {
    expect([0, 1_737, 400_000].map(count)).toEqual(['0', '1,737', '400K']);
    expect([0, 0.4, 12.34, 340].map(rate)).toEqual(['0', '0.40', '12.3', '340']);
  });

  test('why a model is out is told in words, whatever the reason is called', () => {
    expect(reasonName('max_cost_usd')).toBe('dearer than allowed');
    expect(reasonName('not_thought_of')).toBe('not thought of');
  });

  test('what is not known is a dash, not a zero', () => {
    const unknown = [null, undefined, Number.NaN];
    for (const format of [usd, ms, count, rate, quality, percent]) {
      expect(unknown.map((value) => format(value))).toEqual(['–', '–', '–']);
    }
  });

  test('an axis leaves zeros out that say nothing', () => {
    expect(['5.00/s', '0.50/s', '1.50 s', '$30.00', '100%', '10', '0.25/s'].map(tick)).toEqual([
      '5/s',
      '0.5/s',
      '1.5 s',
      '$30',
      '100%',
      '10',
      '0.25/s',
    ]);
  });
});

describe('times', () => {
  const now = new Date(2026, 4, 3, 14, 0, 0).getTime();

  test('today is a time of day, another day has its date', () => {
    expect(clock(new Date(2026, 4, 3, 9, 5, 7).toISOString(), now)).toBe('09:05:07');
    expect(clock(new Date(2026, 4, 2, 23, 59, 0).toISOString(), now)).toBe('2026-05-02 23:59:00');
  });

  test('how long ago, in the largest unit that fits', () => {
    const before = (seconds: number) => ago(now - seconds * 1_000, now);
    expect([1, 42, 600, 7_300, 200_000].map(before)).toEqual([
      'just now',
      '42 s ago',
      '10 min ago',
      '2 h ago',
      '2 d ago',
    ]);
    expect(ago(null, now)).toBe('never');
  });
});
