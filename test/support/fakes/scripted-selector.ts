import type { SelectorBackend } from '../../../shared/model/decision.ts';
import type { SelectRequest, SelectResult } from '../../../shared/model/selection.ts';
import type { Selector } from '../../../shared/ports/selector.ts';

/** Ranks the candidates in the order given, and says so with equal propensities. */
export const rankInOrder = (request: SelectRequest): SelectResult => ({
  id: request.id,
  state_version: 7,
  state: 'fresh',
  ranking: request.candidates.map(({ id, prior_quality }, index) => ({
    id,
    quality: prior_quality,
    uncertainty: 0.1,
    score: 1 - index / 10,
    propensity: 1 / request.candidates.length,
  })),
});

type Behaviour = (requests: readonly SelectRequest[]) => Promise<SelectResult[]> | SelectResult[];

export class ScriptedSelector implements Selector {
  readonly backend: SelectorBackend;
  readonly batches: SelectRequest[][] = [];
  /** What it does at the next call. */
  behaviour: Behaviour = (requests) => requests.map(rankInOrder);

  constructor(backend: SelectorBackend) {
    this.backend = backend;
  }

  async select(requests: readonly SelectRequest[]): Promise<SelectResult[]> {
    this.batches.push([...requests]);
    return this.behaviour(requests);
  }
}
