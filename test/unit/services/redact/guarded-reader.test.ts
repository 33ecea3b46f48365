import { describe, expect, it } from 'vitest';
import type { PiiReader, PiiReading } from '../../../../shared/ports/pii-detector.ts';
import {
  GuardedReader,
  type OpenedReader,
  READER_BOUNDS,
} from '../../../../shared/services/redact/guarded-reader.ts';
import { ManualClock } from '../../../support/fakes/manual-clock.ts';
import { brokenReader, FakeReader } from '../../../support/fakes/pii-reader.ts';

const TEXT = new Set(['It is Jane Doe']);
const silent: PiiReader = { read: () => new Promise<PiiReading[]>(() => undefined) };

const setUp = (readers: readonly (PiiReader | Error)[], bounds = READER_BOUNDS) => {
  const clock = new ManualClock();
  const opened: { gone: () => void; wasEnded: boolean }[] = [];
  const guarded = new GuardedReader(
    async (): Promise<OpenedReader> => {
      const reader = readers[Math.min(opened.length, readers.length - 1)];
      const entry = { gone: (): void => undefined, wasEnded: false };
      opened.push(entry);
      if (reader === undefined || reader instanceof Error) throw reader;
      const ended = new Promise<void>((resolve) => {
        entry.gone = resolve;
      });
      return {
        reader,
        ended,
        end: async () => {
          entry.wasEnded = true;
          entry.gone();
        },
      };
    },
    clock,
    bounds,
  );
  return { guarded, clock, opened };
};

describe('a reader that is guarded', () => {
  it('is opened once, and reads a text once', async () => {
    const reader = new FakeReader();
    const { guarded, opened } = setUp([reader]);
    guarded.warm();
    const first = await guarded.read(TEXT);

    expect(first.get('It is Jane Doe')?.spans).toEqual([{ start: 6, end: 14, type: 'PERSON' }]);
    expect(await guarded.read(TEXT)).toEqual(first);
    expect([opened.length, reader.asked]).toEqual([1, ['It is Jane Doe']]);
  });

  it('reads again what it could not finish, and what it had to forget', async () => {
    const reader = new FakeReader();
    reader.isComplete = false;
    const { guarded } = setUp([reader], { ...READER_BOUNDS, remembered: 1 });
    await guarded.read(TEXT);
    reader.isComplete = true;
    await guarded.read(TEXT);
    await guarded.read(new Set(['other words']));
    await guarded.read(TEXT);

    expect(reader.asked).toEqual(['It is Jane Doe', 'It is Jane Doe', 'other words', 'It is Jane Doe']);
  });

  it('is given as much as fits, and says that the rest was not read', async () => {
    const reader = new FakeReader();
    const { guarded } = setUp([reader]);
    const long = `Jane Doe ${'x'.repeat(READER_BOUNDS.mostCharacters)}`;
    const readings = await guarded.read(new Set(['short', long, 'Ask Jane Doe']));

    expect([...readings.values()]).toEqual([
      { spans: [], complete: true },
      { spans: [{ start: 0, end: 8, type: 'PERSON' }], complete: false },
      { spans: [], complete: false },
    ]);
    expect(reader.asked.join('')).toHaveLength(READER_BOUNDS.mostCharacters);
    expect((await guarded.read(new Set(['Ask Jane Doe']))).get('Ask Jane Doe')?.complete).toBe(true);
  });

  it('is opened again when it went away', async () => {
    const { guarded, opened } = setUp([new FakeReader(), new FakeReader({})]);
    await guarded.read(TEXT);
    opened[0]?.gone();
    await Promise.resolve();
    await guarded.read(new Set(['new']));

    expect(opened).toHaveLength(2);
  });

  it('is not opened again and again where that fails', async () => {
    const { guarded, clock, opened } = setUp([new Error('no model'), new FakeReader()]);
    guarded.warm();
    await expect(guarded.read(TEXT)).rejects.toThrow('no model');
    await expect(guarded.read(TEXT)).rejects.toThrow('a moment ago');
    await clock.advance(READER_BOUNDS.pauseMs);

    expect((await guarded.read(TEXT)).size).toBe(1);
    expect(opened).toHaveLength(2);
  });

  it('rejects what it rejects', async () => {
    await expect(setUp([brokenReader]).guarded.read(TEXT)).rejects.toThrow('out of order');
  });

  it('is given up where it hangs, and ended', async () => {
    const { guarded, clock, opened } = setUp([silent, new FakeReader()]);
    const waiting = guarded.read(TEXT).catch((error: Error) => error.message);
    await new Promise(setImmediate);
    await clock.advance(READER_BOUNDS.budgetMs + READER_BOUNDS.graceMs);

    expect(await waiting).toBe('the model does not answer');
    expect(opened[0]?.wasEnded).toBe(true);
    expect((await guarded.read(TEXT)).size).toBe(1);
  });
});
