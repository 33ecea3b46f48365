/**
 * From the encoder's 384 numbers to the few that features have room for: the principal directions of its own vocabulary,
 * each word put to it alone, so that no text chose them. Made by scripts/encoder/make-projection.mjs.
 */
import data from './projection.json' with { type: 'json' };

export interface Projection {
  readonly version: number;
  /** The vocabulary's mean. */
  readonly mean: Float64Array;
  /** Row by row, already in the scale of the features. */
  readonly directions: Float64Array;
}

const bytes = (base64: string): Int8Array => new Int8Array(Buffer.from(base64, 'base64'));

export const PROJECTION: Projection = {
  version: data.version,
  mean: Float64Array.from(bytes(data.mean), (value) => value * data.meanStep),
  directions: Float64Array.from(bytes(data.directions), (value) => value * data.directionStep),
};
