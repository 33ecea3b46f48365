/** Two parts of a name that only a space or an initial parts are one name. */
import type { Proposal } from './name-judge.ts';

const GAP = /^ (?:\p{L}\.? )?$/u;
const TITLED =
  /^(?:(?:\p{Lu}[\p{Ll}\p{M}'’.]*(?:\p{Lu}[\p{Ll}\p{M}'’.]+)?|van|von|de|der|den|da|di|del|la|al|bin)(?:[ -]|$))+$/u;
const TITLE = /^(?:herr|frau|juf|dr|mr|mrs|ms|miss|prof|don|sir|dona|pan|pani|coach|captain)\.?$/u;
/** Less sure of either, and they are two things. */
const LEAST = 0.3;
const MOST_WORDS = 4;

const areOne = (text: string, first: Proposal, second: Proposal): boolean => {
  const own = text.slice(first.start, first.end);
  return (
    Math.min(first.person, second.person) >= LEAST &&
    GAP.test(text.slice(first.end, second.start)) &&
    text.slice(first.start, second.end).split(' ').length <= MOST_WORDS &&
    TITLED.test(own) &&
    TITLED.test(text.slice(second.start, second.end)) &&
    !TITLE.test(own.toLowerCase())
  );
};

/** Of what is joined the means by length. */
const joined = (first: Proposal, second: Proposal): Proposal => {
  const [own, other] = [first.end - first.start, second.end - second.start];
  const mean = (a: number, b: number): number => (a * own + b * other) / (own + other);
  return {
    start: first.start,
    end: second.end,
    person: mean(first.person, second.person),
    address: mean(first.address, second.address),
  };
};

export const joinNames = (text: string, names: readonly Proposal[]): Proposal[] => {
  const found: Proposal[] = [];
  for (const name of names.toSorted((a, b) => a.start - b.start)) {
    const last = found.at(-1);
    if (last !== undefined && areOne(text, last, name)) found[found.length - 1] = joined(last, name);
    else found.push(name);
  }
  return found;
};
