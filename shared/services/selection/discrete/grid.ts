/**
 * The probabilities of an arm's atoms, the same for every arm: 64 intervals of the unit interval, each of which stands
 * for its middle. Towards both ends masses halve, so that small probabilities are resolved, and they are finer above
 * the median, where the best of several draws lies. All are multiples of 2^-16, so that a random word of 16 bits hits
 * each with exactly its mass. Twin of rust-selector/src/discrete/grid.rs.
 */
import { at } from '../at.ts';
import type { Sfc32 } from '../random.ts';

export const ATOMS = 64;

const UNITS = 65_536;
const COUNTS = Uint32Array.from({ length: ATOMS }, (_, atom) => countOf(atom));
/** Units in all atoms before one, and in all of them. */
const BELOW = new Uint32Array(ATOMS + 1);
COUNTS.forEach((count, atom) => {
  BELOW[atom + 1] = at(BELOW, atom) + count;
});

function countOf(atom: number): number {
  if (atom === 0 || atom === ATOMS - 1) return atom === 0 ? 64 : 1;
  if (atom < 6) return 64 << (atom - 1);
  if (atom < 20) return 2_048;
  return atom < 52 ? 1_024 : 1_024 >> (atom - 52);
}

/** Mass of the first `count` atoms. */
export const massOfFirst = (count: number): number => at(BELOW, count) / UNITS;

/** Where in the unit interval each atom's middle lies. */
export const MIDDLES = Float64Array.from(COUNTS, (count, atom) => (at(BELOW, atom) + 0.5 * count) / UNITS);

/** By which factor an arm's distribution function grows at an atom, less 1: its mass over all masses below it. */
export const GAINS = Float64Array.from(COUNTS, (count, atom) => (atom === 0 ? 0 : count / at(BELOW, atom)));

/** Index of an atom, drawn with its mass. */
export function draw(rng: Sfc32): number {
  const units = rng.nextInt32() >>> 16;
  let [low, high] = [0, ATOMS];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (at(BELOW, middle) <= units) low = middle;
    else high = middle;
  }
  return low;
}
