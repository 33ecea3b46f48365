/**
 * A text as a short dense vector: signed feature hashing of word and character n-grams (Weinberger et al., "Feature
 * Hashing for Large Scale Multitask Learning", ICML 2009), then a random projection to `size` numbers with entries
 * +-1 (Achlioptas, "Database-friendly random projections", JCSS 2003). The projection's signs come from hashing the
 * bucket with a fixed seed, so there is no matrix to store and every process has the same one.
 */
import { hashUnits, mix } from './hash.ts';

const BUCKETS = 4_096;
const WORD_SEED = 0x51ed270b;
const PAIR_SEED = 0x2c1b3c6d;
const CHARACTER_SEED = 0x297a2d39;
const PROJECTION_SEED = 0x7feb352d;
const CHARACTERS = 4;
/** Character n-grams are many and weak; words carry the topic. */
const CHARACTER_WEIGHT = 0.3;
const BITS = 32;

/** `size` numbers, each within [-1, 1], of root mean square about 0.5 for any text that is not empty. */
export function sketchText(lower: string, words: readonly string[], size: number): number[] {
  const buckets = new Float64Array(BUCKETS);
  for (const [index, word] of words.entries()) {
    add(buckets, hashUnits(word, 0, word.length, WORD_SEED), 1);
    const next = words[index + 1];
    if (next !== undefined) {
      const pair = hashUnits(next, 0, next.length, hashUnits(word, 0, word.length, PAIR_SEED));
      add(buckets, pair, 0.5);
    }
  }
  for (let start = 0; start + CHARACTERS <= lower.length; start += 1) {
    add(buckets, hashUnits(lower, start, start + CHARACTERS, CHARACTER_SEED), CHARACTER_WEIGHT);
  }
  return project(buckets, size);
}

function add(buckets: Float64Array, hash: number, weight: number): void {
  const bucket = (hash >>> 1) % BUCKETS;
  buckets[bucket] = (buckets[bucket] ?? 0) + ((hash & 1) === 1 ? weight : -weight);
}

function project(buckets: Float64Array, size: number): number[] {
  const projected = new Array<number>(size).fill(0);
  let squares = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    const sum = buckets[bucket] ?? 0;
    if (sum === 0) continue;
    // The root dampens words that are everywhere.
    const value = Math.sign(sum) * Math.sqrt(Math.abs(sum));
    squares += value * value;
    for (let from = 0; from < size; from += BITS) {
      const signs = mix(bucket ^ PROJECTION_SEED ^ Math.imul(from + 1, 0x9e3779b1));
      const until = Math.min(size, from + BITS);
      for (let at = from; at < until; at += 1) {
        projected[at] = (projected[at] ?? 0) + (((signs >>> (at - from)) & 1) === 1 ? value : -value);
      }
    }
  }
  if (squares === 0) return projected;
  const scale = 0.5 / Math.sqrt(squares);
  return projected.map((value) => Math.max(-1, Math.min(1, value * scale)));
}
