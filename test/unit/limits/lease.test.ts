import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { RateLimit, Verdict } from '../../../shared/model/quota.ts';
import { useOf } from '../../../shared/ports/usage-ledger.ts';
import { AdmissionService } from '../../../shared/services/admission/admit-requests.ts';
import { seenIn, unpackWindows } from '../../../shared/services/admission/windows.ts';
import { quotaOf, requestOf, TENANT } from '../../support/fakes/limits.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';
import { seededRandom } from '../../support/fakes/seeded-random.ts';
import { WatchedLedger } from '../../support/fakes/watched-ledger.ts';
import { PATIENT } from '../../support/patience.ts';

let ledger: WatchedLedger;
let clock: ManualClock;
let service: AdmissionService;
let asked = 0;

const makeService = (seed = 1): AdmissionService =>
  new AdmissionService({ ledger, clock, random: seededRandom(seed) });

beforeEach(() => {
  ledger = new WatchedLedger();
  clock = new ManualClock();
  service = makeService();
});

const limit = (limits: Partial<RateLimit>): Promise<void> => ledger.putQuota(quotaOf(limits));

const ask = (count: number, rest: { tokens?: number } = {}): Promise<{ id: string; verdict: Verdict }[]> =>
  Promise.all(
    Array.from({ length: count }, async () => {
      const id = `r${asked++}`;
      return { id, verdict: await service.admit(requestOf(id, rest)) };
    }),
  );

const counted = async (): Promise<number> =>
  unpackWindows((await ledger.read(TENANT))?.windows ?? '').hour?.count(clock.now()) ?? 0;

const inUse = async () =>
  useOf(await ledger.read(TENANT), new Date(clock.now()).toISOString().slice(0, 10), clock.now());

describe('a lease', () => {
  it('lets the next requests in without a swap, to the end of its bucket', async () => {
    await limit({ rph: 1_000 });
    await ask(8);

    const inside = await ask(5);
    expect(ledger.swaps).toBe(1);
    expect(inside.every(({ verdict }) => verdict.admitted)).toBe(true);

    await clock.advance(50);
    await ask(1);
    expect(ledger.swaps).toBe(2);
  });

  it('is counted before it is drawn on, and tells what remains as if it were not', async () => {
    await limit({ rph: 1_000 });
    await ask(8);

    expect(await counted()).toBe(18);
    const [{ verdict } = { verdict: undefined }] = await ask(1);
    expect(verdict).toMatchObject({
      admitted: true,
      limits: [{ window: 'hour', limit: 1_000, remaining: 991 }],
    });
  });

  it('goes back where nobody came, and leaves nothing behind', async () => {
    await limit({ rph: 1_000 });
    await ask(8);
    await ask(3);

    await clock.advance(100);

    await vi.waitFor(async () => expect(await counted()).toBe(11), PATIENT);
    expect((await ledger.read(TENANT))?.holds).toEqual({});
  });

  it('goes back later where the store did not take it at first', async () => {
    await limit({ rph: 1_000, tokens_per_day: 1_000_000 });
    const asks = await ask(8, { tokens: 1 });
    for (const { id } of [...asks, ...(await ask(3, { tokens: 1 }))]) service.release(TENANT, id);
    ledger.lose = 'write';

    await vi.waitFor(async () => {
      await clock.advance(100);
      expect(ledger.lose).toBeUndefined();
    });
    await vi.waitFor(async () => {
      await clock.advance(100);
      const { holds = {} } = (await ledger.read(TENANT)) ?? {};
      expect(Object.keys(holds).filter((id) => id.startsWith('lease-'))).toEqual([]);
    });
  });

  it('is not made for requests that come one at a time', async () => {
    await limit({ rph: 1_000 });
    for (let count = 0; count < 20; count += 1) await ask(1);

    expect(ledger.swaps).toBe(20);
    expect(await counted()).toBe(20);
  });

  it('takes a quarter of what is left, and nothing of the last 256', async () => {
    await limit({ rph: 300 });
    await ask(40);
    const afterOne = await counted();
    expect(afterOne).toBeGreaterThan(40);
    expect(afterOne).toBeLessThanOrEqual(40 + 260 / 4);

    await limit({ rph: afterOne + 200 });
    await clock.advance(200);
    await ask(20);

    expect(await counted()).toBe(60);
  });

  it('leaves the limit exact', async () => {
    await limit({ rph: 100 });
    let passed = 0;
    for (let turn = 0; turn < 40; turn += 1) {
      passed += (await ask(9)).filter(({ verdict }) => verdict.admitted).length;
      await clock.advance(turn % 3 === 0 ? 50 : 10);
    }

    expect(passed).toBe(100);
  });
});

describe('a long lease', () => {
  /** Sixteen requests in each bucket, in twos and at the same time, so that an average is known. */
  const warm = async (buckets: number): Promise<void> => {
    for (let turn = 0; turn < buckets * 8; turn += 1) {
      await ask(2);
      await clock.advance(6);
      await clock.advance(0.25);
    }
  };

  it('lasts half a second where half of every limit is free', async () => {
    await limit({ rph: 1_000_000 });
    await warm(4);
    const before = ledger.swaps;

    await warm(10);

    expect(ledger.swaps - before).toBeLessThanOrEqual(3);
  });

  it('ends with its bucket where less than half is free', async () => {
    await limit({ rph: 1_000 });
    await warm(36);
    expect(await counted()).toBeGreaterThan(500);
    const before = ledger.swaps;

    await warm(10);

    expect(ledger.swaps - before).toBeGreaterThanOrEqual(10);
  });

  it('is followed by the next one before it ends: nobody waits', async () => {
    await limit({ rph: 1_000_000 });
    await warm(12);
    let waited = 0;
    const before = ledger.swaps;
    for (let turn = 0; turn < 240; turn += 1) {
      const swaps = ledger.swaps;
      // Asked while a swap is under way or not: it is not this request that brings it about.
      await ask(1);
      if (ledger.swaps > swaps) waited += 1;
      await clock.advance(4);
      // What gathers in the queue does so in real time.
      await sleep(3);
    }

    expect(ledger.swaps - before).toBeGreaterThanOrEqual(2);
    expect(waited).toBe(0);
  });

  it('counts from its end, so that a window holds what is drawn on it last', async () => {
    await limit({ rps: 1_000 });
    await warm(4);
    const item = await ledger.read(TENANT);
    const second = unpackWindows(item?.windows ?? '').second;

    expect(second?.newest).toBeGreaterThan(clock.now() + 100);
    expect(seenIn(item?.windows ?? '')).toBeLessThanOrEqual(clock.now());
  });
});

describe('a lease under a budget', () => {
  it('holds tokens for those who draw on it, until they are booked', async () => {
    await limit({ tokens_per_day: 100_000 });
    await ask(8, { tokens: 100 });
    const drawn = await ask(4, { tokens: 100 });
    expect(drawn.map(({ verdict }) => verdict.admitted && verdict.leased)).toEqual([true, true, true, true]);

    await clock.advance(100);
    await vi.waitFor(
      async () => expect(await inUse()).toMatchObject({ tokens_held: 1_200, in_flight: 12 }),
      PATIENT,
    );

    for (const { id } of drawn) service.release(TENANT, id);
    await clock.advance(100);
    await vi.waitFor(
      async () => expect(await inUse()).toMatchObject({ tokens_held: 800, in_flight: 8 }),
      PATIENT,
    );
  });

  it('frees itself where its process is gone', async () => {
    await limit({ concurrent: 1_000 });
    await ask(8);
    await ask(4);

    await clock.advance(120_000 + 50);
    expect(await inUse()).toMatchObject({ in_flight: 0 });
  });

  it('has no room for a request that wants more than was set aside', async () => {
    await limit({ tokens_per_day: 100_000 });
    await ask(8, { tokens: 10 });

    const [{ verdict } = { verdict: undefined }] = await ask(1, { tokens: 5_000 });

    expect(verdict).toMatchObject({ admitted: true, held: { tokens: 5_000 } });
    expect(ledger.swaps).toBe(2);
  });

  it('counts against the concurrent limit of others', async () => {
    await limit({ concurrent: 100 });
    await ask(8);
    const other = makeService(2);

    const verdicts = await Promise.all(
      Array.from({ length: 100 }, (_, index) => other.admit(requestOf(`o${index}`))),
    );
    const passed = verdicts.filter(({ admitted }) => admitted).length;
    expect(passed).toBeLessThanOrEqual(92);

    const drawn = await ask(50);
    expect(8 + passed + drawn.filter(({ verdict }) => verdict.admitted).length).toBe(100);
  });
});

describe('a lease whose swap was not answered', () => {
  it.each(['answer', 'write'] as const)('is never given back twice: %s lost', async (lose) => {
    await limit({ rph: 1_000 });
    await ask(8);
    await clock.advance(50);
    ledger.lose = lose;
    await expect(ask(2)).rejects.toMatchObject({ code: 'unavailable' });

    await clock.advance(200);
    await clock.advance(200);
    await ask(1);

    // The eight and the one; what is not known counts as used.
    expect(await counted()).toBeGreaterThanOrEqual(9);
  });
});
