/**
 * A name that stands whole in a text is known there by its parts: `Griffin said` after `Michael Griffin`.
 * pii-model/train/name_mentions.py says the same.
 */
import type { Stretch } from './cut-names.ts';

export interface ScoredName extends Stretch {
  score: number;
}

const WORD = /[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*/gu;
const OWNERS = /['’]s$/u;
const TITLED = /^\p{Lu}[\p{L}\p{M}'’-]*\p{Ll}[\p{L}\p{M}'’-]*$/u;
/** What is joined to something, or stands beside another capital, is not the name alone. */
const JOINED_BEFORE = /(?:[\p{Nd}@_/\\.#$-]|(?<![\p{L}\p{M}])\p{Lu}(?:[\p{L}\p{M}'’-]{0,30}|\.) )$/u;
const JOINED_AFTER = /^(?:[\p{Nd}@_/\\]|[.:-]\p{L}| \p{Lu}[\p{L}\p{M}])/u;
const BEFORE = 40;
const AFTER = 5;
const LEAST_LETTERS = 3;
/** A span that covers more than the part, and is as likely a name as not, stays. */
const EVEN = 0.5;

/** Words of names of two and more, with the best score of those that they are from. */
const partsOf = (text: string, names: readonly ScoredName[]): Map<string, number> => {
  const parts = new Map<string, number>();
  for (const { start, end, score } of names) {
    const words = text.slice(start, end).match(WORD) ?? [];
    if (words.length < 2) continue;
    for (const word of words)
      if (word.length >= LEAST_LETTERS && TITLED.test(word))
        parts.set(word, Math.max(score, parts.get(word) ?? 0));
  }
  return parts;
};

/** Which of some spans, sorted and apart, lie over a place; the places are asked for in order. */
const finderOf = <Span extends Stretch>(spans: readonly Span[]): ((place: Stretch) => Span[]) => {
  let first = 0;
  return ({ start, end }) => {
    while ((spans[first]?.end ?? end) <= start) first += 1;
    let last = first;
    while ((spans[last]?.start ?? end) < end) last += 1;
    return spans.slice(first, last);
  };
};

const inOrder = <Span extends Stretch>(spans: readonly Span[]): Span[] =>
  spans.toSorted((a, b) => a.start - b.start);

const isAlone = (text: string, { start, end }: Stretch): boolean =>
  !JOINED_BEFORE.test(text.slice(Math.max(0, start - BEFORE), start)) &&
  !JOINED_AFTER.test(text.slice(end, end + AFTER));

/**
 * The names, and their parts where they stand alone. `others` are spans of other types. A part that the text writes in small
 * letters too is a word.
 */
export const withMentions = (
  text: string,
  names: readonly ScoredName[],
  others: readonly Stretch[],
): ScoredName[] => {
  const parts = partsOf(text, names);
  if (parts.size === 0) return [...names];
  const places: (ScoredName & { word: string })[] = [];
  const small = new Set<string>();
  for (const { 0: found, index: start } of text.matchAll(WORD)) {
    const word = found.replace(OWNERS, '');
    const score = parts.get(word);
    if (score !== undefined) places.push({ start, end: start + word.length, score, word });
    else if (word === word.toLowerCase()) small.add(word);
  }
  const namesOver = finderOf(inOrder(names));
  const othersOver = finderOf(inOrder(others));
  const covered = new Set<ScoredName>();
  const alone = places.filter(({ word, ...place }) => {
    const over = namesOver(place);
    const isTaken =
      othersOver(place).length > 0 || over.some(({ score }) => score >= Math.min(EVEN, place.score));
    if (isTaken || small.has(word.toLowerCase()) || !isAlone(text, place)) return false;
    for (const name of over) covered.add(name);
    return true;
  });
  const added = alone.map(({ start, end, score }) => ({ start, end, score }));
  return inOrder([...names.filter((name) => !covered.has(name)), ...added]);
};
