/**
 * Names that are nobody's data whatever the model thinks of them: a theorem's, a cited author's, an identifier in code, an
 * article and its noun, a widely known person's whom nothing brings near. pii-model/train/cited_names.py says the same.
 */
import type { Stretch } from './cut-names.ts';

const EPONYMS =
  'theorem|lemma|corollary|conjecture|inequality|equation|copula|polynomial|integral|transform|axiom|paradox|algorithm|heuristic';
/** `Gumbel Copula`, taken for a whole name. */
const ENDS_AS_EPONYM = new RegExp(`\\s(?:${EPONYMS})s?$`, 'u');
/** `Gumbel` before `copulas`; what is somebody's (`Tom's algorithm`) is judged. */
const EPONYM_FOLLOWS = new RegExp(`^\\s(?:${EPONYMS})s?(?!\\p{L})`, 'u');
/** The last is a journal's, before `. 2017 Nov;10(11)`. */
const CITATION_FOLLOWS =
  /^(?:,? et al(?!\p{L})| (?:first )?(?:proved|proves|conjectured|derived|formulated|axiomatized) in (?:1[5-9]|20)\d\d|(?: \p{L}+){0,3}\. (?:19|20)\d\d(?: [a-z]{3})?;\d)/u;
const IDENTIFIER = /\p{L}\p{Nd}+\p{L}/u;
const PARTICLES = 'van|von|de|der|den|da|di|del|la|le|el|al|dos|du|ter|ten';
/** `A cruz`; no initial has a small word behind it but `J de Vries` and his like. */
const ARTICLE = new RegExp(`^\\p{Lu} (?!(?:${PARTICLES}) )\\p{Ll}`, 'u');
const AFTER = 40;

/** `Lopez L, Colan SD, Stylianou M, …`: as medical papers cite. Of people who are listed like that, most go by a forename. */
const SURNAME = `(?:(?:${PARTICLES}) ){0,3}\\p{Lu}[\\p{L}\\p{M}'’-]+(?: \\p{Lu}[\\p{L}\\p{M}'’-]+)?`;
const AUTHORS = new RegExp(
  `(?<![\\p{L}\\p{M}])(?:${SURNAME} \\p{Lu}{1,3}(?:, |(?![\\p{L}\\p{M}]))){5,}`,
  'gu',
);
const AUTHOR = /(?<=^|, )[^ ,]+/gu;
const MOST_FORENAMES = 0.5;

/** Somebody is written to, speaks, is somebody's own or is entered in a form: a namesake. */
const NEAR_BEFORE =
  /(?:(?<!\p{L})(?:dear|hi|hello|hey|thanks|thank you|regards|sincerely|cheers|love|my name is|i am|i'm|i’m|this is|call me|(?:my|our|his|her|their|your) (?:\p{L}+ )?\p{L}+|mr|mrs|ms|miss)[.,]?|[:=>|\t"])\s*$/u;
const NEAR_AFTER = /^(?:[\s,]*[<([]?\s*[^\s@]+@|[\s,:(]*\+?\d{3}|\s*[|\t=])/u;
const LINE_BEFORE = /(?:^|\n)\s*$/;
const LINE_AFTER = /^\s*(?:\n|$)/;
const BEFORE = 40;

const isNear = (before: string, after: string): boolean =>
  NEAR_BEFORE.test(before) || NEAR_AFTER.test(after) || (LINE_BEFORE.test(before) && LINE_AFTER.test(after));

const referencesOf = (text: string, isForename: (word: string) => boolean): Stretch[] =>
  Array.from(text.matchAll(AUTHORS))
    .filter(([list]) => {
      const first = list.match(AUTHOR) ?? [];
      return first.filter(isForename).length < first.length * MOST_FORENAMES;
    })
    .map(({ index, 0: list }) => ({ start: index, end: index + list.length }));

export interface Lists {
  isForename(word: string): boolean;
  isFamous(name: string): boolean;
}

/** Without those. */
export const notCited = <Name extends Stretch>(
  text: string,
  names: readonly Name[],
  { isForename, isFamous }: Lists,
): Name[] => {
  if (names.length === 0) return [];
  const references = referencesOf(text, isForename);
  return names.filter(({ start, end }) => {
    const name = text.slice(start, end);
    const low = name.toLowerCase();
    const after = text.slice(end, end + AFTER).toLowerCase();
    return !(
      IDENTIFIER.test(name) ||
      ARTICLE.test(name) ||
      ENDS_AS_EPONYM.test(low) ||
      EPONYM_FOLLOWS.test(after) ||
      CITATION_FOLLOWS.test(after) ||
      (isFamous(name) && !isNear(text.slice(Math.max(0, start - BEFORE), start).toLowerCase(), after)) ||
      references.some((list) => list.start <= start && end <= list.end)
    );
  });
};
