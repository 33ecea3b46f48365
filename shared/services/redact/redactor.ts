/** Replaces findings by `[REDACTED:TYPE]`. Fails closed: when detection throws, so does this. */
import type { PiiSpan } from '../../model/pii.ts';
import type { PiiDetector } from '../../ports/pii-detector.ts';

/** `spans` are sorted and do not overlap. */
export const redactText = (text: string, spans: readonly PiiSpan[]): string => {
  if (spans.length === 0) return text;
  let redacted = '';
  let from = 0;
  for (const { start, end, type } of spans) {
    redacted += `${text.slice(from, start)}[REDACTED:${type}]`;
    from = end;
  }
  return redacted + text.slice(from);
};

const WORD_BEFORE_NUMBER = /(?<=[a-z])[-_.](?=\d)/i;

export class Redactor {
  readonly #detector: PiiDetector;

  constructor(detector: PiiDetector) {
    this.#detector = detector;
  }

  redact(text: string): { text: string; findings: number } {
    const spans = this.#detector.detect(text);
    return { text: redactText(text, spans), findings: spans.length };
  }

  text(text: string): string {
    return this.redact(text).text;
  }

  /** For identifiers, which are refused rather than rewritten; a word joined before a number does not hide it. */
  holdsPersonalData(text: string): boolean {
    return [text, ...text.split(WORD_BEFORE_NUMBER)].some((part) => this.#detector.detect(part).length > 0);
  }
}
