import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelledDecision } from '../../../shared/services/evaluation/logged-decision.ts';
import {
  doublyRobust,
  type Estimate,
  inversePropensity,
  selfNormalised,
} from '../../../shared/services/evaluation/off-policy.ts';
import { Sfc32 } from '../../../shared/services/selection/random.ts';

const SIZE = 600;
const ARMS = 4;

/** Probabilities that add up to 1, none below `floor`. */
const mixture = (floor: number) =>
  fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: ARMS, maxLength: ARMS }).map((raw) => {
    const sum = raw.reduce((total, value) => total + value, 0);
    return raw.map((value) => floor + (value / sum) * (1 - ARMS * floor));
  });

const world = fc.record({
  logging: mixture(0.1),
  target: mixture(0),
  quality: fc.array(fc.double({ min: 0.1, max: 0.9, noNaN: true }), { minLength: ARMS, maxLength: ARMS }),
  /** What the reward model believes; it need not be right. */
  belief: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: ARMS, maxLength: ARMS }),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

const value = ({ target, quality }: World): number =>
  quality.reduce((sum, one, arm) => sum + one * (target[arm] ?? 0), 0);

const draw = (shares: readonly number[], random: Sfc32): number => {
  let left = random.nextUnit();
  const found = shares.findIndex((share) => {
    left -= share;
    return left < 0;
  });
  return found === -1 ? shares.length - 1 : found;
};

const traffic = ({ logging, target, quality, belief }: World, seed: number): ModelledDecision[] => {
  const random = new Sfc32(seed);
  const modelledTarget = belief.reduce((sum, one, arm) => sum + one * (target[arm] ?? 0), 0);
  return Array.from({ length: SIZE }, () => {
    const arm = draw(logging, random);
    const reward = random.nextUnit() < (quality[arm] ?? 0) ? 1 : 0;
    return {
      ...{ propensity: logging[arm] ?? 1, target: target[arm] ?? 0, reward },
      ...{ modelled: belief[arm] ?? 0, modelledTarget },
    };
  });
};

const ESTIMATORS: [string, (log: ModelledDecision[]) => Estimate][] = [
  ['IPS', inversePropensity],
  ['SNIPS', selfNormalised],
  ['doubly robust', doublyRobust],
];

describe.each(ESTIMATORS)('%s', (_, estimate) => {
  it('covers the true value with its 95 % interval about 95 times in 100', () => {
    let covered = 0;
    let tried = 0;
    fc.assert(
      fc.property(world, fc.nat(), (truth, seed) => {
        for (let repeat = 0; repeat < 10; repeat += 1) {
          const { low, high } = estimate(traffic(truth, seed + repeat));
          tried += 1;
          if (low <= value(truth) && value(truth) <= high) covered += 1;
        }
      }),
      { numRuns: 100, seed: 7 },
    );

    expect(covered / tried).toBeGreaterThan(0.92);
    expect(covered / tried).toBeLessThan(0.98);
  });

  it('comes nearer with more traffic, whatever the model believes', () => {
    fc.assert(
      fc.property(world, fc.nat(), (truth, seed) => {
        const log = Array.from({ length: 20 }, (_, part) => traffic(truth, seed + part)).flat();
        const { value: estimated, standardError } = estimate(log);

        expect(Math.abs(estimated - value(truth))).toBeLessThan(5 * standardError + 1e-9);
      }),
      { numRuns: 30 },
    );
  });
});
