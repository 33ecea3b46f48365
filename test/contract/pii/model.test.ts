import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeHandler } from '../../../functions/find-names/handler.ts';
import { openNamesFunction } from '../../../shared/adapters/lambda/names-function.ts';
import { openModelThread } from '../../../shared/adapters/pii/model/model-thread.ts';
import { openModel } from '../../../shared/adapters/pii/model/open-model.ts';
import { READER_BOUNDS } from '../../../shared/services/redact/guarded-reader.ts';

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

  it('finds the same in texts that go through together, the short ones filled up', async () => {
    const texts = [
      'My name is Jane Doe.',
      'Fix the build.',
      'Please send the parcel to my brother Tomasz Zielinski, 12 Elm Street, Springfield, IL 62704, before Friday.',
    ];
    const found = async (batchTokens: number, calls: readonly (readonly string[])[]) => {
      const model = await openModel(MODEL, { now: () => 0, batchTokens });
      const readings = [];
      for (const together of calls) readings.push(...(await model.read(together, 1)));
      return readings.map(({ spans }) => spans);
    };
    const alone = await found(
      128,
      texts.map((text) => [text]),
    );

    expect(alone.map((spans) => spans.map(({ type }) => type))).toEqual([
      ['PERSON'],
      [],
      ['PERSON', 'ADDRESS'],
    ]);
    expect(await found(1_024, [texts])).toEqual(alone);
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

  it('answers from a function of its own as it does from a thread', async () => {
    const model = await openModel(MODEL, { now: () => 0 });
    const handle = makeHandler({
      read: (texts, until) => model.read(texts, until),
      now: () => 0,
      found: () => undefined,
    });
    const invoker = {
      invoke: async (_name: string, payload: string) => JSON.stringify(await handle(JSON.parse(payload))),
    };
    const { reader } = await openNamesFunction({ invoker, functionName: 'find-names' });
    const texts = references.slice(0, 10).map(({ text }) => text);

    expect(await reader.read(texts, 1)).toEqual(await model.read(texts, 1));
  });

  it('is over its time by little, whatever it is given', async () => {
    const { mostCharacters, graceMs } = READER_BOUNDS;
    const budgetMs = 20;
    const model = await openModel(MODEL, { now: () => Date.now() });
    for (const unit of ['a', 'e\u0301', '1 ', '. ', 'Lopez L, ', 'Write a story about my ']) {
      const text = unit.repeat(mostCharacters).slice(0, mostCharacters);
      const before = process.threadCpuUsage();
      await model.read([text], Date.now() + budgetMs);
      const { user, system } = process.threadCpuUsage(before);

      expect((user + system) / 1_000, unit).toBeLessThan(budgetMs + graceMs / 2);
    }
  });

  it('is not opened where there is none', async () => {
    await expect(openModelThread(join(MODEL, 'fixtures'))).rejects.toThrow();
  });
});
