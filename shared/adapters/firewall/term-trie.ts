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

/** A term that goes on from a node. */
interface Waiting {
  text: string;
  concept: number;
  isStem: boolean;
  /** As it is looked for; known beyond the root. */
  folded: string;
}

export class TermTrie {
  /** Edges in an open hash: what leads on, and where to. */
  readonly #keys = new Int32Array(SLOTS);
  readonly #nodes = new Int32Array(SLOTS);
  readonly #roots = new Int32Array(ASCII);
  readonly #accepts: (number[] | undefined)[] = [undefined];
  readonly #stems: (number[] | undefined)[] = [undefined];
  /** Terms that go on from a node where nobody has come by yet: a text meets few of them, and a start is short of time. */
  readonly #waiting: (Waiting[] | undefined)[];
  readonly #depths = [0];

  constructor(terms: Iterable<Term>) {
    const units = new Map<string, number>();
    this.#waiting = [undefined];
    for (const { text, concept } of terms) {
      const isStem = text.endsWith('*');
      const first = text.charAt(0);
      let unit = units.get(first);
      if (unit === undefined) {
        unit = fold(first).charCodeAt(0);
        units.set(first, unit);
      }
      const term = { text: isStem ? text.slice(0, -1) : text, concept, isStem, folded: '' };
      this.#waitAt(this.#child(0, unit), term);
    }
    for (let unit = 0; unit < ASCII; unit++) this.#roots[unit] = this.#nodes[this.#slotOf(0, unit)] ?? 0;
  }

  /** Makes the nodes that follow. */
  #unfold(node: number): void {
    const depth = this.#depths[node] ?? 0;
    const waiting = this.#waiting[node] ?? [];
    this.#waiting[node] = undefined;
    for (const term of waiting) {
      if (depth === 1) term.folded = fold(term.text);
      if (term.folded.length === depth) this.#end(node, term);
      else this.#waitAt(this.#child(node, term.folded.charCodeAt(depth)), term);
    }
  }

  #child(node: number, unit: number): number {
    const slot = this.#slotOf(node, unit);
    if (this.#keys[slot] === 0) {
      if (this.#accepts.length > MOST_NODES) throw new Error('the rules have too many words');
      this.#keys[slot] = (node << UNIT_BITS) | unit;
      this.#nodes[slot] = this.#accepts.length;
      this.#accepts.push(undefined);
      this.#stems.push(undefined);
      this.#waiting.push(undefined);
      this.#depths.push((this.#depths[node] ?? 0) + 1);
    }
    return this.#nodes[slot] ?? 0;
  }

  #waitAt(node: number, term: Waiting): void {
    const waiting = this.#waiting[node];
    if (waiting === undefined) this.#waiting[node] = [term];
    else waiting.push(term);
  }

  #end(node: number, { concept, isStem }: Waiting): void {
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
    if (this.#waiting[node] !== undefined) this.#unfold(node);
    return this.#nodes[this.#slotOf(node, unit)] ?? 0;
  }

  /** Concepts of which a term ends here, at the end of a word. */
  accepts(node: number): readonly number[] | undefined {
    if (this.#waiting[node] !== undefined) this.#unfold(node);
    return this.#accepts[node];
  }

  /** Concepts of which a term ends here, whatever follows. */
  stems(node: number): readonly number[] | undefined {
    if (this.#waiting[node] !== undefined) this.#unfold(node);
    return this.#stems[node];
  }
}

const fold = (text: string): string => plain(text).toLowerCase();
