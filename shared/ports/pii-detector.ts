import type { PiiSpan } from '../model/pii.ts';

/** Finds personal data; spans are sorted and do not overlap. */
export interface PiiDetector {
  detect(text: string): PiiSpan[];
}

export interface PiiReading {
  /** Sorted, apart from each other. */
  spans: PiiSpan[];
  /** False where the time was over before the text's end. */
  complete: boolean;
}

/** Finds what patterns cannot: names, addresses. Far dearer than they are. */
export interface PiiReader {
  /** A reading of each text, as far as there is time. Rejects where it cannot read at all. */
  read(texts: readonly string[], budgetMs: number): Promise<PiiReading[]>;
}
