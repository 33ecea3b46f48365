/**
 * What is remembered of an arm: its newest scores, oldest first, each with the direction of its request's features. Twin of
 * rust-selector/src/memory.rs, which writes it.
 */
import { MAX_FEATURES } from './linear-state.ts';

/** Most scores remembered of an arm. */
export const MAX_MEMORY = 1_024;
/** Where a policy says nothing else. */
export const DEFAULT_MEMORY = 512;

export interface MemoryState {
  /** Number of features, the bias included. */
  readonly dimension: number;
  readonly scores: Float64Array;
  /** Directions, one after the other: `dimension - 1` steps each. */
  readonly steps: Int8Array;
  /** Each direction's product with itself. */
  readonly squares: Float64Array;
}

export function memoryStateOf(dimension: number, scores: Float64Array, steps: Int8Array): MemoryState {
  const width = dimension - 1;
  const squares = scores.map((_, index) => squareOf(steps, width * index, width));
  return { dimension, scores, steps, squares };
}

export function squareOf(steps: Int8Array, from: number, width: number): number {
  let sum = 0;
  for (let index = from; index < from + width; index += 1) sum += (steps[index] ?? 0) ** 2;
  return sum;
}

const HEAD = 4;

/** In bytes. */
export const packedMemoryLength = ({ dimension, scores }: MemoryState): number =>
  HEAD + (8 + dimension - 1) * scores.length;

/** u16 dimension, u16 number of scores, the scores as doubles, then a byte for each step; little-endian. Bytes behind them are
 * ignored. Undefined where the bytes cannot be a memory. */
export function decodeMemoryState(bytes: Uint8Array): MemoryState | undefined {
  if (bytes.byteLength < HEAD) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dimension = view.getUint16(0, true);
  const count = view.getUint16(2, true);
  const from = HEAD + 8 * count;
  const end = from + (dimension - 1) * count;
  if (dimension < 1 || dimension > MAX_FEATURES || count > MAX_MEMORY || bytes.byteLength < end) {
    return undefined;
  }
  const scores = Float64Array.from({ length: count }, (_, index) => view.getFloat64(HEAD + 8 * index, true));
  if (!scores.every((score) => score >= 0 && score <= 1)) return undefined;
  // Bytes above 127 wrap around to the negative steps that they are.
  return memoryStateOf(dimension, scores, new Int8Array(bytes.subarray(from, end)));
}
