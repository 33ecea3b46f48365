/** An arm's state as `learn` packs it: docs/architecture/selector-contract.md. */
import type { ArmState } from '../../shared/model/selection.ts';
import type { TaskCount } from '../../shared/model/task-counts.ts';

export function packArm({ n, sum, sumSquares, count, linear, memory, tasks }: ArmState): Buffer {
  const head = Buffer.alloc(33);
  head.writeUInt8(tasks ? 4 : memory ? 3 : linear ? 2 : 1, 0);
  for (const [index, value] of [n, sum, sumSquares].entries()) head.writeDoubleLE(value, 1 + 8 * index);
  head.writeBigUInt64LE(BigInt(count), 25);
  const parts: Buffer[] = [head];
  if (linear) parts.push(shorts(linear.dimension), doubles(linear.upper), doubles(linear.b));
  if (memory) {
    parts.push(shorts(memory.dimension, memory.scores.length), doubles(memory.scores));
    parts.push(Buffer.from(memory.steps));
  }
  if (tasks) {
    if (!memory) parts.push(shorts(linear?.dimension ?? 1, 0));
    parts.push(shorts(tasks.length), ...tasks.map(packTask));
  }
  return Buffer.concat(parts);
}

function packTask({ task, n, sum }: TaskCount): Buffer {
  const hash = Buffer.alloc(8);
  hash.writeBigUInt64LE(BigInt(task));
  return Buffer.concat([hash, doubles([n, sum])]);
}

function shorts(...values: number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt16LE(value, 2 * index);
  return bytes;
}

function doubles(values: ArrayLike<number>): Buffer {
  const bytes = Buffer.alloc(8 * values.length);
  for (const [index, value] of Array.from(values).entries()) bytes.writeDoubleLE(value, 8 * index);
  return bytes;
}
