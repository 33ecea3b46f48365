import { beforeEach, describe, expect, it } from 'vitest';
import { KeptReports } from '../../../shared/services/kept-reports.ts';

describe('reports that take long', () => {
  let now: number;
  let made: number;
  let takesMs: number;
  let isBroken: boolean;
  let kept: KeptReports<number>;

  beforeEach(() => {
    [now, made, takesMs, isBroken] = [0, 0, 500, false];
    kept = new KeptReports({ monotonic: () => now });
  });

  const make = async (): Promise<number> => {
    await Promise.resolve();
    if (isBroken) throw new Error('the store is away');
    now += takesMs;
    made += 1;
    return made;
  };
  const get = (key = 'one'): Promise<number> => kept.get(key, make);
  const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

  it('are kept for ten times what they took, and no longer than ten seconds', async () => {
    await get();
    now += 4_999;
    expect([await get(), made]).toEqual([1, 1]);

    takesMs = 60_000;
    await get('slow');
    now += 30_000;
    expect([await get('slow'), made]).toEqual([3, 3]);
  });

  it('are served while the next is made, and that one is served afterwards', async () => {
    await get();
    now += 6_000;
    expect(await get()).toBe(1);
    await settle();
    expect([await get(), made]).toEqual([2, 2]);
  });

  it('are waited for where what is kept is too old', async () => {
    await get();
    now += 15_000;
    expect(await get()).toBe(2);
  });

  it('are always new where they take no time', async () => {
    takesMs = 0;
    expect([await get(), await get(), await get()]).toEqual([1, 2, 3]);
  });

  it('are made once for all who ask at once, and apart by their keys', async () => {
    expect(await Promise.all([get(), get(), get('other'), get()])).toEqual([1, 1, 2, 1]);
  });

  it('serve while they cannot be made, until too old; a failure is not kept', async () => {
    await get();
    isBroken = true;
    now += 6_000;
    expect(await get()).toBe(1);
    now += 10_000;
    await expect(get()).rejects.toThrow('away');
    isBroken = false;
    expect(await get()).toBe(2);
  });

  it('are forgotten, the oldest first, where there are too many', async () => {
    for (let index = 0; index < 65; index++) await get(String(index));
    const before = made;
    await get('64');
    expect(made).toBe(before);
    await get('0');
    expect(made).toBe(before + 1);
  });
});
