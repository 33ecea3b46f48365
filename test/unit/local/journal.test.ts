import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Booker } from '../../../local/journal/booker.ts';
import type { FromJournal, ToJournal } from '../../../local/journal/messages.ts';
import { entryOf, lineOf, Segments } from '../../../local/journal/segments.ts';
import { ThreadJournal } from '../../../local/journal/thread-journal.ts';
import type { SettledObservation } from '../../../shared/ports/observation-store.ts';
import type { SettleOutcome } from '../../../shared/ports/settlement-journal.ts';
import { Happened } from '../../support/fakes/happened.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("the journal's files", () => {
  let directory: string;
  const open = (maxBytes?: number): Segments => new Segments(directory, maxBytes);
  const line = (n: number): string => JSON.stringify({ n });
  const files = (): string[] => readdirSync(directory).sort();
  const writeAt = (place: number, text: string): void => {
    const descriptor = openSync(join(directory, files()[0] ?? ''), 'r+');
    writeSync(descriptor, text, place);
    closeSync(descriptor);
  };

  beforeEach(() => {
    directory = join(mkdtempSync(join(tmpdir(), 'atp-journal-')), 'journal');
  });

  afterEach(() => rmSync(join(directory, '..'), { recursive: true }));

  it('give to the next process what was not booked, in order', () => {
    const first = open();
    first.append([line(1), line(2)]);
    first.append([line(3)]);
    expect(open().leftovers).toEqual([line(1), line(2), line(3)]);
  });

  it('are readable by nobody else', () => {
    open().append([line(1)]);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, files()[0] ?? '')).mode & 0o777).toBe(0o600);
  });

  it('go with their process where all is booked', () => {
    const segments = open();
    segments.append([line(1), line(2)]);
    segments.append([line(3)]);
    segments.booked(3);
    segments.close();
    expect(files()).toEqual([]);
  });

  it('stay where their process ends before all is booked', () => {
    const segments = open();
    segments.append([line(1), line(2)]);
    segments.booked(1);
    segments.close();
    expect(open().leftovers).toEqual([line(1), line(2)]);
  });

  it('take an entry that is larger than they are', () => {
    const long = JSON.stringify({ text: 'x'.repeat(100) });
    open(16).append([long]);
    expect(open(16).leftovers).toEqual([long]);
  });

  it('are removed one by one as they are booked, the one that is written to last', () => {
    const segments = open(8);
    for (const n of [1, 2, 3]) segments.append([line(n)]);
    expect(files()).toHaveLength(3);
    segments.booked(2);
    expect(files()).toHaveLength(1);
    expect(open().leftovers).toEqual([line(3)]);
  });

  it('of a former process go when its entries are booked', () => {
    open().append([line(1)]);
    const next = open();
    next.append([line(2)]);
    next.booked(1);
    expect(open().leftovers).toEqual([line(2)]);
    expect(files()).toHaveLength(1);
  });

  it('may end in a torn line, which was acknowledged to nobody', () => {
    open().append([line(1)]);
    writeAt(line(1).length + 1, '{"n":');
    expect(open().leftovers).toEqual([line(1)]);
    expect(files()).not.toContain('damaged');
  });

  it('have put aside what cannot be read', () => {
    open().append([line(1)]);
    writeAt(line(1).length + 1, 'nonsense\n{"n":2}\n');
    expect(open().leftovers).toEqual([line(1), line(2)]);
    expect(readFileSync(join(directory, 'damaged'), 'utf8')).toBe('nonsense\n');
  });

  it('are left behind by a write that failed', () => {
    const segments = open();
    rmSync(directory, { recursive: true });
    expect(() => segments.append([line(1)])).toThrow('ENOENT');

    mkdirSync(directory);
    segments.append([line(2)]);
    expect(open().leftovers).toEqual([line(2)]);
  });

  it('hold whatever was acknowledged and is not booked, whenever the process dies', () => {
    const steps = fc.array(
      fc.oneof(
        { weight: 4, arbitrary: fc.integer({ min: 1, max: 5 }).map((count) => ({ append: count })) },
        { weight: 3, arbitrary: fc.integer({ min: 1, max: 5 }).map((count) => ({ book: count })) },
        { weight: 1, arbitrary: fc.constant({ crash: true }) },
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: 8, max: 60 }), (sequence, maxBytes) => {
        let segments = open(maxBytes);
        let next = 0;
        let unbooked: string[] = [];
        for (const step of sequence) {
          if ('append' in step) {
            const lines = Array.from({ length: step.append }, () => line(next++));
            segments.append(lines);
            unbooked.push(...lines);
          } else if ('book' in step) {
            const count = Math.min(step.book, unbooked.length);
            unbooked = unbooked.slice(count);
            segments.booked(count);
          } else {
            segments = open(maxBytes);
            // More may be there, of a file of which only some are booked: to book them again changes nothing.
            expect(segments.leftovers.slice(segments.leftovers.length - unbooked.length)).toEqual(unbooked);
            unbooked = [...segments.leftovers];
          }
        }
        rmSync(directory, { recursive: true });
      }),
      { numRuns: 60 },
    );
    open();
  });
});

describe('booking', () => {
  const clock = new ManualClock();
  const entries = (count: number): SettledObservation[] => {
    const happened = new Happened(clock);
    return Array.from({ length: count }, () => happened.make());
  };
  let batches: SettledObservation[][];
  let outcomes: SettleOutcome[];
  let letters: SettledObservation[];
  let isAway: boolean;
  let isRefused: boolean;
  let areLettersAway: boolean;
  let release: (() => void) | undefined;
  let isSlow: boolean;
  let booker: Booker;

  beforeEach(() => {
    batches = [];
    outcomes = [];
    isAway = false;
    isRefused = false;
    isSlow = false;
    release = undefined;
    letters = [];
    areLettersAway = false;
    booker = new Booker({
      store: {
        commit: async (batch) => {
          batches.push([...batch]);
          if (isSlow)
            await new Promise<void>((resolve) => {
              release = resolve;
            });
          if (isAway) throw new Error('away');
          if (isRefused) throw new Error('refused');
        },
        maxBatch: 3,
      },
      deadLetters: {
        put: async (batch) => {
          if (areLettersAway) throw new Error('away');
          letters.push(...batch);
        },
      },
      isRefusal: (error) => (error as Error).message === 'refused',
      booked: (some) => outcomes.push(...some),
      clock,
    });
  });

  it('waits a moment for others to share the transaction', async () => {
    const [one, two] = entries(2) as [SettledObservation, SettledObservation];
    booker.add([one]);
    await clock.advance(10);
    booker.add([two]);
    expect(batches).toEqual([]);

    await clock.advance(10);
    expect(batches).toEqual([[one, two]]);
    expect(outcomes).toEqual(['stored', 'stored']);
  });

  it('waits no longer where a transaction is full', async () => {
    const five = entries(5);
    booker.add(five);
    await turn();
    expect(batches).toEqual([five.slice(0, 3)]);

    await clock.advance(20);
    expect(batches).toEqual([five.slice(0, 3), five.slice(3)]);
  });

  it('waits not at all where somebody waits for it', async () => {
    const five = entries(5);
    booker.add(five);
    booker.hurry();
    await turn();
    expect(batches).toEqual([five.slice(0, 3), five.slice(3)]);
  });

  it('has one transaction under way at a time, so entries keep their order', async () => {
    isSlow = true;
    const four = entries(4);
    booker.add(four);
    booker.hurry();
    await turn();
    expect(batches).toHaveLength(1);

    release?.();
    await turn();
    expect(batches).toHaveLength(2);
    expect(outcomes).toHaveLength(3);
  });

  it('waits for a store that is away', async () => {
    isAway = true;
    const two = entries(2);
    booker.add(two);
    await clock.advance(20);
    await clock.advance(200);
    expect(batches).toEqual([two, two]);
    expect(outcomes).toEqual([]);

    isAway = false;
    await clock.advance(200);
    expect(outcomes).toEqual(['stored', 'stored']);
    expect(letters).toEqual([]);
  });

  it('leaves what waits for too long to the dead letters, and goes on', async () => {
    isAway = true;
    const four = entries(4);
    booker.add(four);
    for (let ms = 0; ms < 10_200; ms += 200) await clock.advance(200);
    expect(letters).toEqual(four.slice(0, 3));
    expect(outcomes).toEqual(['dead_lettered', 'dead_lettered', 'dead_lettered']);

    isAway = false;
    await clock.advance(200);
    expect(outcomes.at(-1)).toBe('stored');
  });

  it('leaves what the store refuses to them at once', async () => {
    isRefused = true;
    booker.add(entries(3));
    await turn();
    expect(outcomes).toEqual(['dead_lettered', 'dead_lettered', 'dead_lettered']);
  });

  it('keeps trying where nobody takes it', async () => {
    isRefused = true;
    areLettersAway = true;
    booker.add(entries(3));
    await clock.advance(60_000);
    expect(outcomes).toEqual([]);

    areLettersAway = false;
    await clock.advance(200);
    expect(outcomes).toHaveLength(3);
  });
});

describe("the gateway's side of the journal", () => {
  let told: ToJournal[];
  let say: (message: FromJournal) => void;
  const happened = new Happened(new ManualClock());
  const outcomes: SettleOutcome[] = [];
  const take = (journal: ThreadJournal): Promise<void> => {
    const taken = journal.take(happened.make(), (outcome) => outcomes.push(outcome));
    if (taken === undefined) throw new Error('it was not taken');
    return taken;
  };
  const make = (isDurable = true): ThreadJournal => {
    told = [];
    outcomes.length = 0;
    return new ThreadJournal(
      {
        tell: (message) => told.push(message),
        onMessage: (listener) => {
          say = listener;
        },
      },
      isDurable,
    );
  };
  const stateOf = async (promise: Promise<unknown> | undefined): Promise<string> => {
    if (promise === undefined) return 'none';
    return Promise.race([
      promise.then(
        () => 'resolved',
        () => 'rejected',
      ),
      turn().then(() => 'pending'),
    ]);
  };

  it('acknowledges an entry when it is written down, and tells later that it is booked', async () => {
    const journal = make();
    const taken = take(journal);
    await turn();
    expect(await stateOf(taken)).toBe('pending');

    say({ kind: 'durable', count: 1 });
    expect(await stateOf(taken)).toBe('resolved');
    expect(outcomes).toEqual([]);

    say({ kind: 'booked', outcomes: ['dead_lettered'] });
    expect(outcomes).toEqual(['dead_lettered']);
  });

  it('tells together what was taken in one turn of the event loop', async () => {
    const journal = make();
    const settled = [happened.make(), happened.make()];
    for (const one of settled) void journal.take(one, () => undefined);
    await turn();
    expect(told).toEqual([{ kind: 'take', lines: settled.map(lineOf) }]);
    expect(settled).toEqual(
      told.flatMap((message) => (message.kind === 'take' ? message.lines.map(entryOf) : [])),
    );
  });

  it('has whoever reads wait for what was taken before, and hurries', async () => {
    const journal = make();
    expect(journal.booked()).toBeUndefined();

    void take(journal);
    const reader = journal.booked();
    void take(journal);
    await turn();
    expect(told.map(({ kind }) => kind)).toEqual(['take', 'hurry', 'take']);

    say({ kind: 'durable', count: 2 });
    expect(await stateOf(reader)).toBe('pending');
    say({ kind: 'booked', outcomes: ['stored'] });
    expect(await stateOf(reader)).toBe('resolved');
    expect(await stateOf(journal.booked())).toBe('pending');
    say({ kind: 'booked', outcomes: ['stored'] });
    expect(journal.booked()).toBeUndefined();
  });

  it('has them wait for what a former process left, too', async () => {
    const journal = make();
    say({ kind: 'opened', count: 2 });
    const reader = journal.booked();
    say({ kind: 'booked', outcomes: ['stored', 'stored'] });
    expect(await stateOf(reader)).toBe('resolved');
    expect(journal.booked()).toBeUndefined();
  });

  it('rejects what could not be written down, and nobody waits for that', async () => {
    const journal = make();
    const lost = take(journal);
    await turn();
    say({ kind: 'failed', count: 1 });
    expect(await stateOf(lost)).toBe('rejected');
    expect(journal.booked()).toBeUndefined();
    expect(outcomes).toEqual([]);
  });

  it('takes no more than a store that keeps up would leave', async () => {
    const journal = make();
    const taken = Array.from({ length: 2_001 }, () => journal.take(happened.make(), () => undefined));
    expect(taken.at(-1)).toBeUndefined();
    expect(taken.at(-2)).toBeDefined();
  });

  it('acknowledges at once where the store is in memory itself, but readers wait all the same', async () => {
    const journal = make(false);
    expect(await stateOf(take(journal))).toBe('resolved');
    expect(await stateOf(journal.booked())).toBe('pending');
  });

  it('ends when all is booked, and takes nothing any more', async () => {
    const journal = make();
    void take(journal);
    const closed = journal.close();
    say({ kind: 'durable', count: 1 });
    expect(await stateOf(closed)).toBe('pending');

    say({ kind: 'booked', outcomes: ['stored'] });
    await closed;
    expect(told.map(({ kind }) => kind)).toEqual(['take', 'hurry', 'close']);
    expect(journal.take(happened.make(), () => undefined)).toBeUndefined();
  });
});
