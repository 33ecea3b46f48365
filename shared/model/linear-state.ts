/**
 * What an arm knows as a function of the request's features x: the discounted sums A = sum gamma^k x x^T and
 * b = sum gamma^k score x, without ridge or prior. Twin of rust-selector/src/linear_state.rs, which writes it.
 */

/** Most features of a request. */
export const MAX_FEATURES = 64;
/** Largest magnitude of a feature. */
export const MAX_FEATURE = 1e6;

export interface LinearState {
  readonly dimension: number;
  /** The upper triangle of A, row by row. */
  readonly upper: Float64Array;
  readonly b: Float64Array;
}

const triangleOf = (dimension: number): number => (dimension * (dimension + 1)) / 2;

/** In bytes. */
export const packedLength = (dimension: number): number => 2 + 8 * (triangleOf(dimension) + dimension);

/** u16 dimension, the upper triangle of A row by row, b; doubles, little-endian. Bytes behind them are ignored.
 * Undefined where the bytes cannot be such a state. */
export function decodeLinearState(bytes: Uint8Array): LinearState | undefined {
  if (bytes.byteLength < 2) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dimension = view.getUint16(0, true);
  const triangle = triangleOf(dimension);
  if (dimension < 1 || dimension > MAX_FEATURES || bytes.byteLength < packedLength(dimension)) {
    return undefined;
  }
  const doubles = (from: number, count: number): Float64Array =>
    Float64Array.from({ length: count }, (_, index) => view.getFloat64(2 + 8 * (from + index), true));
  const state = { dimension, upper: doubles(0, triangle), b: doubles(triangle, dimension) };
  return isPossible(state) ? state : undefined;
}

/** Finite, and sums of squares on the diagonal. */
function isPossible({ dimension, upper, b }: LinearState): boolean {
  let at = 0;
  for (let size = dimension; size > 0; size -= 1) {
    if (!((upper[at] ?? Number.NaN) >= 0)) return false;
    at += size;
  }
  return upper.every(Number.isFinite) && b.every(Number.isFinite);
}
