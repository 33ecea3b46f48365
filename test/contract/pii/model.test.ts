import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openModelThread } from '../../../shared/adapters/pii/model/model-thread.ts';
import { openModel } from '../../../shared/adapters/pii/model/open-model.ts';

const MODEL = join(import.meta.dirname, '../../../pii-model');

interface Reference {
  text: string;
  spans: { start: number; end: number; type: string }[];
}

const references = readFileSync(join(MODEL, 'fixtures/parity.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Reference);

describe('the model', () => {
  it('finds what the reference finds, to the character', async () => {
    const model = await openModel(MODEL, { now: () => 0 });
    expect(references.length).toBeGreaterThan(40);
    for (const { text, spans } of references) {
      const [reading] = await model.read([text], 1);
      expect({ text, spans: reading?.spans }).toEqual({
        text,
        spans: spans.map(({ start, end, type }) => ({ start, end, type })),
      });
    }
  });

  it('answers from a thread of its own, request by request', async () => {
    const thread = await openModelThread(MODEL);
    const [one, two] = await Promise.all([
      thread.reader.read(['My name is Jane Doe.', ''], 10_000),
      thread.reader.read(['x '.repeat(50_000)], 1),
    ]);

    expect(one).toEqual([
      { spans: [{ start: 11, end: 19, type: 'PERSON' }], complete: true },
      { spans: [], complete: true },
    ]);
    expect(two[0]?.complete).toBe(false);
    await thread.end();
    await thread.ended;
    await expect(thread.reader.read(['a'], 1)).rejects.toThrow('gone');
  });

  it('is not opened where there is none', async () => {
    await expect(openModelThread(join(MODEL, 'fixtures'))).rejects.toThrow();
  });
});
