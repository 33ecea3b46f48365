import { describe, expect, it } from 'vitest';
import { UnusableLogError } from '../../../../shared/services/evaluation/logged-decision.ts';
import {
  doublyRobust,
  inversePropensity,
  selfNormalised,
} from '../../../../shared/services/evaluation/off-policy.ts';

const decision = (propensity: number, target: number, reward: number) => ({ propensity, target, reward });

describe('off-policy estimates', () => {
  it('of the logging policy itself are the mean reward', () => {
    const log = [decision(0.5, 0.5, 1), decision(0.25, 0.25, 0), decision(1, 1, 0.5)];

    expect(inversePropensity(log).value).toBeCloseTo(0.5, 12);
    expect(selfNormalised(log).value).toBeCloseTo(0.5, 12);
    expect(inversePropensity(log).effectiveSize).toBeCloseTo(3, 12);
  });

  it('agree with a calculation by hand', () => {
    const log = [decision(0.5, 1, 1), decision(0.25, 0.5, 0), decision(0.5, 0, 1), decision(0.8, 0.4, 0.5)];

    // Weights 2, 2, 0, .5; weighted rewards 2, 0, 0, .25.
    expect(inversePropensity(log).value).toBeCloseTo(2.25 / 4, 12);
    expect(selfNormalised(log).value).toBeCloseTo(2.25 / 4.5, 12);
    expect(selfNormalised(log).standardError).toBeCloseTo(Math.sqrt(2) / 4.5, 12);
    expect(inversePropensity(log)).toMatchObject({ size: 4, largestWeight: 2 });
    expect(inversePropensity(log).effectiveSize).toBeCloseTo(4.5 ** 2 / 8.25, 12);
  });

  it('trust a model that is right, whatever the propensities', () => {
    const log = [0.3, 0.9, 0.6].map((reward) => ({
      ...decision(0.01, 1, reward),
      modelled: reward,
      modelledTarget: 0.7,
    }));

    expect(doublyRobust(log).value).toBeCloseTo(0.7, 12);
    expect(doublyRobust(log).standardError).toBeCloseTo(0, 12);
  });

  it('say that they know nothing where the logs hold nothing of the policy, or one decision', () => {
    expect(selfNormalised([decision(0.5, 0, 1), decision(0.5, 0, 0)])).toMatchObject({
      standardError: Number.POSITIVE_INFINITY,
      effectiveSize: 0,
    });
    expect(inversePropensity([decision(0.5, 1, 1)]).high).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    ['propensity', decision(0, 1, 1)],
    ['propensity', decision(1.1, 1, 1)],
    ['target', decision(0.5, -0.1, 1)],
    ['reward', decision(0.5, 1, Number.NaN)],
  ])('refuse a log whose %s is out of range', (field, bad) => {
    const log = [decision(0.5, 1, 1), bad];

    for (const estimate of [inversePropensity, selfNormalised]) {
      expect(() => estimate(log)).toThrow(UnusableLogError);
      expect(() => estimate(log)).toThrow(`decision 1: ${field}`);
    }
  });

  it('refuse an empty log and a model that is not finite', () => {
    expect(() => inversePropensity([])).toThrow(UnusableLogError);
    expect(() =>
      doublyRobust([{ ...decision(1, 1, 1), modelled: Number.POSITIVE_INFINITY, modelledTarget: 0 }]),
    ).toThrow('modelled');
  });
});
