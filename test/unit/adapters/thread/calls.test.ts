import { describe, expect, it } from 'vitest';
import { type Asked, answerInOrder, ThreadCalls } from '../../../../shared/adapters/thread/calls.ts';

type Answer = (question: string) => Promise<number | undefined>;

const callsTo = (answer: Answer) => {
  const sent: Asked<string>[] = [];
  const calls = new ThreadCalls<string, number | undefined>('the model', (asked) => {
    sent.push(asked);
    take(asked);
  });
  const take = answerInOrder(answer, (answered) => calls.take(answered));
  return { calls, sent };
};

describe('calls of another thread', () => {
  it('are answered each its own, and one after the other', async () => {
    const order: string[] = [];
    const { calls } = callsTo(async (text) => {
      order.push(`${text} begins`);
      await Promise.resolve();
      order.push(`${text} ends`);
      return text.length;
    });

    expect(await Promise.all([calls.call('one'), calls.call('three')])).toEqual([3, 5]);
    expect(order).toEqual(['one begins', 'one ends', 'three begins', 'three ends']);
  });

  it('may be answered with nothing', async () => {
    const { calls } = callsTo(async () => undefined);

    expect(await calls.call('x')).toBeUndefined();
  });

  it('fail as they fail there, without its words, and go on', async () => {
    const { calls } = callsTo((text) =>
      text === 'secret' ? Promise.reject(new Error(text)) : Promise.resolve(1),
    );

    await expect(calls.call('secret')).rejects.toThrow(/^the model failed$/);
    expect(await calls.call('fine')).toBe(1);
  });

  it('fail who waits, and who comes, once it is gone', async () => {
    const calls = new ThreadCalls('the model', () => undefined);
    expect(calls.isIdle).toBe(true);
    const waiting = calls.call('a');
    expect(calls.isIdle).toBe(false);
    calls.take({ id: 9, failed: true });
    calls.gone();

    await expect(waiting).rejects.toThrow('the model failed');
    await expect(calls.call('b')).rejects.toThrow('the model is gone');
  });
});
