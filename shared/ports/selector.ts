import type { SelectorBackend } from '../model/decision.ts';
import type { SelectRequest, SelectResult } from '../model/selection.ts';

export interface Selector {
  readonly backend: SelectorBackend;
  /** One result for each request, in their order. Throws when the selector as a whole cannot answer. */
  select(requests: readonly SelectRequest[]): Promise<SelectResult[]>;
}
