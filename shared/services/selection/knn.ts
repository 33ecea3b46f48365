/**
 * k nearest neighbours with an upper confidence bound (after Reeve, Mellor & Brown 2018, Guan & Jiang 2018); what is
 * computed, and why, is told in rust-selector/src/policy/knn.rs, whose twin this is.
 */
import type { MemoryState } from '../../model/memory-state.ts';
import { at } from './at.ts';
import type { Belief } from './belief.ts';
import { MISSING_FEATURES } from './check.ts';
import { directionOf, similarities } from './nearest.ts';
import { type Arm, butAtRandom, certain, type Policy, utility } from './policy.ts';

export interface KnnSettings {
  readonly strength: number;
  readonly noise: number;
  readonly exploration: number;
  readonly floor: number;
  readonly neighbours: number;
  readonly gamma: number;
}

/** Sums over the neighbours of their weights w, of w y and of w y^2. */
interface Sums {
  readonly weight: number;
  readonly scores: number;
  readonly squares: number;
}

const NO_NEIGHBOUR: Sums = { weight: 0, scores: 0, squares: 0 };

export function knn(settings: KnnSettings): Policy {
  return (field, rng) => {
    if (field.features.length === 0) return MISSING_FEATURES;
    const asked = directionOf(field.features);
    const scored = field.arms.map((arm) => {
      const { mean, deviation } = beliefOf(arm, asked, settings);
      const score = utility(field, arm, mean + settings.exploration * deviation);
      return { quality: mean, uncertainty: deviation, score };
    });
    return butAtRandom(certain(scored), settings.floor, rng);
  };
}

function beliefOf({ priorQuality, state }: Arm, asked: Int8Array, settings: KnnSettings): Belief {
  const { strength, noise } = settings;
  const own = (strength * priorQuality + state.sum) / (strength + state.n);
  const fits = state.memory?.dimension === asked.length + 1;
  const sums = state.memory !== undefined && fits ? sumNearest(state.memory, asked, settings) : NO_NEIGHBOUR;
  const weight = strength + sums.weight;
  const mean = (strength * own + sums.scores) / weight;
  // Rounding may leave less than nothing.
  const spread = Math.max(0, sums.squares - 2 * mean * sums.scores + mean * mean * sums.weight);
  const variance = (strength * noise * noise + spread) / weight;
  return { mean, deviation: Math.sqrt(variance / weight) };
}

/** Of equally near ones the newest count. */
function sumNearest(memory: MemoryState, asked: Int8Array, { neighbours, gamma }: KnnSettings): Sums {
  const near = similarities(memory, asked);
  let { least, atLeast } = reachOf(near, neighbours);
  let [weight, scores, squares, fade] = [0, 0, 0, 1];
  for (let index = near.length - 1; index >= 0; index -= 1, fade *= gamma) {
    const similarity = at(near, index);
    if (!(similarity > 0) || similarity < least || (similarity === least && atLeast === 0)) continue;
    if (similarity === least) atLeast -= 1;
    const counts = eighth(similarity) * fade;
    const score = at(memory.scores, index);
    weight += counts;
    scores += counts * score;
    squares += counts * score * score;
  }
  return { weight, scores, squares };
}

/** The k-th highest similarity, and how many of just that are among the k. */
function reachOf(near: Float64Array, neighbours: number): { least: number; atLeast: number } {
  if (near.length <= neighbours) return { least: 0, atLeast: 0 };
  const sorted = near.toSorted();
  const least = at(sorted, sorted.length - neighbours);
  let above = 0;
  while (at(sorted, sorted.length - 1 - above) > least) above += 1;
  return { least, atLeast: neighbours - above };
}

function eighth(similarity: number): number {
  const square = similarity * similarity;
  const fourth = square * square;
  return fourth * fourth;
}
