/** What `learn` packs is read, whatever its format; what cannot be a state is not. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeArmState } from '../../../shared/model/selection.ts';

/** n, sum, sum of squares, count, and from format 2 on the number of features, A's upper triangle and b. */
function packed(format: number, dimension: number, doubles: readonly number[], spare = 0): Uint8Array {
  const view = new DataView(new ArrayBuffer(35 + 8 * doubles.length + spare));
  view.setUint8(0, format);
  [4, 2.5, 2].forEach((value, index) => {
    view.setFloat64(1 + 8 * index, value, true);
  });
  view.setUint32(25, 9, true);
  view.setUint16(33, dimension, true);
  doubles.forEach((value, index) => {
    view.setFloat64(35 + 8 * index, value, true);
  });
  return new Uint8Array(view.buffer);
}

const SUMS = { n: 4, sum: 2.5, sumSquares: 2, count: 9 };
const LINEAR = { dimension: 2, upper: Float64Array.of(3, 1.5, 2), b: Float64Array.of(2.5, -1) };
const DOUBLES = [3, 1.5, 2, 2.5, -1];

describe('packed state', () => {
  test('any bytes decode to something possible or to nothing', () => {
    const bytes = fc.tuple(fc.nat(3), fc.uint8Array({ maxLength: 120 }));
    fc.assert(
      fc.property(bytes, ([format, rest]) => {
        const state = decodeArmState(Uint8Array.of(format, ...rest));
        if (state !== undefined) expect(state.n).toBeGreaterThanOrEqual(state.sum - 1e-6 * (1 + state.n));
      }),
    );
  });

  test('format 1 has sums alone', () => {
    expect(decodeArmState(packed(1, 2, DOUBLES))).toEqual(SUMS);
  });

  test('format 2 has a linear part too, and later formats are read by their first bytes', () => {
    expect(decodeArmState(packed(2, 2, DOUBLES))).toEqual({ ...SUMS, linear: LINEAR });
    expect(decodeArmState(packed(7, 2, DOUBLES, 40))).toEqual({ ...SUMS, linear: LINEAR });
  });

  test('bytes that are short, of format 0 or impossible are no state', () => {
    expect(decodeArmState(packed(1, 2, DOUBLES).subarray(0, 32))).toBeUndefined();
    expect(decodeArmState(packed(0, 2, DOUBLES))).toBeUndefined();
    expect(decodeArmState(packed(2, 2, DOUBLES).subarray(0, -1))).toBeUndefined();
    expect(decodeArmState(packed(2, 2, DOUBLES).subarray(0, 34))).toBeUndefined();
    expect(decodeArmState(packed(2, 0, DOUBLES))).toBeUndefined();
    expect(
      decodeArmState(
        packed(
          2,
          65,
          Array.from({ length: 3000 }, () => 0),
        ),
      ),
    ).toBeUndefined();
    expect(decodeArmState(packed(2, 2, [3, 1.5, -2, 0, 0]))).toBeUndefined();
    expect(decodeArmState(packed(2, 2, [3, 1.5, 2, Number.NaN, 0]))).toBeUndefined();
  });
});
