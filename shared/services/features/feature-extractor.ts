/** Each kind of features that a decision goes by, once. */
import type { FeaturesFallback } from '../../model/observation.ts';
import type { FeatureKind } from '../../model/policy.ts';
import type { BoundedEncoder } from './bounded-encoder.ts';
import { joinEmbedding } from './embed-features.ts';
import { extractFeatures, type FeatureInput } from './extract-features.ts';
import type { Features } from './feature-kinds.ts';

export interface Extracted {
  features: Features;
  /** Why the encoder had no say in the embedded ones. */
  fallback?: FeaturesFallback;
}

export class FeatureExtractor {
  readonly #encoder: BoundedEncoder;

  constructor(encoder: BoundedEncoder) {
    this.#encoder = encoder;
  }

  /** Never rejects. */
  extract(input: FeatureInput, kinds: ReadonlySet<FeatureKind>): Extracted | Promise<Extracted> {
    const hashed = kinds.has('hashed') ? { hashed: extractFeatures(input) } : {};
    return kinds.has('embedded') ? this.#embed(input, hashed) : { features: hashed };
  }

  async #embed(input: FeatureInput, hashed: Features): Promise<Extracted> {
    const embedding = await this.#encoder.embed(input.prompt);
    return typeof embedding === 'string'
      ? { features: { ...hashed, embedded: joinEmbedding(input) }, fallback: embedding }
      : { features: { ...hashed, embedded: joinEmbedding(input, embedding) } };
  }
}
