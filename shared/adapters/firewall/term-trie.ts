/** All terms of the rules in one trie: a word that begins none costs a step or two. */
import { plain } from './fold.ts';

export interface Term {
  /** Words with one blank between them; a `*` at the end takes every ending. */
  text: string;
  concept: number;
}

const UNIT_BITS = 16;
/** So that a node and a unit fit into a small integer. */
const MOST_NODES = 32_767;
/** A power of two, far more than there are edges. */
const SLOTS = 131_072;
const ASCII = 128;
const SPREAD = 0x9e3779b1;

export class TermTrie {
  /** Edges in an open hash: what leads on, and where to. */
  readonly #keys = new Int32Array(SLOTS);
  readonly #nodes = new Int32Array(SLOTS);
  readonly #roots = new Int32Array(ASCII);
  readonly #accepts: (number[] | undefined)[] = [undefined];
  readonly #stems: (number[] | undefined)[] = [undefined];

  constructor(terms: Iterable<Term>) {
    for (const { text, concept } of terms) this.#add(text, concept);
  }

  #add(text: string, concept: number): void {
    const isStem = text.endsWith('*');
    const folded = plain(isStem ? text.slice(0, -1) : text).toLowerCase();
    let node = 0;
    for (let at = 0; at < folded.length; at++) {
      const unit = folded.charCodeAt(at);
      const slot = this.#slotOf(node, unit);
      if (this.#keys[slot] === 0) {
        if (this.#accepts.length > MOST_NODES) throw new Error('the rules have too many words');
        this.#keys[slot] = (node << UNIT_BITS) | unit;
        this.#nodes[slot] = this.#accepts.length;
        this.#accepts.push(undefined);
        this.#stems.push(undefined);
      }
      const from = node;
      node = this.#nodes[slot] ?? 0;
      if (from === 0 && unit < ASCII) this.#roots[unit] = node;
    }
    const list = isStem ? this.#stems : this.#accepts;
    const known = list[node] ?? [];
    if (!known.includes(concept)) known.push(concept);
    list[node] = known;
  }

  #slotOf(node: number, unit: number): number {
    const key = (node << UNIT_BITS) | unit;
    let slot = Math.imul(key, SPREAD) >>> 15;
    while (this.#keys[slot] !== 0 && this.#keys[slot] !== key) slot = (slot + 1) & (SLOTS - 1);
    return slot;
  }

  /** The node after a unit; 0 where no term goes on so. */
  next(node: number, unit: number): number {
    // Nearly every word ends here.
    if (node === 0 && unit < ASCII) return this.#roots[unit] ?? 0;
    return this.#nodes[this.#slotOf(node, unit)] ?? 0;
  }

  /** Concepts of which a term ends here, at the end of a word. */
  accepts(node: number): readonly number[] | undefined {
    return this.#accepts[node];
  }

  /** Concepts of which a term ends here, whatever follows. */
  stems(node: number): readonly number[] | undefined {
    return this.#stems[node];
  }
}
