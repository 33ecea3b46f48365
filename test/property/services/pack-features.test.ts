import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packFeatures, unpackFeatures } from '../../../shared/services/features/pack-features.ts';

it('gives back every 32-bit number as it was', () => {
  const features = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 64 });
  fc.assert(
    fc.property(features, (numbers) => {
      expect(unpackFeatures(packFeatures(numbers))).toEqual(numbers);
    }),
  );
});

it('is little-endian', () => {
  expect(packFeatures([1, 0.5])).toBe('AACAPwAAAD8=');
});
