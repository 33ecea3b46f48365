/**
 * The strategies that are compared. lambda and the amounts of exploration were chosen on other seeds than those that
 * are reported; every linear strategy has the same lambdas. Names carry the amount of exploration.
 */
import { linear } from './linear.ts';
import { ownSelector } from './selection.ts';
import type { StrategyMaker } from './strategy.ts';

const PRIOR = { lambda: 100, biasLambda: 3 };

export interface Compared {
  readonly maker: StrategyMaker;
  readonly costWeight?: number;
  /** Shown in the learning curves. */
  readonly curve?: boolean;
  /** Left out of the scenarios other than the plain one. */
  readonly plainOnly?: boolean;
}

const LINUCB = linear('linucb .1', { explore: 'ucb', amount: 0.1, ...PRIOR });

export const COMPARED: readonly Compared[] = [
  { maker: ownSelector('thompson', {}), curve: true, plainOnly: true },
  { maker: ownSelector('ucb1', { exploration: 0.2 }, 'ucb1 .2'), curve: true },
  { maker: linear('greedy, linear', { explore: 'ucb', amount: 0, ...PRIOR }), plainOnly: true },
  { maker: linear('epsilon-greedy .02, linear', { explore: 'epsilon', amount: 0.02, ...PRIOR }) },
  { maker: LINUCB, curve: true },
  { maker: linear('linucb .5', { explore: 'ucb', amount: 0.5, ...PRIOR }), curve: true },
  { maker: linear('lin-thompson .1', { explore: 'thompson', amount: 0.1, ...PRIOR }) },
  { maker: linear('lin-thompson .25', { explore: 'thompson', amount: 0.25, ...PRIOR }), curve: true },
  {
    maker: linear('linucb .1, pooled', { explore: 'ucb', amount: 0.1, pooled: true, ...PRIOR }),
    curve: true,
  },
  { maker: linear('linucb .1, gamma .998', { explore: 'ucb', amount: 0.1, gamma: 0.998, ...PRIOR }) },
  { maker: { ...LINUCB, name: 'linucb .1, cost weight .05' }, costWeight: 0.05, plainOnly: true },
];
