import { describe, expect, it } from 'vitest';
import {
  answerWith,
  type EncodeMessage,
  RemoteEncoder,
} from '../../../../shared/adapters/embedding/thread-protocol.ts';
import { MemoryPromptEncoder } from '../../../../shared/adapters/memory/prompt-encoder.ts';
import type { PromptEncoder } from '../../../../shared/ports/prompt-encoder.ts';

const remoteTo = (encoder: PromptEncoder) => {
  const sent: EncodeMessage[] = [];
  const remote = new RemoteEncoder(encoder.version, (message) => {
    sent.push(message);
    void answer(message);
  });
  const answer = answerWith(encoder, (message) => remote.take(message));
  return { remote, sent };
};

describe('an encoder in another thread', () => {
  it('answers each its own, whatever comes first', async () => {
    const memory = new MemoryPromptEncoder();
    const { remote } = remoteTo(memory);

    expect(remote.version).toBe('words');
    expect(await Promise.all(['one', 'two'].map((text) => remote.encode(text)))).toEqual([
      await memory.encode('one'),
      await memory.encode('two'),
    ]);
  });

  it('is sent no more of a text than it looks at', async () => {
    const { remote, sent } = remoteTo(new MemoryPromptEncoder());

    await remote.encode('word '.repeat(100_000));

    expect(sent[0]?.text).toHaveLength(4_096);
  });

  it('fails as it fails there, without its words', async () => {
    const { remote } = remoteTo({ version: 'v', encode: (text) => Promise.reject(new Error(text)) });

    await expect(remote.encode('secret')).rejects.toThrow(/^the encoder failed$/);
  });

  it('fails who waits, and who comes, once it is gone', async () => {
    const remote = new RemoteEncoder('v', () => undefined);
    expect(remote.isIdle).toBe(true);
    const waiting = remote.encode('a');
    expect(remote.isIdle).toBe(false);
    remote.take({ version: 'v' });
    remote.take({ id: 9, failed: true });
    remote.gone();

    await expect(waiting).rejects.toThrow('the encoder failed');
    await expect(remote.encode('b')).rejects.toThrow('the encoder is gone');
  });
});
