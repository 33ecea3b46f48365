/** What is asked of the function that finds names, and what it answers. */
import type { PiiSpan } from './pii.ts';

export const NAMES_CONTRACT = 1;

export interface NamesQuestion {
  contract: typeof NAMES_CONTRACT;
  texts: readonly string[];
  /** Milliseconds that the model may take for all of them. */
  budget_ms: number;
}

export interface NamesAnswer {
  /** One for each text, in their order. */
  readings: { spans: PiiSpan[]; complete: boolean }[];
}
