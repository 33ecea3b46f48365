import { describe, expect, it } from 'vitest';
import { fitState, type Lesson } from '../../../../shared/services/evaluation/fit-state.ts';

const FADING = { gamma: 0.9 };
const lessons: Lesson[] = [
  { arm: 'a', score: 1, features: [1, 0.5] },
  { arm: 'b', score: 0 },
  { arm: 'a', score: 0.5, features: [1, -1] },
  { arm: 'a', score: 0.2 },
];

describe('fitState', () => {
  it('fades an arm by its own scores, and counts them', () => {
    const arms = fitState(lessons, FADING);

    expect(arms.get('a')).toMatchObject({ n: 0.81 + 0.9 + 1, count: 3 });
    expect(arms.get('a')?.sum).toBeCloseTo(0.81 + 0.9 * 0.5 + 0.2, 12);
    expect(arms.get('a')?.sumSquares).toBeCloseTo(0.81 + 0.9 * 0.25 + 0.04, 12);
    expect(arms.get('b')).toEqual({ n: 1, sum: 0, sumSquares: 0, count: 1 });
  });

  it('adds up x x^T and score x, and leaves them alone at a score without features', () => {
    const linear = fitState(lessons, FADING).get('a')?.linear;

    expect([...(linear?.upper ?? [])]).toEqual([0.9 + 1, 0.9 * 0.5 - 1, 0.9 * 0.25 + 1]);
    expect([...(linear?.b ?? [])]).toEqual([0.9 + 0.5, 0.9 * 0.5 - 0.5]);
  });

  it('starts anew with another number of features', () => {
    const more = [...lessons, { arm: 'a', score: 1, features: [2] }];

    expect(fitState(more, FADING).get('a')?.linear).toEqual({
      dimension: 1,
      upper: Float64Array.of(4),
      b: Float64Array.of(2),
    });
  });
});
