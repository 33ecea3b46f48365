/**
 * How like a request is to those remembered. A direction is the features but the first, which is the bias, in steps of 1/127
 * of the largest of them, so that products of two are whole numbers, the same in every language and order of adding. Twin of
 * rust-selector/src/memory.rs.
 */
import { type MemoryState, squareOf } from '../../model/memory-state.ts';
import { at, doubleAt } from './at.ts';

const STEPS = 127;

/** `features` are finite, and at least one. */
export function directionOf(features: ArrayLike<number>): Int8Array {
  const steps = new Int8Array(features.length - 1);
  let largest = 0;
  for (let index = 1; index < features.length; index += 1) {
    largest = Math.max(largest, Math.abs(at(features, index)));
  }
  if (largest === 0) return steps;
  for (let index = 1; index < features.length; index += 1) {
    steps[index - 1] = Math.floor((at(features, index) / largest) * STEPS + 0.5);
  }
  return steps;
}

/** The cosine of each remembered direction with this one of the same dimension, oldest first; 0 where either is none. */
export function similarities({ steps, squares }: MemoryState, asked: Int8Array): Float64Array {
  const width = asked.length;
  const own = squareOf(asked, 0, width);
  // Most of a request's numbers say nothing, such as its share of each script and topic.
  const places = asked.map((_, place) => place).filter((place) => asked[place] !== 0);
  const near = new Float64Array(squares.length);
  for (let index = 0; index < near.length; index += 1) {
    const product = own * doubleAt(squares, index);
    if (product > 0) near[index] = productAt(steps, width * index, asked, places) / Math.sqrt(product);
  }
  return near;
}

/** Without `at`: one call site for all kinds of arrays would be slow here, as would products that might not be whole. */
function productAt(steps: Int8Array, from: number, asked: Int8Array, places: Int8Array): number {
  let sum = 0;
  for (let index = 0; index < places.length; index += 1) {
    const place = places[index] ?? 0;
    sum = (sum + Math.imul(steps[from + place] ?? 0, asked[place] ?? 0)) | 0;
  }
  return sum;
}
