import { beforeEach, describe, expect, it } from 'vitest';
import { SwrCache } from '../../../shared/services/swr-cache.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';

const BOUNDS = { freshMs: 100, staleMs: 500, errorMs: 2_000, maxEntries: 2 };

describe('SwrCache', () => {
  let clock: ManualClock;
  let loads: string[];
  let source: (key: string) => Promise<string | undefined>;
  let cache: SwrCache<string>;

  beforeEach(() => {
    clock = new ManualClock();
    loads = [];
    source = async (key) => `${key}${loads.length}`;
    cache = new SwrCache(
      (key) => {
        loads.push(key);
        return source(key);
      },
      clock,
      BOUNDS,
    );
  });

  const away = (): Promise<never> => Promise.reject(new Error('away'));

  it('serves a fresh copy without a load', async () => {
    await cache.get('a');
    await clock.advance(100);

    expect(await cache.get('a')).toBe('a1');
    expect(loads).toEqual(['a']);
  });

  it('serves a stale copy at once and refreshes behind', async () => {
    await cache.get('a');
    await clock.advance(101);

    const served = await cache.get('a');
    await clock.advance(0);

    expect(served).toBe('a1');
    expect(await cache.get('a')).toBe('a2');
    expect(loads).toHaveLength(2);
  });

  it('waits for a new copy when the one at hand is too old', async () => {
    await cache.get('a');
    await clock.advance(501);

    expect(await cache.get('a')).toBe('a2');
  });

  it('loads once for many callers', async () => {
    const values = await Promise.all([cache.get('a'), cache.get('a'), cache.refresh('a')]);

    expect(values).toEqual(['a1', 'a1', 'a1']);
    expect(loads).toEqual(['a']);
  });

  it('serves the last good copy while the source is away, until it is errorMs old', async () => {
    await cache.get('a');
    source = away;
    await clock.advance(2_000);
    const atTheBound = await cache.get('a');
    await clock.advance(1);

    expect(atTheBound).toBe('a1');
    await expect(cache.get('a')).rejects.toThrow('away');
  });

  it('keeps a failed background refresh from the caller and tries again', async () => {
    await cache.get('a');
    source = away;
    await clock.advance(101);

    const first = await cache.get('a');
    await clock.advance(0);
    source = async () => 'back';
    const second = await cache.get('a');
    await clock.advance(0);

    expect([first, second]).toEqual(['a1', 'a1']);
    expect(await cache.get('a')).toBe('back');
  });

  it('passes on a failure where there is no copy, and remembers none', async () => {
    source = away;
    await expect(cache.get('a')).rejects.toThrow('away');
    source = async () => 'back';

    expect(await cache.get('a')).toBe('back');
  });

  it('does not remember that there is none', async () => {
    source = async () => undefined;
    const before = await cache.get('a');
    source = async () => 'made since';

    expect([before, await cache.get('a')]).toEqual([undefined, 'made since']);
  });

  it('forgets what the source no longer has', async () => {
    await cache.get('a');
    source = async () => undefined;
    await clock.advance(501);

    expect(await cache.get('a')).toBeUndefined();
    expect(await cache.get('a')).toBeUndefined();
  });

  it('counts the age from the start of the load', async () => {
    source = async (key) => {
      await clock.sleep(90);
      return key;
    };
    const loading = cache.get('a');
    await clock.advance(90);
    await loading;
    await clock.advance(11);

    void cache.get('a');
    await clock.advance(90);

    expect(loads).toHaveLength(2);
  });

  it('holds at most maxEntries and drops the one loaded longest ago', async () => {
    for (const key of ['a', 'b', 'c']) await cache.get(key);
    await cache.get('b');
    await cache.get('c');
    await cache.get('a');

    expect(loads).toEqual(['a', 'b', 'c', 'a']);
  });
});
