/** A batch and a learnt state of a given size, made from a seed, as every contender is given them. */
import { NewestScores } from '../../shared/services/evaluation/newest-scores.ts';
import { Sfc32 } from '../../shared/services/selection/random.ts';

export interface Size {
  readonly requests: number;
  readonly candidates: number;
  readonly dimension: number;
}

export interface Workload extends Size {
  /** Its states' key in the Learning table. */
  readonly policy: string;
  /** The event, as text. */
  readonly event: string;
  /** Packed states by arm. */
  readonly arms: ReadonlyMap<string, Buffer>;
}

/** Scores that each arm has learnt from. */
const LEARNT = 100;
/** Where they are remembered, as many as are by default. */
const REMEMBERED = 512;
const LINEAR_FORMAT = 2;
const MEMORY_FORMAT = 3;

export function makeWorkload(strategy: string, size: Size): Workload {
  const rng = new Sfc32(1_000_000 * size.requests + 1_000 * size.candidates + size.dimension);
  const policy = `${size.requests}-${size.candidates}-${size.dimension}`;
  const ids = Array.from({ length: size.candidates }, (_, index) => `model-${index}`);
  const candidates = ids.map((id, index) => ({
    ...{ id, prior_quality: Math.round(50 + (40 * index) / ids.length) / 100 },
    ...{ cost_usd: 0.001, latency_ms: 400 + index },
  }));
  const requests = Array.from({ length: size.requests }, (_, index) => ({
    ...{ id: `r${index}`, policy, strategy, params: { lambda: 2.5 }, seed: index },
    weights: { quality: 1, cost: 0.3, latency: 0.1, cost_scale_usd: 0.01, latency_scale_ms: 1000 },
    ...{ candidates, features: features(size.dimension, rng) },
  }));
  const arms = new Map(ids.map((id) => [id, learntArm(size.dimension, rng, strategy === 'knn')]));
  return { ...size, policy, event: JSON.stringify({ contract: 1, requests }), arms };
}

/** Bias first, the others 32-bit floats in (-1, 1). */
const features = (dimension: number, rng: Sfc32): number[] =>
  Array.from({ length: dimension }, (_, at) => (at === 0 ? 1 : Math.fround(rng.nextSigned())));

function learntArm(dimension: number, rng: Sfc32, remembers: boolean): Buffer {
  const learnt = remembers ? REMEMBERED : LEARNT;
  const newest = new NewestScores(REMEMBERED);
  const upper = new Float64Array((dimension * (dimension + 1)) / 2);
  const b = new Float64Array(dimension);
  let [sum, sumSquares] = [0, 0];
  for (let seen = 0; seen < learnt; seen += 1) {
    const x = features(dimension, rng);
    const score = rng.nextUnit();
    sum += score;
    sumSquares += score * score;
    let at = 0;
    for (const [row, one] of x.entries()) {
      b[row] = (b[row] ?? 0) + score * one;
      for (const other of x.slice(row)) {
        upper[at] = (upper[at] ?? 0) + one * other;
        at += 1;
      }
    }
    if (remembers) newest.add(x, score);
  }
  const linear = pack([learnt, sum, sumSquares], dimension, [...upper, ...b]);
  const memory = newest.state();
  if (memory === undefined) return linear;
  linear.writeUInt8(MEMORY_FORMAT, 0);
  const head = Buffer.from(Uint16Array.of(memory.dimension, memory.scores.length).buffer);
  return Buffer.concat([linear, head, Buffer.from(memory.scores.buffer), Buffer.from(memory.steps.buffer)]);
}

/** Format 2 of docs/architecture/selector-contract.md; format 3 appends to it. */
function pack(sums: readonly number[], dimension: number, doubles: readonly number[]): Buffer {
  const [learnt = 0] = sums;
  const bytes = Buffer.alloc(35 + 8 * doubles.length);
  bytes.writeUInt8(LINEAR_FORMAT, 0);
  for (const [index, value] of sums.entries()) bytes.writeDoubleLE(value, 1 + 8 * index);
  bytes.writeBigUInt64LE(BigInt(learnt), 25);
  bytes.writeUInt16LE(dimension, 33);
  for (const [index, value] of doubles.entries()) bytes.writeDoubleLE(value, 35 + 8 * index);
  return bytes;
}
