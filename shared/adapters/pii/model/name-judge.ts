/**
 * The second stage: judges each name that the model proposes by how sure the model is, by its shape, by lists of names and by
 * the words around it. A logistic regression; cues, weights and lists are names.json's, and
 * pii-model/train/rescore.py computes the same.
 */
import { folded, NameList } from './name-list.ts';

export interface Proposal {
  start: number;
  end: number;
  /** Means over its tokens of the probability of the type. */
  person: number;
  address: number;
}

type Side = 'before' | 'after' | 'text';

interface Written {
  proposeOutside: number;
  cues: Record<string, { side: Side; pattern: string; anyCase: boolean }>;
  fiction: { asks: string; real: string };
  lists: { given: string; known: string; famous: string };
  weights: Record<string, number>;
  bias: number;
}

/** What stands right before a place in the text, or right after it. */
const sticky = (side: Side, pattern: string): RegExp =>
  new RegExp(side === 'before' ? `(?<=${pattern})` : pattern, 'uy');

const standsAt = (pattern: RegExp, text: string, at: number): boolean => {
  pattern.lastIndex = at;
  return pattern.test(text);
};

interface Cue {
  name: string;
  side: Side;
  /** In small letters, and for texts in small letters, where capitals are of no account: `i` makes V8 compile for 100 ms. */
  anyCase: boolean;
  pattern: RegExp;
}

const LEAST = 1e-4;
const LEAST_ADDRESS = -5;
const BEFORE = 60;
const AFTER = 40;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const LATIN = /\p{Script=Latin}/u;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

const logit = (share: number): number => {
  const held = Math.min(Math.max(share, LEAST), 1 - LEAST);
  return Math.log(held / (1 - held));
};

const beforeOf = (text: string, start: number): string => text.slice(Math.max(0, start - BEFORE), start);
const firstOf = (word: string): string => String.fromCodePoint(word.codePointAt(0) ?? 0);
const isCapital = (letter: string): boolean => letter !== letter.toLowerCase();
const isTitled = (word: string): boolean => {
  const first = firstOf(word);
  const rest = word.slice(first.length);
  return isCapital(first) && rest === rest.toLowerCase();
};

export class NameJudge {
  /** How much less likely the first stage is to say "nothing" when it proposes, in logits. */
  readonly proposeOutside: number;
  readonly #cues: readonly Cue[];
  readonly #given: NameList;
  readonly #known: NameList;
  readonly #famous: NameList;
  readonly #weights: readonly (readonly [string, number])[];
  readonly #bias: number;
  readonly #asks: RegExp;
  readonly #real: RegExp;

  /** `json` is names.json. */
  constructor(json: string) {
    const { proposeOutside, cues, fiction, lists, weights, bias } = JSON.parse(json) as Written;
    this.proposeOutside = proposeOutside;
    this.#cues = Object.entries(cues).map(([name, { side, pattern, anyCase }]) => ({
      name,
      side,
      anyCase,
      pattern: side === 'text' ? new RegExp(pattern, 'u') : sticky(side, pattern),
    }));
    this.#given = new NameList(lists.given);
    this.#known = new NameList(lists.known);
    this.#famous = new NameList(lists.famous);
    this.#weights = Object.entries(weights);
    this.#bias = bias;
    this.#asks = new RegExp(fiction.asks, 'u');
    this.#real = sticky('before', fiction.real);
  }

  /** Of a text's proposals how likely each is a private person's name, 0 to 1. */
  scores(text: string, proposals: readonly Proposal[]): number[] {
    const ofText: Record<string, boolean> = {};
    const low = proposals.length === 0 ? '' : text.toLowerCase();
    for (const { name, side, anyCase, pattern } of this.#cues)
      if (side === 'text') ofText[name] = pattern.test(anyCase ? low : text);
    return proposals.map((proposal) => {
      const found = { ...ofText, ...this.#features(text, proposal) };
      let sum = this.#bias;
      for (const [name, weight] of this.#weights) sum += weight * Number(found[name] ?? 0);
      return 1 / (1 + Math.exp(-sum));
    });
  }

  isForename(word: string): boolean {
    return this.#given.has(folded(word));
  }

  /** A forename or a surname. */
  isKnown(word: string): boolean {
    return this.#known.has(folded(word));
  }

  /** A whole name of somebody whom everybody knows. */
  isFamous(name: string): boolean {
    return name.includes(' ') && this.#famous.has((name.match(WORD) ?? []).map(folded).join(' '));
  }

  /** Does the text ask for fiction? Its heroes are nobody's data. */
  isStory(text: string): boolean {
    return this.#asks.test(text.toLowerCase());
  }

  /** Even in a story: somebody's own, as in `my daughter Jane`. */
  isReal(text: string, start: number): boolean {
    const before = beforeOf(text, start).toLowerCase();
    return standsAt(this.#real, before, before.length);
  }

  #features(text: string, { start, end, person, address }: Proposal): Record<string, number | boolean> {
    const name = text.slice(start, end);
    const before = beforeOf(text, start);
    const after = text.slice(end, end + AFTER);
    const [lowBefore, lowAfter] = [before.toLowerCase(), after.toLowerCase()];
    const cues: Record<string, boolean> = {};
    for (const { name: cue, side, anyCase, pattern } of this.#cues) {
      if (side === 'text') continue;
      const seen = side === 'before' ? (anyCase ? lowBefore : before) : anyCase ? lowAfter : after;
      cues[cue] = standsAt(pattern, seen, side === 'before' ? seen.length : 0);
    }
    const words = name.match(WORD) ?? [];
    const plain = words.map(folded);
    const lower = name === name.toLowerCase() && name !== name.toUpperCase();
    const given = plain[0] !== undefined && this.#given.has(plain[0]);
    const known = plain.filter((word) => this.#known.has(word)).length;
    const line = cues.lineBefore === true && cues.lineAfter === true;
    return {
      ...cues,
      score: logit(person),
      address: Math.max(logit(address), LEAST_ADDRESS),
      oneWord: words.length === 1,
      twoWords: words.length === 2,
      manyWords: words.length > 3,
      short: name.length < 3,
      lower,
      upper: name === name.toUpperCase() && name !== name.toLowerCase(),
      capital: isCapital(firstOf(name)),
      initial: words.some((word) => word.length === 1),
      capitals: words.length > 0 && words.every(isTitled),
      latin: LATIN.test(name),
      unspaced: UNSPACED.test(name),
      given,
      allKnown: plain.length > 0 && known === plain.length,
      noneKnown: known === 0,
      givenLower: given && lower,
      givenHail: given && cues.hail === true,
      givenLine: given && line,
      line,
    };
  }
}
