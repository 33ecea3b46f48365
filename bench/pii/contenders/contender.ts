import type { PiiSpan } from '../../../shared/model/pii.ts';

/** What finds personal data, as the bench asks it. */
export interface Contender {
  name: string;
  /** The findings of each text, in the texts' order. */
  find(texts: readonly string[]): Promise<PiiSpan[][]>;
}
