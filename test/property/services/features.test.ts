import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  extractFeatures,
  FEATURE_SIZE,
  type FeatureInput,
} from '../../../shared/services/features/extract-features.ts';
import { anyCharacter } from '../../support/any-character.ts';

const piece = fc.oneof(
  fc.string({ unit: anyCharacter }),
  fc.constantFrom('\ud800', '\udfff', '👩‍👩‍👧', '\u0000', 'İ', 'ﷺ', '漢字', 'A. x\nB. y', '$', '{"', '```'),
);
const text = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(''));
const count = fc.oneof(fc.nat(), fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER));

const input: fc.Arbitrary<FeatureInput> = fc.record(
  { prompt: text, task_type: text, max_tokens: count, turns: count, tools: count },
  { requiredKeys: ['prompt'] },
);

describe('features', () => {
  it('are bounded, finite and exact in 32 bits for whatever comes', () => {
    fc.assert(
      fc.property(input, (given) => {
        const features = extractFeatures(given);

        expect(features).toHaveLength(FEATURE_SIZE);
        expect(features[0]).toBe(1);
        for (const value of features) {
          expect(Math.abs(value)).toBeLessThanOrEqual(1);
          expect(Math.fround(value)).toBe(value);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are the same each time, through JSON and through 32-bit floats', () => {
    fc.assert(
      fc.property(input, (given) => {
        const features = extractFeatures(given);

        expect(extractFeatures(given)).toEqual(features);
        expect([...Float32Array.from(features)]).toEqual(features);
        // JSON has one zero only.
        expect(JSON.parse(JSON.stringify(features))).toEqual(features.map((value) => value + 0));
      }),
    );
  });

  it('take no longer for a text made to be slow, or for one of 1 MiB', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          piece.filter((one) => one.length > 0),
          fc.constantFrom('1', ' ', '\n', '1 ', 'a. ', 'select ', 'write ', '{"', '[', '_', 'x = ', '"'),
        ),
        (unit) => {
          const prompt = unit.repeat(Math.ceil(1_048_576 / unit.length));
          extractFeatures({ prompt });
          const started = process.threadCpuUsage();
          extractFeatures({ prompt });

          // Microseconds of this thread. Ordinary texts take under 1 ms; the rest is room for a slow machine. Quadratic work takes seconds.
          expect(process.threadCpuUsage(started).user).toBeLessThan(250_000);
        },
      ),
      { numRuns: 60 },
    );
  });
});
