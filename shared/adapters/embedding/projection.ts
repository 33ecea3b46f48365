/**
 * From the encoder's 384 numbers to the few that features have room for. The directions are the principal ones of its own
 * vocabulary, each word put to it alone, so that no text chose them. The kinds of tasks are told by examples written by
 * hand (scripts/encoder/kinds.json), and no outcome of any model chose those. Made by scripts/encoder/make-projection.mjs.
 */
import data from './projection.json' with { type: 'json' };

export interface Projection {
  readonly version: number;
  /** The vocabulary's mean. */
  readonly mean: Float64Array;
  /** Row by row, already in the scale of the features. */
  readonly directions: Float64Array;
  /** The mean of the kinds' examples, and from there to each kind a unit vector, row by row. */
  readonly middle: Float64Array;
  readonly kinds: Float64Array;
  /** How much a cosine tells: shares are the softmax of so many times the cosines. */
  readonly sharpness: number;
}

interface Packed {
  readonly step: number;
  readonly base64: string;
}

const unpacked = ({ step, base64 }: Packed): Float64Array =>
  Float64Array.from(new Int8Array(Buffer.from(base64, 'base64')), (value) => value * step);

export const PROJECTION: Projection = {
  version: data.version,
  mean: unpacked(data.mean),
  directions: unpacked(data.directions),
  middle: unpacked(data.middle),
  kinds: unpacked(data.kinds),
  sharpness: data.sharpness,
};
