/** What patterns and the model found in one text, as spans apart from each other: a pattern with a validator knows better. */
import type { PiiSpan, PiiType } from '../../model/pii.ts';

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

const digits = (text: string): number => text.replace(/\D/g, '').length;

/** Of the types that patterns validate the model may claim only what could be one, and only where no pattern was found. */
const COULD_BE: Readonly<Partial<Record<PiiType, (text: string) => boolean>>> = {
  EMAIL: (text) => /@| at |\bat\b.*\bdot\b/i.test(text) && !/\n/.test(text),
  PHONE: (text) => digits(text) >= 7 && digits(text) <= 17,
  SSN: (text) => digits(text) === 9,
  CREDIT_CARD: (text) => digits(text) >= 12 && digits(text) <= 19,
  IBAN: (text) => /^[a-z]{2} ?\d{2}/i.test(text) && text.replace(/[^a-z0-9]/gi, '').length >= 15,
  IP: (text) => /^[0-9a-f.:]{7,45}$/i.test(text),
};

/** A digit, or a hump in a word that begins small: programs' names, not people's. */
const IDENTIFIER = /\d|_|(?<!\p{L})\p{Ll}+\p{Lu}/u;

/** What is left of a span outside of the others, which are sorted. */
const outside = (text: string, span: PiiSpan, others: readonly PiiSpan[]): PiiSpan[] => {
  const couldBe = COULD_BE[span.type];
  const left: PiiSpan[] = [];
  let { start } = span;
  let isCut = false;
  for (const other of others) {
    if (other.end <= start || other.start >= span.end) continue;
    isCut = true;
    if (other.start > start) left.push({ ...span, start, end: other.start });
    start = Math.max(start, other.end);
  }
  if (couldBe !== undefined) return !isCut && couldBe(text.slice(span.start, span.end)) ? [span] : [];
  if (start < span.end) left.push({ ...span, start });
  if (!isCut) return left;
  return left.map((rest) => trimmed(text, rest)).filter((rest) => rest !== undefined);
};

const STRONG_PHONE = /^(?:\(?\+|00[1-9 ]|\(?[2-9]\d{2}\)?[-. ]\d{3}[-. ]\d{4})/;

/** Digits that only a word nearby makes a telephone's: where an address goes on behind them they are the house's. */
const isHouseNumber = (text: string, { start, end, type }: PiiSpan, read: readonly PiiSpan[]): boolean =>
  type === 'PHONE' &&
  !STRONG_PHONE.test(text.slice(start, end)) &&
  read.some((other) => other.type === 'ADDRESS' && start < other.end && end < other.end && other.start < end);

/** Both are sorted, and apart from each other. */
export const mergeSpans = (
  text: string,
  found: readonly PiiSpan[],
  read: readonly PiiSpan[],
): readonly PiiSpan[] => {
  if (read.length === 0) return found;
  const validated = found.filter((span) => !isHouseNumber(text, span, read));
  const whole = read
    .filter(({ start, end, type }) => type !== 'PERSON' || !IDENTIFIER.test(text.slice(start, end)))
    .map((span) => widened(text, span));
  return [...validated, ...whole.flatMap((span) => outside(text, span, validated))].sort(
    (a, b) => a.start - b.start,
  );
};
