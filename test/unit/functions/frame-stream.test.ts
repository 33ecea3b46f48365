/** Frames as a stream: what a reader holds back, and what ends it. */
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { FrameStream } from '../../../functions/completions/frame-stream.ts';

const KIB = 1024;

const frames = async function* (count: number, told: { given: number; ended: boolean }) {
  try {
    for (told.given = 0; told.given < count; told.given++) yield '💬'.repeat(KIB / 4);
  } finally {
    told.ended = true;
  }
};

describe('a stream of frames', () => {
  it('is their bytes', async () => {
    const told = { given: 0, ended: false };
    const stream = new FrameStream(frames(3, told), () => undefined);

    expect(Buffer.concat(await stream.toArray()).toString()).toBe('💬'.repeat((3 * KIB) / 4));
    expect(told).toEqual({ given: 3, ended: true });
  });

  it('asks for no more than a few while its reader takes none', async () => {
    const told = { given: 0, ended: false };
    const stream = new FrameStream(frames(1_000, told), () => undefined);
    stream.read(0);
    for (let turns = 0; turns < 50; turns++) await turn();
    const ahead = told.given;
    stream.resume();
    await once(stream, 'end');

    expect(ahead).toBeGreaterThan(0);
    expect(ahead).toBeLessThan(32);
    expect(told.given).toBe(1_000);
  });

  it('ends with what its source throws', async () => {
    const broken = async function* (): AsyncGenerator<string, void, undefined> {
      yield 'one';
      throw new Error('broken');
    };
    const happened: string[] = [];
    const stream = new FrameStream(broken(), () => happened.push('aborted'));

    await expect(stream.toArray()).rejects.toThrow('broken');
    expect([stream.closed, happened]).toEqual([true, []]);
  });

  it('is closed when its source has cleaned up, after the abort', async () => {
    const happened: string[] = [];
    const waiting = Promise.withResolvers<void>();
    const silent = async function* (): AsyncGenerator<string, void, undefined> {
      try {
        yield 'one';
        await waiting.promise;
      } finally {
        happened.push('cleaned up');
      }
    };
    const stream = new FrameStream(silent(), () => {
      happened.push('aborted');
      waiting.resolve();
    });
    await once(stream, 'data');
    stream.destroy();
    await once(stream, 'close');

    expect(happened).toEqual(['aborted', 'cleaned up']);
  });
});
