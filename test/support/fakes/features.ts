/** Features with the encoder's twin in memory, or with whatever stands for it. */
import { MemoryPromptEncoder } from '../../../shared/adapters/memory/prompt-encoder.ts';
import type { PromptEncoder } from '../../../shared/ports/prompt-encoder.ts';
import { BoundedEncoder } from '../../../shared/services/features/bounded-encoder.ts';
import { FeatureExtractor } from '../../../shared/services/features/feature-extractor.ts';
import { ManualClock } from './manual-clock.ts';

export const featuresBy = (
  encoder: PromptEncoder | undefined = new MemoryPromptEncoder(),
): FeatureExtractor => new FeatureExtractor(new BoundedEncoder(async () => encoder, new ManualClock()));
