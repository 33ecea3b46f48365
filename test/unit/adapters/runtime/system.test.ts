import { describe, expect, it } from 'vitest';
import { systemClock, systemRandom } from '../../../../shared/adapters/runtime/system.ts';

describe('the clock', () => {
  it("tells the system's time", () => {
    const before = Date.now();

    const now = systemClock().now();

    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });

  it('sleeps as long as it is told, by the clock that never goes back', async () => {
    const clock = systemClock();
    const before = clock.monotonic();

    await clock.sleep(20);

    expect(clock.monotonic() - before).toBeGreaterThanOrEqual(19);
  });

  it('ends a sleep that is aborted', async () => {
    const abort = new AbortController();
    const sleep = systemClock().sleep(60_000, abort.signal);

    abort.abort(new Error('enough'));

    await expect(sleep).rejects.toThrow('enough');
  });

  it('does not begin a sleep that was aborted before', async () => {
    await expect(systemClock().sleep(60_000, AbortSignal.abort(new Error('enough')))).rejects.toThrow(
      'enough',
    );
  });

  it('sleeps to the end under a signal that stays quiet', async () => {
    await expect(systemClock().sleep(1, new AbortController().signal)).resolves.toBeUndefined();
  });
});

describe('chance', () => {
  it('draws numbers spread over [0, 1)', () => {
    const random = systemRandom();

    const draws = Array.from({ length: 20_000 }, () => random.next());

    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThan(1);
    expect(draws.reduce((sum, draw) => sum + draw, 0) / draws.length).toBeCloseTo(0.5, 1);
  });

  it('draws seeds that a double holds exactly, from all of their range', () => {
    const random = systemRandom();

    const seeds = Array.from({ length: 2_000 }, () => random.seed());

    expect(seeds.every(Number.isSafeInteger)).toBe(true);
    expect(Math.max(...seeds)).toBeGreaterThan(2 ** 52);
    expect(seeds.some((seed) => seed % 2 === 1)).toBe(true);
  });

  it('gives as many bytes as asked for, also more than it draws at a time', () => {
    const random = systemRandom();

    expect([0, 10, 20_000].map((length) => random.bytes(length).length)).toEqual([0, 10, 20_000]);
  });

  it('gives no bytes twice, and none that others can change', () => {
    const random = systemRandom();
    const first = random.bytes(16);
    const kept = Array.from(first);

    const second = random.bytes(16);
    second.fill(0);

    expect(Array.from(first)).toEqual(kept);
    expect(first.buffer.byteLength).toBe(16);
  });
});
