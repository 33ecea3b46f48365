/** Events one by one, from a source that has several at once. */
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { EventSequence, type EventSource } from '../../../shared/adapters/providers/event-sequence.ts';
import type { ModelEvent } from '../../../shared/model/completion.ts';
import { end, text } from '../../support/fakes/scripted-models.ts';

/** Gives these lists in turn, then nothing; an error is thrown, and a promise waited for. */
const sourceOf = (...turns: (readonly ModelEvent[] | Error | Promise<void>)[]) => {
  const left: string[] = [];
  const source: EventSource = {
    take: async () => {
      const turn = turns.shift();
      if (turn instanceof Error) throw turn;
      if (!(turn instanceof Promise)) return turn ?? [];
      await turn;
      return [text('late')];
    },
    leave: () => left.push('left'),
  };
  return { source, left };
};

const all = async (events: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> => {
  const said: ModelEvent[] = [];
  for await (const event of events) said.push(event);
  return said;
};

describe('a sequence of events', () => {
  it('gives them in their order, however many came at once', async () => {
    const { source } = sourceOf([text('a'), text('b')], [text('c')], [text('d'), end()]);

    expect(await all(new EventSequence(async () => source))).toEqual([
      ...['a', 'b', 'c', 'd'].map(text),
      end(),
    ]);
  });

  it('opens its source when the first one is asked for, once', async () => {
    let opened = 0;
    const { source } = sourceOf([text('a')], [text('b')]);
    const events = new EventSequence(async () => {
      opened += 1;
      return source;
    });

    expect(opened).toBe(0);
    await all(events);
    expect(opened).toBe(1);
  });

  it('throws what went wrong after what came before it, and is over then', async () => {
    const fault = new Error('reset');
    const events = new EventSequence(async () => sourceOf([text('a')], fault).source);

    expect((await events.next()).value).toEqual(text('a'));
    await expect(events.next()).rejects.toBe(fault);
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  it('leaves its source when it is left, and says nothing more', async () => {
    const { source, left } = sourceOf([text('a'), text('b')]);
    const events = new EventSequence(async () => source);
    await events.next();

    expect(await events.return()).toEqual({ done: true, value: undefined });
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(left).toEqual(['left']);
  });

  it('leaves a source that was opened for somebody who has left', async () => {
    const opening = Promise.withResolvers<EventSource>();
    const { source, left } = sourceOf([text('a')]);
    const events = new EventSequence(() => opening.promise);
    const next = events.next();
    await events.return();
    opening.resolve(source);

    expect(await next).toEqual({ done: true, value: undefined });
    expect(left).toEqual(['left']);
  });

  it.each([
    ['comes', () => Promise.resolve()],
    ['fails', () => Promise.reject(new Error('reset'))],
  ])('is over for who has left, whatever %s then', async (_name, outcome) => {
    const waiting = Promise.withResolvers<void>();
    const events = new EventSequence(async () => sourceOf(waiting.promise).source);
    const next = events.next();
    await turn();
    await events.return();
    waiting.resolve(outcome());

    expect(await next).toEqual({ done: true, value: undefined });
  });
});
