/**
 * Names of which the second stage is not sure, and which their writing speaks against: in small letters where sentences begin
 * with capitals, or Chinese characters that no known name begins with. pii-model/train/doubtful_names.py says the same.
 */
import type { ScoredName } from './name-mentions.ts';

/** From which score on a name is one however it is written. */
const SURE = 0.85;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
/** The first letter of a sentence or a line. */
const OPENING = /(?:^|[.!?]\s|\n)[^\p{L}\n]{0,6}(\p{L})/gu;
const HAN = /^\p{Script=Han}+$/u;
const LONGEST_SURNAME = 3;
const LONGEST_NAME = 3;

type IsKnown = (word: string) => boolean;

/** Do most sentences? */
const beginsWithCapitals = (text: string): boolean => {
  let all = 0;
  let capitals = 0;
  for (const [, letter = ''] of text.matchAll(OPENING)) {
    all += 1;
    if (letter !== letter.toLowerCase()) capitals += 1;
  }
  return 2 * capitals > all;
};

/** More than three characters have a surname of two, or of more, as Japanese ones have. */
const beginsAsName = (name: string, isKnown: IsKnown): boolean => {
  const characters = [...name];
  for (let size = characters.length <= LONGEST_NAME ? 1 : 2; size <= LONGEST_SURNAME; size++)
    if (isKnown(characters.slice(0, size).join(''))) return true;
  return false;
};

const isStrangeSmall = (name: string, isKnown: IsKnown): boolean =>
  name === name.toLowerCase() && name !== name.toUpperCase() && !(name.match(WORD) ?? []).every(isKnown);

/** Without those. */
export const withoutDoubtful = (
  text: string,
  names: readonly ScoredName[],
  isKnown: IsKnown,
): ScoredName[] => {
  let hasCapitals: boolean | undefined;
  return names.filter(({ start, end, score }) => {
    if (score >= SURE) return true;
    const name = text.slice(start, end);
    if (HAN.test(name)) return beginsAsName(name, isKnown);
    if (!isStrangeSmall(name, isKnown)) return true;
    hasCapitals ??= beginsWithCapitals(text);
    return !hasCapitals;
  });
};
