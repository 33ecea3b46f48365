import { uniform } from '../../../shared/adapters/providers/simulated/answer.ts';
import type { Random } from '../../../shared/ports/runtime.ts';

/** The same numbers in every run. */
export const seededRandom = (seed = 1): Random => {
  const next = uniform(seed);
  return {
    next,
    seed: () => Math.floor(next() * 2 ** 53),
    bytes: (length) => new Uint8Array(length).map(() => Math.floor(next() * 256)),
  };
};

/** Draws these, the last one for ever. */
export const drawing = (...draws: number[]): Random => {
  const left = [...draws];
  return { ...seededRandom(), next: () => (left.length > 1 ? left.shift() : left[0]) ?? 0 };
};
