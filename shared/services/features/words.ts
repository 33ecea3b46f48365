/** Lower-case words, in order: runs of letters and digits; an apostrophe within a word is dropped with what follows. */

const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const MAX_WORDS = 1_500;
const MAX_WORD_UNITS = 32;

/** At most 1,500 words of at most 32 code units, from a text already bounded and lower-cased. */
export function wordsOf(lower: string): string[] {
  const words: string[] = [];
  for (const [word] of lower.matchAll(WORD)) {
    words.push(word.length > MAX_WORD_UNITS ? word.slice(0, MAX_WORD_UNITS) : word);
    if (words.length === MAX_WORDS) break;
  }
  return words;
}
