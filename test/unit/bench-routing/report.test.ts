import { describe, expect, it } from 'vitest';
import { intervalOf } from '../../../bench/routing/interval.ts';
import { lineChart } from '../../../bench/routing/report/line-chart.ts';
import { tableOf } from '../../../bench/routing/report/table.ts';

describe('the report', () => {
  it('has intervals by Student, and none for a single value', () => {
    const { mean, half } = intervalOf([1, 2, 3, 4, 5]);

    expect(mean).toBe(3);
    expect(half).toBeCloseTo((2.776 * Math.sqrt(2.5)) / Math.sqrt(5), 9);
    expect(intervalOf([7])).toEqual({ mean: 7, half: Number.NaN });
  });

  it('lines up its tables', () => {
    expect(tableOf(['a', 'long head'], [['wide cell', '1']])).toBe(
      ['| a         | long head |', '|-----------|-----------|', '| wide cell | 1         |'].join('\n'),
    );
  });

  it('draws lines within the picture, with its words escaped', () => {
    const svg = lineChart({
      ...{ title: 'a < b & "c"', x: 'x', y: 'y' },
      series: [
        {
          name: 'one',
          points: [
            [0, 0.2],
            [1, 0.3],
            [2, 0.25],
          ],
        },
      ],
    });

    expect(svg).toContain('<title>a &lt; b &amp; &quot;c&quot;</title>');
    expect(svg).toContain('M64.0 366.0L332.0 40.0L600.0 203.0');
    expect(svg).not.toContain('NaN');
  });

  it('draws a line that is flat', () => {
    const svg = lineChart({
      title: 't',
      x: 'x',
      y: 'y',
      series: [
        {
          name: 'flat',
          points: [
            [0, 1],
            [1, 1],
          ],
        },
      ],
    });

    expect(svg).not.toContain('NaN');
  });
});
