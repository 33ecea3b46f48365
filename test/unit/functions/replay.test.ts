import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { makeHandler } from '../../../functions/replay/handler.ts';
import type { SettledObservation } from '../../../shared/ports/observation-store.ts';
import { Answering, aJob, never } from '../../support/fakes/answering.ts';
import { end, text } from '../../support/fakes/scripted-models.ts';

/** What an answer leaves behind while the table is away. */
const aLetter = async (observationId: string): Promise<SettledObservation> => {
  const answering = new Answering({ a: [[text('fine'), end({ tokens_in: 1, tokens_out: 1 })]] });
  answering.store.isAway = true;
  await answering.service.answer(aJob({ fields: { observationId } }), never());
  const [letter] = answering.deadLetters.letters;
  if (letter === undefined) throw new Error('there is no letter');
  return letter;
};

const batchOf = (...bodies: string[]): SQSEvent => ({
  Records: bodies.map((body, index) => ({ body, messageId: `message-${index}` }) as SQSRecord),
});

const setUp = () => {
  const answering = new Answering({});
  const counts: [number, number][] = [];
  const handler = makeHandler({
    observations: answering.store,
    replayed: (count, failed) => counts.push([count, failed]),
  });
  return { answering, counts, handler };
};

describe('replay', () => {
  it('brings back what waited, and books its use', async () => {
    const { answering, counts, handler } = setUp();

    const reply = await handler(
      batchOf(JSON.stringify(await aLetter('1')), JSON.stringify(await aLetter('2'))),
    );

    expect(reply).toEqual({ batchItemFailures: [] });
    expect((await answering.observed()).map(({ id }) => id)).toEqual(['2', '1']);
    expect(answering.settlements).toHaveLength(2);
    expect(counts).toEqual([[2, 0]]);
  });

  it('changes nothing when a message comes twice', async () => {
    const { answering, handler } = setUp();
    const letter = JSON.stringify(await aLetter('1'));
    await handler(batchOf(letter, letter));
    await handler(batchOf(letter));

    expect(answering.settlements).toHaveLength(1);
  });

  it('hands back only what failed', async () => {
    const { answering, counts, handler } = setUp();

    const reply = await handler(batchOf('not JSON', JSON.stringify(await aLetter('1'))));

    expect(reply.batchItemFailures).toEqual([{ itemIdentifier: 'message-0' }]);
    expect(await answering.observed()).toHaveLength(1);
    expect(counts).toEqual([[1, 1]]);
  });
});
