/** Texts that only fill: one character, or a few words, over and over. One pass with a fixed number of comparisons a word. */
import type { Folded } from './fold.ts';

const LONGEST_RUN = 4_000;
const MOST_REPEATS = 400;
const LONGEST_PERIOD = 8;
const BLANK = 32;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** A letter or a sign that stands thousands of times; blanks and rules of tables are drawn that long by people. */
export const hasLongRun = (text: string): boolean => {
  if (text.length < LONGEST_RUN) return false;
  let run = 0;
  let before = -1;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    run = unit === before ? run + 1 : 1;
    before = unit;
    if (run >= LONGEST_RUN && unit > BLANK && unit !== 45 && unit !== 61 && unit !== 48) return true;
  }
  return false;
};

const hashOf = ({ units, length, starts }: Folded, word: number): { hash: number; isWord: boolean } => {
  let hash = FNV_OFFSET;
  let isWord = false;
  const end = starts[word + 1] ?? length;
  for (let at = starts[word] ?? 0; at < end; at++) {
    const unit = units[at] ?? 0;
    if (unit === BLANK) break;
    if (unit > 57) isWord = true;
    hash = Math.imul(hash ^ unit, FNV_PRIME);
  }
  return { hash, isWord };
};

/** The same words hundreds of times in a row; numbers alone are a table. */
export const repeatsWords = (folded: Folded): boolean => {
  const count = folded.starts.length;
  if (count < MOST_REPEATS) return false;
  const hashes = new Int32Array(count);
  const runs = new Int32Array(LONGEST_PERIOD + 1);
  let lastLetters = Number.NEGATIVE_INFINITY;
  for (let word = 0; word < count; word++) {
    const { hash, isWord } = hashOf(folded, word);
    hashes[word] = hash;
    if (isWord) lastLetters = word;
    for (let period = 1; period <= LONGEST_PERIOD && period <= word; period++) {
      const run = hashes[word - period] === hash ? (runs[period] ?? 0) + 1 : 0;
      runs[period] = run;
      if (run >= MOST_REPEATS * period && word - lastLetters < period) return true;
    }
  }
  return false;
};
