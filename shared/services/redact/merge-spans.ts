/** What patterns and the model found in one text, as spans apart from each other: a pattern with a validator knows better. */
import type { PiiSpan } from '../../model/pii.ts';

/** Blanks and marks that are no part of what is left of a finding. */
const EDGE = /^[\s,;:()<>[\]"'`|/\\-]+|[\s,;:()<>[\]"'`|/\\-]+$/g;
/** A remainder with fewer letters says nothing by itself. */
const LEAST_LETTERS = 3;

/** Marks that belong to the character before them: half an accent is not to stay behind. */
const TRAILING = /\p{M}+/uy;

const widened = (text: string, { start, end, type }: PiiSpan): PiiSpan => {
  TRAILING.lastIndex = end;
  const marks = TRAILING.exec(text);
  return marks === null ? { start, end, type } : { start, end: end + marks[0].length, type };
};

const trimmed = (text: string, { start, end, type }: PiiSpan): PiiSpan | undefined => {
  const rest = text.slice(start, end);
  const left = rest.length - rest.replace(EDGE, (marks, at: number) => (at === 0 ? '' : marks)).length;
  const right = rest.length - rest.replace(EDGE, (marks, at: number) => (at === 0 ? marks : '')).length;
  const letters = rest.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  return letters < LEAST_LETTERS ? undefined : { start: start + left, end: end - right, type };
};

/** What is left of a span outside of the others, which are sorted. */
const outside = (text: string, span: PiiSpan, others: readonly PiiSpan[]): PiiSpan[] => {
  const left: PiiSpan[] = [];
  let { start } = span;
  let isCut = false;
  for (const other of others) {
    if (other.end <= start || other.start >= span.end) continue;
    isCut = true;
    if (other.start > start) left.push({ ...span, start, end: other.start });
    start = Math.max(start, other.end);
  }
  if (start < span.end) left.push({ ...span, start });
  if (!isCut) return left;
  return left.map((rest) => trimmed(text, rest)).filter((rest) => rest !== undefined);
};

/** Both are sorted, and apart from each other. */
export const mergeSpans = (
  text: string,
  validated: readonly PiiSpan[],
  read: readonly PiiSpan[],
): readonly PiiSpan[] => {
  if (read.length === 0) return validated;
  const whole = read.map((span) => widened(text, span));
  if (validated.length === 0) return whole;
  return [...validated, ...whole.flatMap((span) => outside(text, span, validated))].sort(
    (a, b) => a.start - b.start,
  );
};
