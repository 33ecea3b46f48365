/** What `learn` packs is read, whatever its format; what cannot be a state is not. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeArmState } from '../../../shared/model/selection.ts';
import type { TaskCounts } from '../../../shared/model/task-counts.ts';
import { packArm } from '../../support/packed-arm.ts';

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
const MEMORY = {
  dimension: 2,
  scores: Float64Array.of(0.5, 1),
  steps: Int8Array.of(-127, 3),
  squares: Float64Array.of(127 ** 2, 9),
};

/** Format 3, whose memory has this dimension, these scores and steps. */
function withMemory(dimension: number, scores: readonly number[], steps: readonly number[], format = 3) {
  const view = new DataView(new ArrayBuffer(4 + 8 * scores.length + steps.length));
  view.setUint16(0, dimension, true);
  view.setUint16(2, scores.length, true);
  scores.forEach((score, index) => {
    view.setFloat64(4 + 8 * index, score, true);
  });
  steps.forEach((step, index) => {
    view.setInt8(4 + 8 * scores.length + index, step);
  });
  return Uint8Array.of(...packed(format, 2, DOUBLES), ...new Uint8Array(view.buffer));
}

function withTasks(state: Uint8Array, tasks: TaskCounts): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 + 24 * tasks.length));
  view.setUint16(0, tasks.length, true);
  tasks.forEach(({ task, n, sum }, index) => {
    view.setBigUint64(2 + 24 * index, BigInt(task), true);
    view.setFloat64(10 + 24 * index, n, true);
    view.setFloat64(18 + 24 * index, sum, true);
  });
  return Uint8Array.of(...state, ...new Uint8Array(view.buffer));
}

describe('packed state', () => {
  test('any bytes decode to something possible or to nothing', () => {
    const bytes = fc.tuple(fc.nat(5), fc.uint8Array({ maxLength: 120 }));
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

  test('format 2 has a linear part too, and bytes behind it are ignored', () => {
    expect(decodeArmState(packed(2, 2, DOUBLES))).toEqual({ ...SUMS, linear: LINEAR });
    expect(decodeArmState(packed(2, 2, DOUBLES, 40))).toEqual({ ...SUMS, linear: LINEAR });
  });

  test('format 3 has a memory too, and bytes behind it are ignored', () => {
    const state = { ...SUMS, linear: LINEAR, memory: MEMORY };
    expect(decodeArmState(withMemory(2, [0.5, 1], [-127, 3]))).toEqual(state);
    expect(decodeArmState(withMemory(2, [0.5, 1], [-127, 3, 9, 9]))).toEqual(state);
    const biasAlone = {
      dimension: 1,
      scores: Float64Array.of(1),
      steps: new Int8Array(),
      squares: Float64Array.of(0),
    };
    expect(decodeArmState(withMemory(1, [1], []))).toEqual({ ...state, memory: biasAlone });
  });

  test('format 4 has counts by task behind a memory that may be empty, and later formats are read by their first bytes', () => {
    const tasks = [
      { task: 2 ** 53 - 1, n: 1.5, sum: 0.75 },
      { task: 0, n: 2, sum: 2 },
    ];
    const state = { ...SUMS, linear: LINEAR, memory: MEMORY, tasks };
    const full = withMemory(2, [0.5, 1], [-127, 3], 4);
    expect(decodeArmState(withTasks(full, tasks))).toEqual(state);
    const later = withMemory(2, [0.5, 1], [-127, 3], 7);
    expect(decodeArmState(Uint8Array.of(...withTasks(later, tasks), 9, 9))).toEqual(state);
    const { memory: _, ...without } = state;
    expect(decodeArmState(withTasks(withMemory(2, [], [], 4), tasks))).toEqual(without);
    expect(decodeArmState(packArm(without))).toEqual(without);
  });

  test('counts that are short or impossible are no state', () => {
    const full = withMemory(2, [0.5, 1], [-127, 3], 4);
    const of = (task: number, n: number, sum: number) => decodeArmState(withTasks(full, [{ task, n, sum }]));
    expect(of(1, 1, 1)).toBeDefined();
    expect(of(2 ** 53, 1, 1)).toBeUndefined();
    for (const [n, sum] of [
      [Number.NaN, 0],
      [Number.POSITIVE_INFINITY, 0],
      [1, 1.5],
      [1, -0.5],
      [1, Number.NaN],
    ] as const) {
      expect(of(1, n, sum)).toBeUndefined();
    }
    expect(decodeArmState(withTasks(full, [{ task: 1, n: 1, sum: 1 }]).subarray(0, -1))).toBeUndefined();
    expect(decodeArmState(full)).toBeUndefined();
    const many = Array.from({ length: 33 }, (_, task) => ({ task, n: 1, sum: 1 }));
    expect(decodeArmState(withTasks(full, many.slice(1)))?.tasks).toHaveLength(32);
    expect(decodeArmState(withTasks(full, many))).toBeUndefined();
  });

  test('a memory that is short or impossible is no state', () => {
    expect(decodeArmState(packed(3, 2, DOUBLES))).toBeUndefined();
    expect(decodeArmState(withMemory(2, [0.5, 1], [-127]))).toBeUndefined();
    expect(decodeArmState(withMemory(0, [0.5], [1]))).toBeUndefined();
    expect(decodeArmState(withMemory(65, [], []))).toBeUndefined();
    expect(decodeArmState(withMemory(2, [1.5], [1]))).toBeUndefined();
    expect(decodeArmState(withMemory(2, [Number.NaN], [1]))).toBeUndefined();
    const many = Array.from({ length: 1_025 }, () => 1);
    expect(decodeArmState(withMemory(2, many, many))).toBeUndefined();
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
