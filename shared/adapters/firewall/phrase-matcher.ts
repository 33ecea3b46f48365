/**
 * Sequences of concepts with bounded gaps, all of them at once over one pass of a folded text: each term that is found moves
 * the sequences that wait for it, so the time is linear in the text whatever it holds.
 */
import type { Folded } from './fold.ts';
import { TermTrie } from './term-trie.ts';

/** `{ignore} ~4 {earlier} {rules|orders}`: concepts in braces, `~n` for up to n words between two of them. */
export type Pattern = string;

export type Vocabulary = Readonly<Record<string, readonly string[]>>;

export interface PhraseRule {
  id: string;
  patterns: readonly Pattern[];
}

export interface PhraseMatch {
  rule: string;
  /** Words. */
  start: number;
  end: number;
}

export interface Phrases {
  matches: PhraseMatch[];
  /** Where terms of the concepts that are asked for begin and end, by concept. */
  places: ReadonlyMap<string, readonly { start: number; end: number }[]>;
}

interface Step {
  /** Of the whole set; states are kept by it. */
  state: number;
  gap: number;
  isFirst: boolean;
  /** The rule that is matched when this step is. */
  rule: string | undefined;
}

const IDEOGRAPHS_PER_WORD = 3;
const SENTENCE_GAP = 2;
const MOST_MATCHES = 256;
const MOST_PLACES = 1_024;
const BLANK = 32;

export class PhraseMatcher {
  readonly #trie: TermTrie;
  /** By concept, the last steps of a sequence first, so that one term does not take two steps. */
  readonly #steps: Step[][];
  /** By state: the first word, and one more than the last; 0 for none. Every text begins anew. */
  readonly #firsts: Int32Array;
  readonly #ends: Int32Array;
  readonly #watched: ReadonlyMap<number, string>;

  constructor(vocabulary: Vocabulary, rules: readonly PhraseRule[], watched: readonly string[]) {
    const numbers = new Map(Object.keys(vocabulary).map((name, index) => [name, index]));
    this.#trie = new TermTrie(
      Object.values(vocabulary).flatMap((terms, concept) => terms.map((text) => ({ text, concept }))),
    );
    this.#steps = Object.keys(vocabulary).map(() => []);
    const numberOf = (name: string): number => {
      const number = numbers.get(name);
      if (number === undefined) throw new Error(`no concept is called ${name}`);
      return number;
    };
    this.#watched = new Map(watched.map((name) => [numberOf(name), name]));
    let states = 0;
    for (const { id, patterns } of rules)
      for (const pattern of patterns) {
        const slots = parse(pattern);
        for (const [index, { concepts, gap }] of slots.entries()) {
          const rule = index === slots.length - 1 ? id : undefined;
          const step = { state: states + index, gap, isFirst: index === 0, rule };
          for (const name of concepts) this.#steps[numberOf(name)]?.unshift(step);
        }
        states += slots.length;
      }
    this.#firsts = new Int32Array(states);
    this.#ends = new Int32Array(states);
  }

  match({ units, length, starts, sentences }: Folded, isJoined = false): Phrases {
    const matches: PhraseMatch[] = [];
    const places = new Map<string, { start: number; end: number }[]>();
    const firsts = this.#firsts;
    const ends = this.#ends.fill(0);
    const count = isJoined ? length : starts.length;

    const take = (concept: number, start: number, end: number, isNarrow: boolean): void => {
      const watched = this.#watched.get(concept);
      if (watched !== undefined) {
        const known = places.get(watched);
        if (known === undefined) places.set(watched, [{ start, end }]);
        else if (known.length < MOST_PLACES) known.push({ start, end });
      }
      for (const { state, gap, isFirst, rule } of this.#steps[concept] ?? []) {
        let first = start;
        if (!isFirst) {
          const before = (ends[state - 1] ?? 0) - 1;
          if (before < 0 || before >= start) continue;
          const crossed = isJoined || sentences[before] === sentences[start] ? 0 : SENTENCE_GAP;
          const allowed = isJoined ? gap * 8 : isNarrow ? gap * IDEOGRAPHS_PER_WORD : gap;
          if (start - before - 1 + crossed > allowed) continue;
          first = firsts[state - 1] ?? start;
        }
        firsts[state] = first;
        ends[state] = end + 1;
        if (rule !== undefined && matches.length < MOST_MATCHES) matches.push({ rule, start: first, end });
      }
    };

    for (let word = 0; word < count; word++) {
      let node = 0;
      let last = word;
      const from = isJoined ? word : (starts[word] ?? 0);
      const isNarrow = (units[from] ?? 0) >= 0x0e01;
      for (let at = from; at < length; at++) {
        const unit = units[at] ?? 0;
        let next = this.#trie.next(node, unit);
        if (next === 0 && isJoined && node !== 0) {
          const blank = this.#trie.next(node, BLANK);
          if (blank !== 0) next = this.#trie.next(blank, unit);
        }
        node = next;
        if (node === 0) break;
        if (isJoined) last = at;
        else if (at > from && starts[last + 1] === at) last++;
        const stems = this.#trie.stems(node);
        if (stems !== undefined) for (const concept of stems) take(concept, word, last, isNarrow);
        const accepts = this.#trie.accepts(node);
        if (accepts === undefined) continue;
        const after = at + 1;
        if (isJoined || after >= length || units[after] === BLANK || starts[last + 1] === after)
          for (const concept of accepts) take(concept, word, last, isNarrow);
      }
    }
    return { matches, places };
  }
}

const parse = (pattern: Pattern): { concepts: string[]; gap: number }[] => {
  let gap = 0;
  const slots: { concepts: string[]; gap: number }[] = [];
  for (const token of pattern.split(' ')) {
    if (token.startsWith('~')) gap = Number(token.slice(1));
    else {
      slots.push({ concepts: token.slice(1, -1).split('|'), gap });
      gap = 0;
    }
  }
  return slots;
};
