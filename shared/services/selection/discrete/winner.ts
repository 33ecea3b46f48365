/**
 * Which arm's draw is the highest, in probability: with distribution functions F_j over the atoms, an atom x of arm i
 * wins with its mass times the product of F_j(x) over the others. One pass over all atoms in ascending order keeps the
 * product P of all F_j; an atom raises its own F_i by a factor 1 + g, so what it wins is P g, and P grows by just that:
 * what is won adds up to the last P, which is 1. Operations stand in the order of rust-selector/src/discrete/winner.rs.
 */
import { at } from '../at.ts';
import { ATOMS, GAINS, massOfFirst } from './grid.ts';
import { ascending } from './order.ts';

/** With many arms P starts below what a double holds, so it is held as a multiple of a power of this. */
const HUGE = 2 ** 512;

/**
 * `atoms` are each arm's 64 in ascending order, arm after arm, of at least one arm. The probability of each to draw the
 * highest value where each draws one of its atoms; of equal values the lowest index wins. They add up to 1 but for
 * rounding.
 */
export function winProbabilities(atoms: Float64Array): Float64Array {
  const wins = new Float64Array(atoms.length / ATOMS);
  const last = lastToBegin(atoms);
  if (wins.length === 1) return wins.fill(1);
  // Atoms that some arm's every draw beats win nothing: all lowest atoms are passed when the last arm begins.
  const passed = passedBefore(atoms, last);
  let product = massOfFirst(1);
  let scale = 0;
  for (let arm = 0; arm < passed.length; arm += 1) {
    if (arm === last) continue;
    product *= massOfFirst(at(passed, arm));
    if (product < 1 / HUGE) {
      product *= HUGE;
      scale += 1;
    }
  }
  // What is scaled down is below 2^-512: nothing.
  if (scale === 0) wins[last] = product;
  passed[last] = 1;
  for (const arm of ascending(atoms, passed)) {
    const gained = product * at(GAINS, at(passed, arm));
    if (scale === 0) wins[arm] = at(wins, arm) + gained;
    passed[arm] = at(passed, arm) + 1;
    product += gained;
    if (scale > 0 && product >= 1) {
      product /= HUGE;
      scale -= 1;
    }
  }
  return wins;
}

/** The arm whose lowest atom comes last. */
function lastToBegin(atoms: Float64Array): number {
  let last = 0;
  for (let arm = 1; arm * ATOMS < atoms.length; arm += 1) {
    if (at(atoms, arm * ATOMS) > at(atoms, last * ATOMS)) last = arm;
  }
  return last;
}

/** How many atoms of each arm come before the lowest of `last`. */
function passedBefore(atoms: Float64Array, last: number): Uint32Array {
  const least = at(atoms, last * ATOMS);
  return new Uint32Array(atoms.length / ATOMS).map((_, arm) => {
    let count = 0;
    for (; count < ATOMS; count += 1) {
      const value = at(atoms, arm * ATOMS + count);
      if (!(value < least || (arm > last && value === least))) break;
    }
    return count;
  });
}
