import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unitVector } from '../../../shared/adapters/providers/simulated/embeddings.ts';
import { anyCharacter } from '../../support/any-character.ts';

const dot = (one: Float32Array, other: Float32Array): number =>
  one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);

const text = fc.string({ unit: anyCharacter, maxLength: 200 });
const dimensions = fc.integer({ min: 1, max: 2_000 });
const seed = fc.integer({ min: 0, max: 2 ** 31 });
const word = fc.stringMatching(/^[a-z]{3,10}$/);

describe('a simulated vector', () => {
  it('is as long as was asked, of length one, and the same for the same text and seed', () => {
    fc.assert(
      fc.property(text, dimensions, seed, (said, size, at) => {
        const vector = unitVector(said, size, at);

        expect(vector).toHaveLength(size);
        expect(dot(vector, vector)).toBeCloseTo(1, 4);
        expect(unitVector(said, size, at)).toEqual(vector);
      }),
      { numRuns: 100 },
    );
  });

  it('is nearer to a text that shares its words than to one of other words', () => {
    const words = fc.uniqueArray(word, { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(words, seed, (all, at) => {
        const vector = (from: number, to: number) => unitVector(all.slice(from, to).join(' '), 1_536, at);
        const said = vector(0, 12);

        expect(dot(said, vector(2, 14))).toBeGreaterThan(dot(said, vector(12, 24)) + 0.2);
      }),
      { numRuns: 100 },
    );
  });
});
