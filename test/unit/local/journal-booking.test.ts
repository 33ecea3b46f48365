import { beforeEach, describe, expect, it } from 'vitest';
import { Booker } from '../../../local/journal/booker.ts';
import type { SettledObservation } from '../../../shared/ports/observation-store.ts';
import type { SettleOutcome } from '../../../shared/ports/settlement-journal.ts';
import { Happened } from '../../support/fakes/happened.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

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
