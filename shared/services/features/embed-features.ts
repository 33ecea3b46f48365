/**
 * The features of a request with a sentence encoder's view of the prompt in place of topics and sketch. Where there is no
 * encoder, or it fails, those numbers are 0, their mean: what was learnt from the others goes on to count, and what is
 * learnt now does no harm later.
 */
import { EMBEDDING_SIZE, type PromptEncoder } from '../../ports/prompt-encoder.ts';
import { extractStructure, FEATURE_SIZE, type FeatureInput } from './extract-features.ts';

/** As FEATURES_VERSION, and never the same number. */
export const EMBEDDED_FEATURES_VERSION = 1_002;

export interface EmbeddedFeatures {
  /** `FEATURE_SIZE` numbers, as those of `extractFeatures`. */
  readonly values: readonly number[];
  /** The encoder that had its say; without one the prompt was judged by its form alone. */
  readonly encoder?: string;
}

/** Never rejects. */
export async function embedFeatures(
  input: FeatureInput,
  encoder: PromptEncoder | undefined,
): Promise<EmbeddedFeatures> {
  const embedding = await encoder?.encode(input.prompt).catch(() => undefined);
  const values = joinEmbedding(input, embedding);
  return encoder === undefined || embedding === undefined ? { values } : { values, encoder: encoder.version };
}

/** Throws RangeError where the embedding has not `EMBEDDING_SIZE` numbers. */
export function joinEmbedding(
  input: FeatureInput,
  embedding: readonly number[] = new Array<number>(EMBEDDING_SIZE).fill(0),
): number[] {
  const values = [...extractStructure(input), ...embedding.map(Math.fround)];
  if (values.length !== FEATURE_SIZE) throw new RangeError('the embedding does not fit the features');
  return values;
}
