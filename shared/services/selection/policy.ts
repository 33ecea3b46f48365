/** What a strategy is: numbers in, one assessment an arm out. Twin of rust-selector/src/policy. */
import type { ArmState } from '../../model/selection.ts';
import type { Sfc32 } from './random.ts';

/** One candidate as a strategy sees it; `offset` is the part of the utility that needs no learning. */
export interface Arm {
  readonly priorQuality: number;
  readonly offset: number;
  readonly state: ArmState;
}

/** Arms stand in the order of their ids, which is also the order in which ties are decided. */
export interface Field {
  readonly qualityWeight: number;
  readonly arms: readonly Arm[];
}

export interface Assessment {
  readonly quality: number;
  readonly uncertainty: number;
  readonly score: number;
  readonly propensity: number;
}

/** Propensities add up to 1. */
export type Policy = (field: Field, rng: Sfc32) => readonly Assessment[];

export function utility(field: Field, arm: Arm, quality: number): number {
  return field.qualityWeight * quality + arm.offset;
}
