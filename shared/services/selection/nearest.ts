/**
 * How like a request is to those remembered. A direction is the features but the first, which is the bias, in steps of 1/127
 * of the largest of them, so that products of two are whole numbers, the same in every language and order of adding. Twin of
 * rust-selector/src/memory.rs.
 */
import type { MemoryState } from '../../model/memory-state.ts';
import { at } from './at.ts';

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
export function similarities(memory: MemoryState, asked: Int8Array): Float64Array {
  const own = product(asked, asked);
  return Float64Array.from(memory.scores, (_, index) => {
    const steps = memory.steps.subarray(asked.length * index, asked.length * (index + 1));
    const squares = own * product(steps, steps);
    return squares === 0 ? 0 : product(steps, asked) / Math.sqrt(squares);
  });
}

function product(one: Int8Array, other: Int8Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += at(one, index) * at(other, index);
  return sum;
}
