import { describe, expect, it } from 'vitest';
import { coefficients, dot, LinearSums } from '../../../bench/routing/linear-sums.ts';
import { Sfc32 } from '../../../shared/services/selection/random.ts';

const THETA = Float64Array.of(0.5, -1, 2);

describe('linear sums', () => {
  it('give back the coefficients that made the scores', () => {
    const random = new Sfc32(3);
    const sums = new LinearSums(3);
    for (let row = 0; row < 200; row += 1) {
      const x = Float64Array.of(1, random.nextSigned(), random.nextSigned());
      sums.add(x, dot(THETA, x));
    }

    for (const [at, value] of coefficients(sums, 1e-3).entries())
      expect(value).toBeCloseTo(THETA[at] ?? 0, 3);
  });

  it('are A and b as the learner writes them, fading and weights included', () => {
    const sums = new LinearSums(2);
    sums.add(Float64Array.of(1, 2), 1);
    sums.fade(0.5);
    sums.add(Float64Array.of(0, 3), 4, 2);

    expect(sums.state()).toEqual({
      dimension: 2,
      upper: Float64Array.of(0.5, 1, 20),
      b: Float64Array.of(0.5, 13),
    });
  });

  it('keep a state that was given out as it was', () => {
    const sums = new LinearSums(1);
    sums.add(Float64Array.of(1), 1);
    const before = sums.state();
    sums.add(Float64Array.of(1), 1);

    expect(before.b).toEqual(Float64Array.of(1));
  });

  it('say so where there is no solution', () => {
    const sums = new LinearSums(1);
    sums.add(Float64Array.of(Number.MAX_VALUE), 1);

    expect(() => coefficients(sums, 1)).toThrow(RangeError);
  });
});
