/** What a strategy is: numbers in, a verdict out. Twin of rust-selector/src/policy. */
import type { ArmState } from '../../model/selection.ts';
import type { RequestFault } from './check.ts';
import type { SelectionMemo } from './memo.ts';
import type { Sfc32 } from './random.ts';

/** One candidate as a strategy sees it; `offset` is the part of the utility that needs no learning. */
export interface Arm {
  readonly id: string;
  readonly priorQuality: number;
  readonly offset: number;
  readonly state: ArmState;
}

/** Arms stand in the order of their ids, which is also the order in which ties are decided. At least one. */
export interface Field {
  readonly qualityWeight: number;
  /** The request's; empty where it has none. */
  readonly features: readonly number[];
  /** Hash of what the caller named its task. */
  readonly task?: number | undefined;
  readonly memo: SelectionMemo;
  readonly arms: readonly Arm[];
}

export interface Assessment {
  readonly quality: number;
  readonly uncertainty: number;
  readonly score: number;
  readonly propensity: number;
  /** How much of the quality scores of the named task brought or took, where there are any. */
  readonly by_task?: number;
}

/** What a strategy decided: an assessment an arm, whose propensities add up to 1, and the index of the chosen arm,
 * which need not have the highest score where a strategy explores or obeys. */
export interface Verdict {
  readonly assessed: readonly Assessment[];
  readonly chosen: number;
}

export type Policy = (field: Field, rng: Sfc32) => Verdict | RequestFault;

export function utility(field: Field, arm: Arm, quality: number): number {
  return field.qualityWeight * quality + arm.offset;
}

/** The highest score is chosen with certainty. */
export function certain(scored: readonly Omit<Assessment, 'propensity'>[]): Verdict {
  const chosen = best(scored.map((one) => one.score));
  const assessed = scored.map((one, index) => ({ ...one, propensity: index === chosen ? 1 : 0 }));
  return { assessed, chosen };
}

/** A share of the choices is made at random instead, each of the K arms as likely. Propensities are exact. */
export function butAtRandom({ assessed, chosen }: Verdict, share: number, rng: Sfc32): Verdict {
  const count = assessed.length;
  const mixed = assessed.map((one) => ({ ...one, propensity: (1 - share) * one.propensity + share / count }));
  const explores = rng.nextUnit() < share;
  return { assessed: mixed, chosen: explores ? Math.floor(rng.nextUnit() * count) : chosen };
}

/** The first of the highest. */
export function best(scores: ArrayLike<number>): number {
  let winner = 0;
  let highest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < scores.length; index += 1) {
    const score = scores[index] ?? Number.NaN;
    if (score > highest) {
      winner = index;
      highest = score;
    }
  }
  return winner;
}
