import type { PiiSpan } from '../model/pii.ts';

/** Finds personal data; spans are sorted and do not overlap. */
export interface PiiDetector {
  detect(text: string): PiiSpan[];
}
