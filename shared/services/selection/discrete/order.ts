/**
 * All arms' atoms in one ascending order: dealt into as many even bins as there are atoms, which leaves about one atom
 * a bin, then sorted within their bins. Where the bins are uneven it is as slow as any sort.
 */
import { at } from '../at.ts';
import { ATOMS } from './grid.ts';

/** From here on a bin is worth a sort of its own. */
const LARGE = 32;

/** The arms of the atoms from index `passed` on, by ascending atom; of equal ones the higher index comes first. */
export function ascending(atoms: Float64Array, passed: Uint32Array): Uint16Array {
  const values = new Float64Array(atoms.length);
  const arms = new Uint16Array(atoms.length);
  const ends = deal(atoms, passed, values, arms);
  let start = 0;
  for (const end of ends) {
    if (end - start > LARGE) sortLarge(values, arms, start, end);
    else if (end - start > 1) sortSmall(values, arms, start, end);
    start = end;
  }
  return arms.subarray(0, start);
}

/** Fills in atoms and their arms, bin after bin, and returns where each bin ends. */
function deal(
  atoms: Float64Array,
  passed: Uint32Array,
  values: Float64Array,
  arms: Uint16Array,
): Uint32Array {
  let count = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let arm = 0; arm < passed.length; arm += 1) {
    const skipped = at(passed, arm);
    if (skipped === ATOMS) continue;
    count += ATOMS - skipped;
    least = Math.min(least, at(atoms, arm * ATOMS + skipped));
    most = Math.max(most, at(atoms, arm * ATOMS + ATOMS - 1));
  }
  const scale = count / (most - least);
  // A number that is none goes to the first bin, a too large one to the last.
  const binOf = (value: number): number => Math.min(Math.trunc((value - least) * scale) || 0, count - 1);
  const ends = new Uint32Array(count);
  const bins = new Uint16Array(atoms.length);
  eachBackwards(passed, (index) => {
    const bin = binOf(at(atoms, index));
    bins[index] = bin;
    ends[bin] = at(ends, bin) + 1;
  });
  let sum = 0;
  for (let bin = 0; bin < count; bin += 1) {
    const size = at(ends, bin);
    ends[bin] = sum;
    sum += size;
  }
  eachBackwards(passed, (index, arm) => {
    const bin = at(bins, index);
    const place = at(ends, bin);
    values[place] = at(atoms, index);
    arms[place] = arm;
    ends[bin] = place + 1;
  });
  return ends;
}

/** The last arm first, so that a stable sort leaves it in front of its equals. */
function eachBackwards(passed: Uint32Array, tell: (index: number, arm: number) => void): void {
  for (let arm = passed.length - 1; arm >= 0; arm -= 1) {
    const end = (arm + 1) * ATOMS;
    for (let index = arm * ATOMS + at(passed, arm); index < end; index += 1) tell(index, arm);
  }
}

/** Stable, by insertion. */
function sortSmall(values: Float64Array, arms: Uint16Array, start: number, end: number): void {
  for (let index = start + 1; index < end; index += 1) {
    const value = at(values, index);
    const arm = at(arms, index);
    let place = index;
    for (; place > start && at(values, place - 1) > value; place -= 1) {
      values[place] = at(values, place - 1);
      arms[place] = at(arms, place - 1);
    }
    values[place] = value;
    arms[place] = arm;
  }
}

function sortLarge(values: Float64Array, arms: Uint16Array, start: number, end: number): void {
  const order = Array.from({ length: end - start }, (_, index) => start + index);
  order.sort((one, other) => at(values, one) - at(values, other));
  arms.set(
    order.map((index) => at(arms, index)),
    start,
  );
}
