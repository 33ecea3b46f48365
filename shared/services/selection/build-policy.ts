/** From a strategy's name and parameters to the strategy; each checks what it reads and ignores the rest. */
import type { SelectParams } from '../../model/selection.ts';
import { numberFault, type RequestFault } from './check.ts';
import type { Policy } from './policy.ts';
import { thompson } from './thompson.ts';
import { ucb1 } from './ucb1.ts';

export function buildPolicy(strategy: string, params: SelectParams): Policy | RequestFault {
  const { prior_strength: priorStrength = 8, gamma = 1, exploration = 1 } = params;
  const priorFault = () =>
    numberFault('params.prior_strength', priorStrength, [1, 1e6, '1 to 1e6']) ??
    numberFault('params.gamma', gamma, [0.5, 1, '0.5 to 1']);
  switch (strategy) {
    case 'thompson':
      return priorFault() ?? thompson(priorStrength);
    case 'ucb1': {
      const fault = priorFault() ?? numberFault('params.exploration', exploration, [0, 100, '0 to 100']);
      return fault ?? ucb1(priorStrength, exploration);
    }
    default:
      return { code: 'unknown_strategy', message: 'strategy is not one of thompson, ucb1' };
  }
}
