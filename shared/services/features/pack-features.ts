/** Features as they travel and are kept: 32-bit floats, little-endian, in base64; 320 characters for 60 of them. */

const BYTES = 4;

export function packFeatures(features: readonly number[]): string {
  const bytes = Buffer.alloc(features.length * BYTES);
  features.forEach((feature, index) => {
    bytes.writeFloatLE(feature, index * BYTES);
  });
  return bytes.toString('base64');
}

export function unpackFeatures(packed: string): number[] {
  const bytes = Buffer.from(packed, 'base64');
  return Array.from({ length: Math.floor(bytes.length / BYTES) }, (_, index) =>
    bytes.readFloatLE(index * BYTES),
  );
}
