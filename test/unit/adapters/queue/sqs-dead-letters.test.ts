import { describe, expect, it } from 'vitest';
import type { QueueClient } from '../../../../shared/adapters/queue/sqs-client.ts';
import { SqsDeadLetters } from '../../../../shared/adapters/queue/sqs-dead-letters.ts';
import { MAX_STORED_PROMPT } from '../../../../shared/model/observation.ts';
import type { SettledObservation } from '../../../../shared/ports/observation-store.ts';
import { scriptedCalls } from '../../../support/fakes/clients.ts';
import { Happened } from '../../../support/fakes/happened.ts';
import { ManualClock } from '../../../support/fakes/manual-clock.ts';

interface Entry {
  Id: string;
  MessageBody: string;
}

const happened = new Happened(new ManualClock());
const many = (count: number, prompt = 'Hi'): SettledObservation[] =>
  Array.from({ length: count }, () => happened.make({ prompt }));

/** A queue that refuses the entries `refuse` names, and what it was sent, call by call. */
const makeQueue = (refuse: (entry: Entry, call: number) => boolean = () => false) => {
  const calls: Entry[][] = [];
  const client = scriptedCalls<QueueClient>((_operation, input) => {
    const entries = input.Entries as Entry[];
    calls.push(entries);
    return { Failed: entries.filter((entry) => refuse(entry, calls.length)).map(({ Id }) => ({ Id })) };
  });
  return { calls, letters: new SqsDeadLetters(client) };
};

const bytesOf = (entries: Entry[]): number =>
  entries.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(MessageBody), 0);

describe('dead letters', () => {
  it('carry each observation and its settlement whole', async () => {
    const { calls, letters } = makeQueue();
    const batch = many(2);

    await letters.put(batch);

    expect(calls.flat().map(({ MessageBody }) => JSON.parse(MessageBody))).toEqual(batch);
  });

  it('go ten to a call', async () => {
    const { calls, letters } = makeQueue();

    await letters.put(many(23));

    expect(calls.map((entries) => entries.length)).toEqual([10, 10, 3]);
  });

  it('keep to the size of a call, however long the prompts', async () => {
    const { calls, letters } = makeQueue();

    await letters.put(many(20, '\u0001'.repeat(MAX_STORED_PROMPT)));

    expect(Math.max(...calls.map(bytesOf))).toBeLessThanOrEqual(256 * 1_024);
    expect(calls.flat()).toHaveLength(20);
  });

  it('hold as much of a prompt as the table would', async () => {
    const { calls, letters } = makeQueue();

    await letters.put(many(1, 'x'.repeat(MAX_STORED_PROMPT + 1)));

    const { observation } = JSON.parse(calls[0]?.[0]?.MessageBody ?? '') as SettledObservation;
    expect(observation.prompt).toHaveLength(MAX_STORED_PROMPT);
    expect(observation.prompt_truncated).toBe(true);
  });

  it('hold no character that the queue refuses', async () => {
    const { calls, letters } = makeQueue();
    const prompt = 'a\uFFFE\uFFFF\u0000\uD800b';

    await letters.put(many(1, prompt));

    const body = calls[0]?.[0]?.MessageBody ?? '';
    expect(body).toMatch(/^[\x20-\uD7FF\uE000-\uFFFD]+$/);
    expect((JSON.parse(body) as SettledObservation).observation.prompt).toBe(prompt);
  });

  it('go again, alone, where the queue refused them', async () => {
    const { calls, letters } = makeQueue(({ Id }, call) => Id === '1' && call === 1);

    await letters.put(many(3));

    expect(calls.map((entries) => entries.map(({ Id }) => Id))).toEqual([['0', '1', '2'], ['1']]);
  });

  it('fail when the queue goes on refusing one', async () => {
    const { calls, letters } = makeQueue(({ Id }) => Id === '1');

    await expect(letters.put(many(3))).rejects.toMatchObject({ code: 'unavailable' });

    expect(calls).toHaveLength(3);
  });

  it('fail when the queue is away', async () => {
    const client = scriptedCalls<QueueClient>(() => {
      throw new Error('ECONNREFUSED');
    });

    const put = new SqsDeadLetters(client).put(many(1));

    await expect(put).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  });
});
