import { describe, expect, it } from 'vitest';
import {
  answerWith,
  type ReadMessage,
  RemoteReader,
} from '../../../../shared/adapters/pii/model/thread-protocol.ts';
import type { PiiReading } from '../../../../shared/ports/pii-detector.ts';

type Read = (texts: readonly string[], until: number) => Promise<PiiReading[]>;

const remoteTo = (read: Read) => {
  const sent: ReadMessage[] = [];
  const remote = new RemoteReader(
    'v',
    (message) => {
      sent.push(message);
      void answer(message);
    },
    () => 1_000,
  );
  const answer = answerWith(read, (message) => remote.take(message));
  return { remote, sent };
};

const lengths: Read = async (texts) => texts.map((text) => ({ spans: [], complete: text.length > 3 }));

describe('a model in another thread', () => {
  it('answers each its own, by a time on the clock of both', async () => {
    const { remote, sent } = remoteTo(lengths);

    expect(await Promise.all([remote.read(['one'], 50), remote.read(['three', 'x'], 70)])).toEqual([
      [{ spans: [], complete: false }],
      [
        { spans: [], complete: true },
        { spans: [], complete: false },
      ],
    ]);
    expect(sent.map(({ until }) => until)).toEqual([1_050, 1_070]);
  });

  it('fails as it fails there, without its words, and goes on', async () => {
    const { remote } = remoteTo((texts, until) =>
      texts[0] === 'secret' ? Promise.reject(new Error('secret')) : lengths(texts, until),
    );

    await expect(remote.read(['secret'], 1)).rejects.toThrow(/^the model failed$/);
    expect(await remote.read(['fine'], 1)).toHaveLength(1);
  });

  it('fails who waits, and who comes, once it is gone', async () => {
    const remote = new RemoteReader(
      'v',
      () => undefined,
      () => 0,
    );
    expect(remote.isIdle).toBe(true);
    const waiting = remote.read(['a'], 1);
    expect(remote.isIdle).toBe(false);
    remote.take({ version: 'v' });
    remote.take({ id: 9, failed: true });
    remote.gone();

    await expect(waiting).rejects.toThrow('the model failed');
    await expect(remote.read(['b'], 1)).rejects.toThrow('the model is gone');
  });
});
