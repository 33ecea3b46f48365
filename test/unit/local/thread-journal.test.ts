import { describe, expect, it } from 'vitest';
import type { FromJournal, ToJournal } from '../../../local/journal/messages.ts';
import { entryOf, lineOf } from '../../../local/journal/segments.ts';
import { ThreadJournal } from '../../../local/journal/thread-journal.ts';
import type { SettleOutcome } from '../../../shared/ports/settlement-journal.ts';
import { Happened } from '../../support/fakes/happened.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

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
      new Set(),
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
