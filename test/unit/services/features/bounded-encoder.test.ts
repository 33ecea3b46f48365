import { describe, expect, it } from 'vitest';
import type { PromptEncoder } from '../../../../shared/ports/prompt-encoder.ts';
import { BoundedEncoder } from '../../../../shared/services/features/bounded-encoder.ts';
import { ManualClock } from '../../../support/fakes/manual-clock.ts';

const BOUNDS = { mostAtOnce: 3, patienceMs: 100 };

/** Answers when it is told to. */
class SlowEncoder implements PromptEncoder {
  readonly version = 'slow';
  readonly asked: string[] = [];
  readonly #waiting: (() => void)[] = [];

  encode(text: string): Promise<readonly number[]> {
    this.asked.push(text);
    return new Promise((resolve) => {
      this.#waiting.push(() => resolve([text.length]));
    });
  }

  async answerNext(clock: ManualClock): Promise<void> {
    this.#waiting.shift()?.();
    await clock.advance(0);
  }
}

const setUp = (open: () => Promise<PromptEncoder | undefined>) => {
  const clock = new ManualClock();
  return { clock, bounded: new BoundedEncoder(open, clock, BOUNDS) };
};

const setUpSlow = () => {
  const encoder = new SlowEncoder();
  return { encoder, ...setUp(async () => encoder) };
};

describe('a bounded encoder', () => {
  it('takes one prompt at a time, and turns away what is too many', async () => {
    const { encoder, clock, bounded } = setUpSlow();
    const results = ['a', 'bb', 'ccc', 'dddd'].map((text) => bounded.embed(text));
    await clock.advance(0);

    expect(encoder.asked).toEqual(['a']);
    expect(await results[3]).toBe('busy');
    for (let turn = 0; turn < 3; turn++) await encoder.answerNext(clock);

    expect(await Promise.all(results)).toEqual([[1], [2], [3], 'busy']);
    const after = bounded.embed('again');
    await clock.advance(0);
    await encoder.answerNext(clock);
    expect(await after).toEqual([5]);
  });

  it('is waited for no longer than it may be, and does nothing in vain', async () => {
    const { encoder, clock, bounded } = setUpSlow();
    const results = ['a', 'bb'].map((text) => bounded.embed(text));
    await clock.advance(BOUNDS.patienceMs);

    expect(await Promise.all(results)).toEqual(['slow', 'slow']);
    await encoder.answerNext(clock);
    const next = bounded.embed('ccc');
    await clock.advance(0);

    expect(encoder.asked).toEqual(['a', 'ccc']);
    await encoder.answerNext(clock);
    expect(await next).toEqual([3]);
  });

  it('that never answers fills up, and fails nobody', async () => {
    const { clock, bounded } = setUpSlow();
    const results = ['a', 'b', 'c'].map((text) => bounded.embed(text));
    await clock.advance(BOUNDS.patienceMs);

    expect(await Promise.all(results)).toEqual(['slow', 'slow', 'slow']);
    expect(await bounded.embed('d')).toBe('busy');
  });

  it('is opened once, by the first that wants it', async () => {
    let opened = 0;
    const encoder = { version: 'v', encode: async () => [1] };
    const { bounded } = setUp(async () => {
      opened += 1;
      return encoder;
    });
    expect(opened).toBe(0);

    await Promise.all([bounded.embed('a'), bounded.embed('b')]);

    expect(opened).toBe(1);
  });

  it('that is not installed may be so later', async () => {
    let installed: PromptEncoder | undefined;
    const { bounded } = setUp(async () => installed);

    expect(await bounded.embed('a')).toBe('not_installed');
    installed = { version: 'v', encode: async () => [1] };
    expect(await bounded.embed('a')).toEqual([1]);
  });

  it.each<[string, () => Promise<PromptEncoder>]>([
    ['cannot be opened', () => Promise.reject(new Error('half a file'))],
    ['fails', async () => ({ version: 'v', encode: () => Promise.reject(new Error('no')) })],
  ])('that %s says so', async (_, open) => {
    const { bounded } = setUp(open);

    expect(await bounded.embed('a')).toBe('failed');
    expect(await bounded.embed('b')).toBe('failed');
  });
});
