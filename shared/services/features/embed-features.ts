/**
 * The features of a request with a sentence encoder's view of the prompt in place of topics and sketch. Where the encoder has
 * no say those numbers are 0, their mean: what was learnt with it goes on to count for the others, and what is learnt
 * without it moves only those.
 */
import { EMBEDDING_SIZE } from '../../ports/prompt-encoder.ts';
import { extractStructure, FEATURE_SIZE, type FeatureInput } from './extract-features.ts';

/** As FEATURES_VERSION, and never the same number. Changes with the encoder too. */
export const EMBEDDED_FEATURES_VERSION = 1_002;

/** Throws RangeError where the embedding has not `EMBEDDING_SIZE` numbers. */
export function joinEmbedding(
  input: FeatureInput,
  embedding: readonly number[] = new Array<number>(EMBEDDING_SIZE).fill(0),
): number[] {
  const values = [...extractStructure(input), ...embedding.map(Math.fround)];
  if (values.length !== FEATURE_SIZE) throw new RangeError('the embedding does not fit the features');
  return values;
}
