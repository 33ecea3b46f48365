import { describe, expect, it } from 'vitest';
import { MemoryPromptEncoder } from '../../../../shared/adapters/memory/prompt-encoder.ts';
import {
  EMBEDDED_FEATURES_VERSION,
  embedFeatures,
  joinEmbedding,
} from '../../../../shared/services/features/embed-features.ts';
import {
  extractFeatures,
  extractStructure,
  FEATURE_SIZE,
  FEATURES_VERSION,
} from '../../../../shared/services/features/extract-features.ts';

const INPUT = { prompt: 'Which rivers flow north?', task_type: 'billing', turns: 2 };
const failing = { version: 'broken', encode: () => Promise.reject(new Error('out of memory')) };

describe('features with an embedding', () => {
  it('begin as the others do, and end with the encoder', async () => {
    const encoder = new MemoryPromptEncoder();
    const structure = extractStructure(INPUT);

    const { values, encoder: version } = await embedFeatures(INPUT, encoder);

    expect(values).toHaveLength(FEATURE_SIZE);
    expect(values.slice(0, structure.length)).toEqual(structure);
    expect(extractFeatures(INPUT).slice(0, structure.length)).toEqual(structure);
    expect(values.slice(structure.length)).toEqual((await encoder.encode(INPUT.prompt)).map(Math.fround));
    expect(version).toBe('words');
  });

  it.each([
    ['there is no encoder', undefined],
    ['the encoder fails', failing],
  ])('say so where %s, with its numbers at their mean', async (_, encoder) => {
    const features = await embedFeatures(INPUT, encoder);

    expect(features).toEqual({ values: joinEmbedding(INPUT) });
    expect(features.values.slice(extractStructure(INPUT).length).every((value) => value === 0)).toBe(true);
  });

  it('are told from the others by their version, and refuse another size', () => {
    expect(EMBEDDED_FEATURES_VERSION).not.toBe(FEATURES_VERSION);
    expect(() => joinEmbedding(INPUT, [1])).toThrow(RangeError);
  });
});
