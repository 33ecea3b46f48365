import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { contextsOf, examplesOf } from '../../../bench/routing/contexts.ts';
import { embedAll } from '../../../bench/routing/embeddings.ts';
import { MemoryPromptEncoder } from '../../../shared/adapters/memory/prompt-encoder.ts';
import { joinEmbedding } from '../../../shared/services/features/embed-features.ts';
import { extractFeatures } from '../../../shared/services/features/extract-features.ts';

const TEXTS = ['a river', 'a prime'];
const OUTCOMES = {
  models: ['m'],
  prompts: TEXTS.map((text) => ({ text, task: 'sums', scores: [1], costs: [0] })),
};

describe('embeddings of a set', () => {
  const directory = mkdtempSync(join(tmpdir(), 'atp-embeddings-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('are made once, and again for another encoder', async () => {
    let calls = 0;
    const counting = (version: string) => {
      const encoder = new MemoryPromptEncoder();
      return {
        version,
        encode: (text: string) => {
          calls += 1;
          return encoder.encode(text);
        },
      };
    };
    const made = await embedAll(TEXTS, counting('one'), directory, () => undefined);
    const kept = await embedAll(TEXTS, counting('one'), directory, () => undefined);
    expect(calls).toBe(2);
    await embedAll(TEXTS, counting('two'), directory, () => undefined);

    expect(calls).toBe(4);
    expect(kept).toEqual(made);
    expect(contextsOf(OUTCOMES, { embeddings: made })[0]).toEqual(
      Float64Array.from(joinEmbedding({ prompt: TEXTS[0] ?? '' }, made.get(TEXTS[0] ?? ''))),
    );
    expect(() => contextsOf(OUTCOMES, { embeddings: new Map() })).toThrow('no embedding');
  });

  it('are not needed for the others', () => {
    expect(examplesOf(OUTCOMES, { told: 'task' })[0]).toEqual({
      x: Float64Array.from(extractFeatures({ prompt: 'a river', task_type: 'sums' })),
      text: 'a river',
      scores: [1],
    });
  });
});
