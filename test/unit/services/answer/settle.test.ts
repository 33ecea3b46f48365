import { describe, expect, it } from 'vitest';
import type { SettlementJournal, SettleOutcome } from '../../../../shared/ports/settlement-journal.ts';
import { Settler } from '../../../../shared/services/answer/settle.ts';
import { Answering, aJob, never } from '../../../support/fakes/answering.ts';
import { Happened } from '../../../support/fakes/happened.ts';
import { ManualClock } from '../../../support/fakes/manual-clock.ts';
import { end, text } from '../../../support/fakes/scripted-models.ts';

const OK = [text('fine'), end({ tokens_in: 1, tokens_out: 1 })];

describe('settling', () => {
  it('tells where the observation went', async () => {
    const { service } = new Answering({ a: [OK] });
    const outcomes: SettleOutcome[] = [];

    await service.answer(aJob({ fields: { settled: (outcome) => outcomes.push(outcome) } }), never());

    expect(outcomes).toEqual(['stored']);
  });

  it('falls to the dead letters while the table is away, and the reply is given', async () => {
    const answering = new Answering({ a: [OK] });
    answering.store.isAway = true;
    const outcomes: SettleOutcome[] = [];

    const reply = await answering.service.answer(
      aJob({ fields: { settled: (outcome) => outcomes.push(outcome) } }),
      never(),
    );

    expect(reply.text).toBe('fine');
    expect(outcomes).toEqual(['dead_lettered']);
    expect(answering.deadLetters.letters).toEqual([
      {
        observation: expect.objectContaining({ request_id: 'request-1', outcome: 'success' }),
        settlement: expect.objectContaining({ tenant_id: 'acme', tokens: 2 }),
      },
    ]);
  });

  it('acknowledges nothing when neither can take it', async () => {
    const answering = new Answering({ a: [OK] });
    answering.store.isAway = true;
    answering.deadLetters.isAway = true;

    await expect(answering.service.answer(aJob(), never())).rejects.toMatchObject({
      code: 'unavailable',
      status: 503,
    });
  });

  it('ends a stream with that error rather than with a reply', async () => {
    const answering = new Answering({ a: [OK] });
    answering.store.isAway = true;
    answering.deadLetters.isAway = true;
    const parts: unknown[] = [];

    const { parts: stream } = await answering.service.stream(aJob(), never());
    const reading = (async () => {
      for await (const part of stream) parts.push(part);
    })();

    await expect(reading).rejects.toMatchObject({ code: 'unavailable' });
    expect(parts).toEqual([{ text: 'fine' }]);
  });

  it('shares one commit among answers that end together', async () => {
    const answering = new Answering({ a: [OK] });
    const commits: number[] = [];
    const commit = answering.store.commit.bind(answering.store);
    answering.store.commit = async (batch) => {
      commits.push(batch.length);
      await commit(batch);
    };

    await Promise.all(
      ['1', '2', '3'].map((id) => answering.service.answer(aJob({ fields: { observationId: id } }), never())),
    );

    expect(commits).toEqual([3]);
    expect(await answering.observed()).toHaveLength(3);
  });
});

describe('settling by a journal', () => {
  const settled = new Happened(new ManualClock()).make();
  const make = (take: SettlementJournal['take']) => {
    const { store, deadLetters } = new Answering({ a: [OK] });
    const outcomes: SettleOutcome[] = [];
    const settler = new Settler(store, deadLetters, { take, tables: new Set(), booked: () => undefined });
    return { store, outcomes, settle: () => settler.settle(settled, (outcome) => outcomes.push(outcome)) };
  };
  const stored = async ({ store }: ReturnType<typeof make>) => (await store.list({ limit: 10 })).items.length;

  it('is over when the journal has it, and tells of the table when that has it', async () => {
    let book: ((outcome: SettleOutcome) => void) | undefined;
    const world = make(async (_, booked) => {
      book = booked;
    });

    await world.settle();
    expect(world.outcomes).toEqual([]);
    expect(await stored(world)).toBe(0);

    book?.('dead_lettered');
    expect(world.outcomes).toEqual(['dead_lettered']);
  });

  it.each<[string, SettlementJournal['take']]>([
    ['takes no more', () => undefined],
    ['cannot write it down', () => Promise.reject(new Error('the disk is full'))],
  ])('goes to the table where the journal %s', async (_, take) => {
    const world = make(take);

    await world.settle();
    expect(world.outcomes).toEqual(['stored']);
    expect(await stored(world)).toBe(1);
  });
});
