/**
 * The features of a request with a sentence encoder's view of the prompt in place of guessed kinds and topics. Where the encoder has
 * no say those numbers are 0, their mean: what was learnt with it goes on to count for the others, and what is learnt
 * without it moves only those.
 */
import { EMBEDDING_SIZE } from '../../ports/prompt-encoder.ts';
import { extractStructure, type FeatureInput, STRUCTURE_SIZE } from './extract-features.ts';

/** As FEATURES_VERSION, and never the same number. Changes with the encoder too; version 1,002 had 64 numbers. */
export const EMBEDDED_FEATURES_VERSION = 1_003;

export const EMBEDDED_FEATURE_SIZE = STRUCTURE_SIZE + EMBEDDING_SIZE;

/** Throws RangeError where the embedding has not `EMBEDDING_SIZE` numbers. */
export function joinEmbedding(
  input: FeatureInput,
  embedding: readonly number[] = new Array<number>(EMBEDDING_SIZE).fill(0),
): number[] {
  const values = [...extractStructure(input), ...embedding.map(Math.fround)];
  if (values.length !== EMBEDDED_FEATURE_SIZE)
    throw new RangeError('the embedding does not fit the features');
  return values;
}
