/** Where an address that the model found begins and ends: not over a semicolon, without who lives there. */
import type { Stretch } from './cut-names.ts';

const PARTS = /[^;]+/g;
/** `Dr` after a comma is no drive. */
const RESIDENT =
  /,\s+(?:mr|mrs|ms|miss|mx|dr|prof|sir|madam|mme|mlle|monsieur|herr|frau|sra?|srta|signora?|pan|pani|señora?)(?!\p{L})\P{N}*$/iu;
const WORD_BEFORE = /^\p{Ll}+,\s+(?=\p{N})/u;
const LEADING = /^[\s,;:]+/;
const TRAILING = /[\s,;:]+$/;
const DIGIT = /\p{N}/u;
/** A line without a digit, above one that begins with one: who lives there, where it begins with a forename. */
const RESIDENT_LINE = /^([\p{L}\p{M}'’.\- ]{3,60}?)[ \t]*,?\r?\n\s*(?=\p{N})/u;
const NAME_WORDS = [2, 3];

export interface CutAddress {
  addresses: Stretch[];
  /** On lines above them. */
  names: Stretch[];
}

const lengthOf = (pattern: RegExp, text: string): number => pattern.exec(text)?.[0].length ?? 0;

/** The addresses within a span that the model took for one. */
export const cutAddress = (
  text: string,
  { start, end }: Stretch,
  isForename: (word: string) => boolean,
): CutAddress => {
  const addresses: Stretch[] = [];
  const names: Stretch[] = [];
  const whole = text.slice(start, end);
  for (const { index, 0: part } of whole.matchAll(PARTS)) {
    if (part !== whole && !DIGIT.test(part)) continue;
    let low = start + index;
    let high = low + part.length;
    const rest = (): string => text.slice(low, high);
    const [line, name = ''] = RESIDENT_LINE.exec(part) ?? [];
    const words = name.split(/\s+/);
    if (line !== undefined && NAME_WORDS.includes(words.length) && isForename(words[0] ?? '')) {
      names.push({ start: low, end: low + name.length });
      low += line.length;
    }
    high -= lengthOf(RESIDENT, rest());
    low += lengthOf(WORD_BEFORE, rest());
    low += lengthOf(LEADING, rest());
    high -= lengthOf(TRAILING, rest());
    if (low < high) addresses.push({ start: low, end: high });
  }
  return { addresses, names };
};
