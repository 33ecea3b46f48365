/** What features hold of a text's unit vector: the kinds of tasks it is like, and where it lies on a few directions. */
import { DIRECTION_SIZE, KIND_SIZE } from '../../ports/prompt-encoder.ts';
import type { Projection } from './projection.ts';

/** `KIND_SIZE` shares less their mean, then `DIRECTION_SIZE` places, all within [-1, 1]. */
export function project(unit: Float64Array, projection: Projection): number[] {
  const { mean, directions } = projection;
  const places = products(directions, DIRECTION_SIZE, unit, mean);
  return [...kindsOf(unit, projection), ...places.map((place) => Math.max(-1, Math.min(1, place)))];
}

/** A text is of a kind as it lies in the same direction as the kind's examples, seen from the middle of all kinds. */
function kindsOf(unit: Float64Array, { kinds, middle, sharpness }: Projection): number[] {
  const length = Math.hypot(...unit.map((value, at) => value - (middle[at] ?? 0)));
  const cosines = products(kinds, KIND_SIZE, unit, middle).map((one) => one / Math.max(length, TINY));
  const most = Math.max(...cosines);
  const weights = cosines.map((cosine) => Math.exp(sharpness * (cosine - most)));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / all - 1 / KIND_SIZE);
}

/** A text in the very middle is of no kind more than of another. */
const TINY = 1e-9;

/** Of each row with the vector as seen from `origin`. */
function products(rows: Float64Array, count: number, vector: Float64Array, origin: Float64Array): number[] {
  return Array.from({ length: count }, (_, row) => {
    let sum = 0;
    for (let at = 0; at < vector.length; at += 1) {
      sum += (rows[row * vector.length + at] ?? 0) * ((vector[at] ?? 0) - (origin[at] ?? 0));
    }
    return sum;
  });
}
