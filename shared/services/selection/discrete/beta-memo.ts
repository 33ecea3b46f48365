/** Atoms of Beta distributions, kept for as long as there is room: states and priors change seldom. */
import { betaAtoms } from './beta.ts';

/** Half a KiB each. When it is full all are dropped: most of them are of states that have passed. */
const MOST = 4_096;

export class BetaMemo {
  readonly #known = new Map<number, Map<number, Float64Array>>();
  #size = 0;

  /** a and b are positive and finite. */
  atoms(a: number, b: number): Float64Array {
    const known = this.#known.get(a)?.get(b);
    if (known !== undefined) return known;
    const atoms = betaAtoms(a, b);
    if (this.#size >= MOST) this.#known.clear();
    this.#size = this.#size >= MOST ? 1 : this.#size + 1;
    const ofA = this.#known.get(a) ?? new Map<number, Float64Array>();
    this.#known.set(a, ofA.set(b, atoms));
    return atoms;
  }
}
