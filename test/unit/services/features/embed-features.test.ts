import { describe, expect, it } from 'vitest';
import { MemoryPromptEncoder } from '../../../../shared/adapters/memory/prompt-encoder.ts';
import type { FeatureKind } from '../../../../shared/model/policy.ts';
import {
  EMBEDDED_FEATURE_SIZE,
  EMBEDDED_FEATURES_VERSION,
  joinEmbedding,
} from '../../../../shared/services/features/embed-features.ts';
import {
  extractFeatures,
  extractStructure,
  FEATURE_SIZE,
  FEATURES_VERSION,
} from '../../../../shared/services/features/extract-features.ts';
import { featuresBy } from '../../../support/fakes/features.ts';

const INPUT = { prompt: 'Which rivers flow north?', task_type: 'billing', turns: 2 };
const BOTH = new Set<FeatureKind>(['hashed', 'embedded']);

describe('features with an embedding', () => {
  it('begin as the others do, and end with the encoder', async () => {
    const encoder = new MemoryPromptEncoder();
    const structure = extractStructure(INPUT);

    const { features, ...rest } = await featuresBy(encoder).extract(INPUT, BOTH);

    const { hashed, embedded } = features;
    expect(rest).toEqual({});
    expect(embedded).toHaveLength(EMBEDDED_FEATURE_SIZE);
    expect(embedded?.slice(0, structure.length)).toEqual(structure);
    expect(hashed).toEqual(extractFeatures(INPUT));
    expect(hashed?.slice(0, structure.length)).toEqual(structure);
    expect(embedded?.slice(structure.length)).toEqual((await encoder.encode(INPUT.prompt)).map(Math.fround));
  });

  it('say so where the encoder fails, with its numbers at their mean', async () => {
    const failing = { version: 'broken', encode: () => Promise.reject(new Error('out of memory')) };

    const { features, fallback } = await featuresBy(failing).extract(INPUT, new Set(['embedded']));

    expect(fallback).toBe('failed');
    expect(features).toEqual({ embedded: joinEmbedding(INPUT) });
    const own = features.embedded?.slice(extractStructure(INPUT).length);
    expect(own?.every((value) => value === 0)).toBe(true);
  });

  it('are told from the others by their version, and refuse another size', () => {
    expect(EMBEDDED_FEATURES_VERSION).not.toBe(FEATURES_VERSION);
    // `learn` begins anew at another size, so numbers of version 2 and 1,002 are not mixed with these.
    expect([FEATURE_SIZE, EMBEDDED_FEATURE_SIZE]).not.toContain(64);
    expect(() => joinEmbedding(INPUT, [1])).toThrow(RangeError);
  });
});
