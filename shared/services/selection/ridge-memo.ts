/** Solved ridges, kept for as long as the state that they were solved from. */
import type { LinearState } from '../../model/linear-state.ts';
import { type Ridge, solveRidge } from './ridge.ts';

/** More strengths than the policies that share a state are likely to have. */
const KEPT = 4;

export class RidgeMemo {
  readonly #solved = new WeakMap<LinearState, Ridge[]>();

  solve(state: LinearState, lambda: number): Ridge | undefined {
    const solved = this.#solved.get(state) ?? [];
    const known = solved.find((one) => one.lambda === lambda);
    if (known !== undefined) return known;
    const ridge = solveRidge(state, lambda);
    if (ridge !== undefined) this.#solved.set(state, [...solved.slice(1 - KEPT), ridge]);
    return ridge;
  }
}
