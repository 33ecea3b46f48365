/**
 * The strategies that are compared. lambda and the amounts of exploration were chosen on other seeds than those that
 * are reported; every strategy has the same lambda.
 */
import { linear } from './linear.ts';
import { ownSelector } from './selection.ts';
import type { StrategyMaker } from './strategy.ts';

const LAMBDA = 30;

export interface Compared {
  readonly maker: StrategyMaker;
  /** At most so many seeds, where a run is slow. */
  readonly seeds?: number;
  readonly costWeight?: number;
  /** Shown in the learning curves. */
  readonly curve?: boolean;
  /** Left out of the scenarios other than the plain one. */
  readonly plainOnly?: boolean;
}

export const LINUCB = linear('linucb', { explore: 'ucb', amount: 0.1, lambda: LAMBDA });

export const COMPARED: readonly Compared[] = [
  // 256 draws a decision for its propensities make it slow.
  { maker: ownSelector('thompson', {}), seeds: 5, curve: true, plainOnly: true },
  { maker: ownSelector('ucb1', { exploration: 0.2 }), curve: true },
  { maker: linear('greedy, linear', { explore: 'ucb', amount: 0, lambda: LAMBDA }), plainOnly: true },
  { maker: linear('epsilon-greedy, linear', { explore: 'epsilon', amount: 0.02, lambda: LAMBDA }) },
  { maker: LINUCB, curve: true },
  { maker: linear('linucb, amount .5', { explore: 'ucb', amount: 0.5, lambda: LAMBDA }), plainOnly: true },
  { maker: linear('lin-thompson', { explore: 'thompson', amount: 0.1, lambda: LAMBDA }), curve: true },
  {
    maker: linear('linucb, pooled', { explore: 'ucb', amount: 0.1, lambda: LAMBDA, pooled: true }),
    curve: true,
  },
  {
    maker: linear('linucb, gamma .998', { explore: 'ucb', amount: 0.1, lambda: LAMBDA, gamma: 0.998 }),
  },
  {
    maker: { ...LINUCB, name: 'linucb, cost weight .05' },
    costWeight: 0.05,
  },
];
