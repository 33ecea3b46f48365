/**
 * The strategies that are compared: the gateway's own, and what was tried beside, with one prior for all that are linear. A registered quality is
 * taken to be right within .3 (noise / sqrt(lambda)); names carry the amount of exploration in standard deviations.
 */
import type { SelectParams } from '../../../shared/model/selection.ts';
import { ownSelector } from './selection.ts';
import type { StrategyMaker } from './strategy.ts';

const NOISE = 0.5;
const PRIOR = { lambda: 3, noise: NOISE };

export interface Compared {
  readonly maker: StrategyMaker;
  readonly costWeight?: number;
  /** Shown in the learning curves. */
  readonly curve?: boolean;
  /** Decides by the sentence encoder's features; left out where none is installed. */
  readonly embedded?: boolean;
  /** Is told which benchmark a prompt is from, as a caller names its tasks; left out where that is not known. */
  readonly told?: boolean;
  /** Told by the context alone: scores are not counted by the name. */
  readonly uncounted?: boolean;
  /** Scores are counted by the likeliest kind of task, as the context has it. */
  readonly guessed?: boolean;
  /** By as many signs as the gateway's 64 numbers have room for. */
  readonly widely?: boolean;
  /** Left out of the scenarios other than the plain one. */
  readonly plainOnly?: boolean;
}

/** `amount` is in units of sqrt(x' (A + lambda I)^-1 x). */
export const linUcb = (amount: number, params: SelectParams = {}, name = `linucb ${short(amount)}`) =>
  ownSelector('linucb', { ...PRIOR, exploration: amount / NOISE, ...params }, name);

export const linThompson = (amount: number, params: SelectParams = {}) =>
  ownSelector(
    'lin-thompson',
    { ...PRIOR, exploration: amount / NOISE, ...params },
    `lin-thompson ${short(amount)}${params.floor === undefined ? '' : `, floor ${short(params.floor)}`}`,
  );

export const epsilonGreedy = (epsilon: number, params: SelectParams = {}) =>
  ownSelector(
    'epsilon-greedy',
    { ...PRIOR, likelihood: 'linear', epsilon, ...params },
    `epsilon-greedy ${short(epsilon)}, linear`,
  );

/** `amount` is in deviations of what the nearest past requests say. */
export const knn = (amount: number, name = `knn ${short(amount)}`) =>
  ownSelector('knn', { noise: NOISE, exploration: amount }, name);

/** `.1`, as the tables have it. */
const short = (value: number): string => String(value).replace(/^0/, '');

export const COMPARED: readonly Compared[] = [
  { maker: ownSelector('thompson', {}), curve: true },
  { maker: ownSelector('thompson', { likelihood: 'gaussian', noise: NOISE }, 'thompson, gaussian') },
  { maker: ownSelector('ucb1', { exploration: 0.2 }, 'ucb1 .2'), curve: true },
  { maker: ownSelector('ucb1', { exploration: 0.2, variant: 'tuned' }, 'ucb1 .2, tuned') },
  { maker: ownSelector('greedy', { ...PRIOR, likelihood: 'linear' }, 'greedy, linear') },
  { maker: epsilonGreedy(0.02) },
  { maker: linUcb(0.1), curve: true },
  { maker: linUcb(0.5), curve: true },
  { maker: linThompson(0.1), plainOnly: true },
  { maker: linThompson(0.25), curve: true },
  { maker: linUcb(0.1, {}, 'linucb .1, embedded'), curve: true, embedded: true },
  { maker: { ...linThompson(0.1), name: 'lin-thompson .1, embedded' }, embedded: true },
  { maker: linUcb(0.1, {}, 'linucb .1, told'), told: true },
  { maker: linUcb(0.1, {}, 'linucb .1, embedded, told'), curve: true, embedded: true, told: true },
  { maker: { ...linThompson(0.1), name: 'lin-thompson .1, told' }, told: true, plainOnly: true },
  { maker: linUcb(0.1, {}, 'linucb .1, told, not counted'), told: true, uncounted: true },
  {
    maker: linUcb(0.1, {}, 'linucb .1, embedded, told, not counted'),
    ...{ embedded: true, told: true, uncounted: true },
  },
  {
    maker: linUcb(0.1, {}, 'linucb .1, told by 12 signs, not counted'),
    ...{ told: true, uncounted: true, widely: true },
  },
  { maker: linUcb(0.1, {}, 'linucb .1, counts by guessed kind'), guessed: true },
  {
    maker: linUcb(0.1, {}, 'linucb .1, embedded, counts by guessed kind'),
    ...{ embedded: true, guessed: true },
  },
  { maker: knn(0.2) },
  { maker: knn(0.2, 'knn .2, embedded'), embedded: true, plainOnly: true },
  { maker: linUcb(0.1, { gamma: 0.998 }, 'linucb .1, gamma .998') },
  { maker: linUcb(0.1, {}, 'linucb .1, cost weight .05'), costWeight: 0.05, plainOnly: true },
];
