/** From a strategy's name and parameters to the strategy; each checks what it reads and ignores the rest. */
import { DEFAULT_MEMORY, MAX_MEMORY } from '../../model/memory-state.ts';
import { SELECT_STRATEGIES, type SelectParams } from '../../model/selection.ts';
import { betaBeliefs, gaussianBeliefs, type Likelihood } from './belief.ts';
import { idFault, invalid, numberFault, type RequestFault, wholeFault } from './check.ts';
import { epsilonGreedy, fixed, greedy } from './greedy.ts';
import { knn } from './knn.ts';
import { type LinearSettings, linearBeliefs, linThompson, linUcb } from './linear.ts';
import type { Policy } from './policy.ts';
import { betaThompson, gaussianThompson } from './thompson.ts';
import { ucb1, ucbTuned } from './ucb1.ts';

type Build = (params: Required<SelectParams>) => Policy | RequestFault;

const DEFAULTS: Required<SelectParams> = {
  prior_strength: 8,
  gamma: 1,
  exploration: 1,
  likelihood: 'beta',
  variant: 'ucb1',
  noise: 0.5,
  lambda: 1,
  epsilon: 0.1,
  floor: 0.001,
  neighbours: 64,
  memory: DEFAULT_MEMORY,
  task_strength: 16,
  model: '',
};

const BUILDERS: ReadonlyMap<string, Build> = new Map<string, Build>([
  ['thompson', buildThompson],
  ['ucb1', buildUcb],
  ['linucb', (params) => buildLinear(params, linUcb)],
  ['lin-thompson', buildLinThompson],
  ['knn', buildKnn],
  ['epsilon-greedy', buildEpsilonGreedy],
  ['greedy', (params) => withLikelihood(params, greedy)],
  ['fixed', buildFixed],
]);

export function buildPolicy(strategy: string, params: SelectParams): Policy | RequestFault {
  const build = BUILDERS.get(strategy);
  if (build !== undefined) return build({ ...DEFAULTS, ...params });
  return { code: 'unknown_strategy', message: `strategy is not one of ${SELECT_STRATEGIES.join(', ')}` };
}

function buildThompson(params: Required<SelectParams>): Policy | RequestFault {
  const { likelihood, prior_strength: strength, noise, floor } = params;
  const fault = likelihoodFault(params, 'beta or gaussian') ?? floorFault(floor);
  if (fault !== undefined) return fault;
  return likelihood === 'beta' ? betaThompson(strength, floor) : gaussianThompson(strength, noise, floor);
}

function buildUcb(params: Required<SelectParams>): Policy | RequestFault {
  const { prior_strength: strength, exploration, variant } = params;
  const fault = priorFault(params) ?? explorationFault(exploration);
  if (fault !== undefined) return fault;
  if (variant === 'ucb1') return ucb1(strength, exploration);
  return variant === 'tuned' ? ucbTuned(strength, exploration) : invalid('params.variant', 'ucb1 or tuned');
}

function buildKnn(params: Required<SelectParams>): Policy | RequestFault {
  const { prior_strength: strength, noise, exploration, floor, neighbours, memory, gamma } = params;
  return (
    priorFault(params) ??
    noiseFault(noise) ??
    explorationFault(exploration) ??
    floorFault(floor) ??
    memoryFault('params.neighbours', neighbours) ??
    memoryFault('params.memory', memory) ??
    knn({ strength, noise, exploration, floor, neighbours, gamma })
  );
}

function buildEpsilonGreedy(params: Required<SelectParams>): Policy | RequestFault {
  const { epsilon } = params;
  return withLikelihood(
    params,
    (likelihood) =>
      numberFault('params.epsilon', epsilon, [0, 1, '0 to 1']) ?? epsilonGreedy(likelihood, epsilon),
  );
}

function buildFixed(params: Required<SelectParams>): Policy | RequestFault {
  const { model } = params;
  return withLikelihood(params, (likelihood) => idFault('params.model', model) ?? fixed(likelihood, model));
}

function buildLinear(
  params: Required<SelectParams>,
  build: (settings: LinearSettings, exploration: number) => Policy | RequestFault,
): Policy | RequestFault {
  const { exploration } = params;
  return linearFault(params) ?? explorationFault(exploration) ?? build(params, exploration);
}

function buildLinThompson(params: Required<SelectParams>): Policy | RequestFault {
  const { floor } = params;
  return buildLinear(
    params,
    (settings, exploration) => floorFault(floor) ?? linThompson(settings, exploration, floor),
  );
}

function withLikelihood(
  params: Required<SelectParams>,
  build: (likelihood: Likelihood) => Policy | RequestFault,
): Policy | RequestFault {
  const { likelihood, prior_strength: strength, noise } = params;
  if (likelihood === 'linear') return linearFault(params) ?? build(linearBeliefs(params));
  const fault = likelihoodFault(params, 'beta, gaussian or linear');
  if (fault !== undefined) return fault;
  return build(likelihood === 'beta' ? betaBeliefs(strength) : gaussianBeliefs(strength, noise));
}

function likelihoodFault(params: Required<SelectParams>, rule: string): RequestFault | undefined {
  const { likelihood, noise } = params;
  const fault = priorFault(params);
  if (fault !== undefined || likelihood === 'beta') return fault;
  if (likelihood !== 'gaussian') return invalid('params.likelihood', rule);
  return noiseFault(noise);
}

function priorFault({ prior_strength: strength, gamma }: Required<SelectParams>): RequestFault | undefined {
  return numberFault('params.prior_strength', strength, [1, 1e6, '1 to 1e6']) ?? gammaFault(gamma);
}

function linearFault({
  gamma,
  lambda,
  noise,
  task_strength: taskStrength,
}: Required<SelectParams>): RequestFault | undefined {
  return (
    gammaFault(gamma) ??
    numberFault('params.lambda', lambda, [0.001, 1e6, '0.001 to 1e6']) ??
    noiseFault(noise) ??
    numberFault('params.task_strength', taskStrength, [1, 1e6, '1 to 1e6'])
  );
}

/** gamma is `learn`'s, but a policy that it would refuse must not look healthy here. */
function gammaFault(gamma: number): RequestFault | undefined {
  return numberFault('params.gamma', gamma, [0.5, 1, '0.5 to 1']);
}

function explorationFault(exploration: number): RequestFault | undefined {
  return numberFault('params.exploration', exploration, [0, 100, '0 to 100']);
}

function floorFault(floor: number): RequestFault | undefined {
  return numberFault('params.floor', floor, [1e-6, 1, '1e-6 to 1']);
}

/** `memory` is `learn`'s, as gamma is. */
function memoryFault(field: string, value: number): RequestFault | undefined {
  return wholeFault(field, value, [1, MAX_MEMORY, `a whole number from 1 to ${MAX_MEMORY}`]);
}

function noiseFault(noise: number): RequestFault | undefined {
  return numberFault('params.noise', noise, [0.001, 1, '0.001 to 1']);
}
