/** Where an address that the model found begins and ends: without who lives there, with the whole of its numbers. */
import type { Stretch } from './cut-names.ts';

/** `Dr` after a comma is no drive. */
const RESIDENT =
  /,\s+(?:mr|mrs|ms|miss|mx|dr|prof|sir|madam|mme|mlle|monsieur|herr|frau|sra?|srta|signora?|pan|pani|señora?)(?!\p{L})\P{N}*$/iu;
const WORD_BEFORE = /^\p{Ll}+,\s+(?=\p{N})/u;
/** `the cottage, 12 Elm Street`: what stands there, in small letters as no address begins. */
const THING_BEFORE = /^(?:(?:the|my|our|his|her|their) )?\p{Ll}+[,:] (?=\p{N}|\p{Lu})(?=[\s\S]*\p{Nd})/u;
/** A postal code behind its town, at a line's or a part's end. */
const CODE_AFTER = /(?<=[\p{L}\p{M})])[ \t]*,?[ \t]+\d{4,6}(?:-\d{4})?(?=[ \t]*(?:[\r\n.,;)]|(?![\s\S])))/uy;
const LEADING = /^[\s,;:]+/;
const TRAILING = /[\s,;:]+$/;
/** A line without a digit, above one that begins with one: who lives there, where it begins with a forename. */
const RESIDENT_LINE = /^([\p{L}\p{M}'’.\- ]{3,60}?)[ \t]*,?\r?\n\s*(?=\p{N})/u;
const NAME_WORDS = [2, 3];
const DIGIT = /\p{Nd}/u;

export interface CutAddress {
  address: Stretch | undefined;
  /** On the line above it. */
  names: Stretch[];
}

const lengthOf = (pattern: RegExp, text: string): number => pattern.exec(text)?.[0].length ?? 0;

const isDigitAt = (text: string, at: number): boolean => DIGIT.test(text.charAt(at));

/** As far as there is room, it takes the rest of a number that it begins or ends in, and closes what it opens. */
const completed = (text: string, { start, end }: Stretch, room: Stretch): Stretch => {
  let [low, high] = [start, end];
  while (low > room.start && isDigitAt(text, low) && isDigitAt(text, low - 1)) low -= 1;
  while (high < room.end && isDigitAt(text, high) && isDigitAt(text, high - 1)) high += 1;
  CODE_AFTER.lastIndex = high;
  if (CODE_AFTER.test(text) && CODE_AFTER.lastIndex <= room.end) high = CODE_AFTER.lastIndex;
  const address = text.slice(low, high);
  const opens = address.split('(').length > address.split(')').length;
  if (opens && high < room.end && text[high] === ')') high += 1;
  return { start: low, end: high };
};

/** The address within a span that the model took for one, if any is left; `room` is what no other span claims. */
export const cutAddress = (
  text: string,
  { start, end }: Stretch,
  isForename: (word: string) => boolean,
  room: Stretch = { start: 0, end: text.length },
): CutAddress => {
  const names: Stretch[] = [];
  let [low, high] = [start, end];
  const rest = (): string => text.slice(low, high);
  const [line, name = ''] = RESIDENT_LINE.exec(rest()) ?? [];
  const words = name.split(/\s+/);
  if (line !== undefined && NAME_WORDS.includes(words.length) && isForename(words[0] ?? '')) {
    names.push({ start: low, end: low + name.length });
    low += line.length;
  }
  high -= lengthOf(RESIDENT, rest());
  low += lengthOf(WORD_BEFORE, rest());
  low += lengthOf(THING_BEFORE, rest());
  low += lengthOf(LEADING, rest());
  high -= lengthOf(TRAILING, rest());
  return { address: low < high ? completed(text, { start: low, end: high }, room) : undefined, names };
};
