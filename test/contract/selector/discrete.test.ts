/** The discrete posteriors: what golden files do not reach. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { betaAtoms } from '../../../shared/services/selection/discrete/beta.ts';
import { BetaMemo } from '../../../shared/services/selection/discrete/beta-memo.ts';
import { ATOMS, MIDDLES, massOfFirst } from '../../../shared/services/selection/discrete/grid.ts';
import { NORMAL_ATOMS } from '../../../shared/services/selection/discrete/normal.ts';
import { ascending } from '../../../shared/services/selection/discrete/order.ts';
import { winProbabilities } from '../../../shared/services/selection/discrete/winner.ts';

const fieldOf = (arms: readonly (readonly number[])[]): Float64Array => Float64Array.from(arms.flat());
const normal = (mean: number, deviation: number): number[] => NORMAL_ATOMS.map((z) => mean + deviation * z);

const arm = fc
  .record({
    mean: fc.constantFrom(0, 0.5, 0.5, -3, 1e9),
    deviation: fc.constantFrom(0, 1e-3, 1, 1, 1e12),
  })
  .map(({ mean, deviation }) => normal(mean, deviation));
const arms = fc.array(arm, { minLength: 1, maxLength: 9 });

describe('atoms in order', () => {
  test('stand as a sort would put them, of equal ones the higher index first', () => {
    fc.assert(
      fc.property(arms, fc.nat(ATOMS), (field, skipped) => {
        const passed = Uint32Array.from(field, (_, index) => (index === 0 ? 0 : skipped));
        const expected = field
          .flatMap((atoms, index) => atoms.slice(passed[index]).map((value) => ({ value, index })))
          .sort((one, other) => one.value - other.value || other.index - one.index);
        expect([...ascending(fieldOf(field), passed)]).toEqual(expected.map(({ index }) => index));
      }),
    );
  });
});

describe('the probability of winning', () => {
  const massOf = (atom: number): number => massOfFirst(atom + 1) - massOfFirst(atom);
  /** The definition: an atom of an arm wins against all that is lower, or equal and of a higher index. */
  const byDefinition = (field: readonly (readonly number[])[]): number[] =>
    field.map((atoms, index) =>
      atoms.reduce((sum, value, atom) => {
        const beaten = field.map((others, other) => {
          const below = others.filter((one) => one < value || (one === value && other > index)).length;
          return other === index ? 1 : massOfFirst(below);
        });
        return sum + beaten.reduce((product, one) => product * one, massOf(atom));
      }, 0),
    );

  test('is what the definition says', () => {
    fc.assert(
      fc.property(arms, (field) => {
        const wins = winProbabilities(fieldOf(field));
        for (const [index, expected] of byDefinition(field).entries()) {
          expect(wins[index]).toBeCloseTo(expected, 11);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('is shared by a thousand like arms, though their product underflows', () => {
    const wins = winProbabilities(fieldOf(Array.from({ length: 1000 }, () => normal(0, 1))));
    expect(wins.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 10);
    expect(Math.max(...wins)).toBeLessThan(0.003);
    expect(Math.min(...wins)).toBeGreaterThan(0.0004);
  });
});

test('the quantiles of a uniform distribution are the middles', () => {
  betaAtoms(1, 1).forEach((value, atom) => {
    expect(value).toBeCloseTo(MIDDLES[atom] ?? Number.NaN, 4);
  });
});

test('a memo works a distribution out once, and keeps few', () => {
  const memo = new BetaMemo();
  const first = memo.atoms(2, 3);
  expect(memo.atoms(2, 3)).toBe(first);
  for (let index = 0; index <= 4_096; index += 1) memo.atoms(1, 1 + index);
  expect(memo.atoms(2, 3)).not.toBe(first);
  expect(memo.atoms(2, 3)).toEqual(first);
});
