import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryUsageLedger } from '../../../shared/adapters/memory/usage-ledger.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Verdict } from '../../../shared/model/quota.ts';
import type { LedgerChange, SwapResult } from '../../../shared/ports/usage-ledger.ts';
import { type AdmissionDeps, AdmissionService } from '../../../shared/services/admission/admit-requests.ts';
import { NOON, quotaOf, requestOf, requestsOf, settlementOf, TENANT } from '../../support/fakes/limits.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';
import { seededRandom } from '../../support/fakes/seeded-random.ts';

/** Counts the calls, and fails on demand. */
class WatchedLedger extends MemoryUsageLedger {
  reads = 0;
  swaps = 0;
  swapsUnderWay = 0;
  mostSwapsUnderWay = 0;
  failure: Error | undefined;
  /** Runs before a swap reaches the store. */
  beforeSwap: () => Promise<void> = async () => undefined;

  override async read(tenantId: string) {
    this.reads += 1;
    if (this.failure !== undefined) throw this.failure;
    return super.read(tenantId);
  }

  override async swap(tenantId: string, version: number, change: LedgerChange): Promise<SwapResult> {
    this.swaps += 1;
    this.mostSwapsUnderWay = Math.max(this.mostSwapsUnderWay, ++this.swapsUnderWay);
    await this.beforeSwap();
    await new Promise((resolve) => setImmediate(resolve));
    this.swapsUnderWay -= 1;
    return super.swap(tenantId, version, change);
  }
}

const passed = (verdicts: Verdict[]): number => verdicts.filter(({ admitted }) => admitted).length;

let ledger: WatchedLedger;
let clock: ManualClock;
const makeService = (options: Partial<AdmissionDeps> = {}): AdmissionService =>
  new AdmissionService({ ledger, clock, random: seededRandom(), ...options });

beforeEach(() => {
  ledger = new WatchedLedger();
  clock = new ManualClock({ autoAdvance: true });
});

describe('what an admission costs', () => {
  it('is one read for a tenant without limits', async () => {
    await makeService().admit(requestOf('a'));

    expect([ledger.reads, ledger.swaps]).toEqual([1, 0]);
  });

  it('is one read and one swap for the first request of a tenant', async () => {
    await ledger.putQuota(quotaOf({ rps: 5 }));

    await makeService().admit(requestOf('a'));

    expect([ledger.reads, ledger.swaps]).toEqual([1, 1]);
  });

  it('is one swap afterwards', async () => {
    await ledger.putQuota(quotaOf({ rps: 5 }));
    const service = makeService();
    await service.admit(requestOf('a'));

    await service.admit(requestOf('b'));

    expect([ledger.reads, ledger.swaps]).toEqual([1, 2]);
  });

  it('is, without leases, a swap for half of those that wait, one under way at a time', async () => {
    await ledger.putQuota(quotaOf({ rps: 500 }));
    const service = makeService({ leases: false });

    const verdicts = await Promise.all(requestsOf(150).map((request) => service.admit(request)));

    expect(passed(verdicts)).toBe(150);
    // 75, 38, 19, 16 and the last 2.
    expect(ledger.swaps).toBe(5);
    expect(ledger.mostSwapsUnderWay).toBe(1);
  });

  it('is no read where another instance has swapped meanwhile', async () => {
    await ledger.putQuota(quotaOf({ rps: 5 }));
    const [one, other] = [makeService(), makeService()];
    await one.admit(requestOf('a'));
    await other.admit(requestOf('b'));

    await one.admit(requestOf('c'));

    expect([ledger.reads, ledger.swaps]).toEqual([2, 4]);
  });
});

describe('exactness', () => {
  it('holds over four instances', async () => {
    await ledger.putQuota(quotaOf({ rps: 50 }));
    const still = { now: () => NOON, monotonic: () => 0, sleep: async () => undefined };
    const services = Array.from(
      { length: 4 },
      () => new AdmissionService({ ledger, clock: still, random: seededRandom() }),
    );

    const verdicts = await Promise.all(
      requestsOf(200).map((request, index) => services[index % 4]?.admit(request)),
    );

    expect(passed(verdicts.filter((verdict) => verdict !== undefined))).toBe(50);
  });

  it('counts a new quota for the request that starts after it', async () => {
    await ledger.putQuota(quotaOf({ rps: 100 }));
    const service = makeService();
    await service.admit(requestOf('a'));

    await ledger.putQuota(quotaOf({ rps: 1 }));

    expect((await service.admit(requestOf('b'))).admitted).toBe(false);
  });

  it('does not refuse what a raised quota lets pass', async () => {
    await ledger.putQuota(quotaOf({ rps: 1 }));
    const service = makeService();
    await service.admit(requestOf('a'));

    await ledger.putQuota(quotaOf({ rps: 2 }));

    expect((await service.admit(requestOf('b'))).admitted).toBe(true);
  });

  it('limits a tenant that had no quota, and frees one whose limits are taken away', async () => {
    const service = makeService();
    await service.admit(requestOf('a'));
    await ledger.putQuota(quotaOf({ rps: 0 }));
    expect((await service.admit(requestOf('b'))).admitted).toBe(false);

    await ledger.putQuota(quotaOf({}));

    expect((await service.admit(requestOf('c'))).admitted).toBe(true);
  });

  it('sees what settled requests freed before it refuses', async () => {
    await ledger.putQuota(quotaOf({ concurrent: 1 }));
    const service = makeService();
    await service.admit(requestOf('a'));
    ledger.settle([settlementOf('a', {})]);

    expect((await service.admit(requestOf('b'))).admitted).toBe(true);
  });

  it('waits until what was answered is booked before it refuses, and only then', async () => {
    await ledger.putQuota(quotaOf({ concurrent: 1 }));
    const answered: string[] = [];
    let waits = 0;
    const booked = (): Promise<void> | undefined => {
      if (answered.length === 0) return undefined;
      waits += 1;
      ledger.settle(answered.splice(0).map((id) => settlementOf(id, {})));
      return Promise.resolve();
    };
    for (const service of [makeService({ booked }), makeService({ booked })]) {
      await service.admit(requestOf('a'));
      answered.push('a');
      expect((await service.admit(requestOf('b'))).admitted).toBe(true);
      expect((await service.admit(requestOf('c'))).admitted).toBe(false);
      ledger.settle([settlementOf('b', {})]);
    }
    expect(waits).toBe(2);
  });

  it('waits for no booking where there is room', async () => {
    await ledger.putQuota(quotaOf({ concurrent: 2 }));
    const service = makeService({ booked: () => new Promise(() => undefined) });

    expect((await service.admit(requestOf('a'))).admitted).toBe(true);
    expect((await service.admit(requestOf('b'))).admitted).toBe(true);
  });

  it('counts use that was booked after its hold had expired, unseen by the copy', async () => {
    await ledger.putQuota(quotaOf({ tokens_per_day: 100 }));
    const service = makeService();
    const first = await service.admit(requestOf('a', { tokens: 80, hold_ms: 1_000 }));
    const held = first.admitted ? first.held : undefined;
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    ledger.settle([settlementOf('a', { tokens: 80, day }, held)]);
    await clock.sleep(2_000);

    expect((await service.admit(requestOf('b', { tokens: 21 }))).admitted).toBe(false);
    expect((await service.admit(requestOf('c', { tokens: 20 }))).admitted).toBe(true);
  });
});

describe('contention', () => {
  it('with an instance that swaps all the time is won by a fresh copy after the wait', async () => {
    await ledger.putQuota(quotaOf({ rps: 5 }));
    // The other instance swaps whenever time passes, and twice in a row before the first two tries.
    const busy = {
      now: () => NOON,
      monotonic: () => 0,
      sleep: () => ledger.putQuota(quotaOf({ rps: 5 })),
    };
    let beforehand = 2;
    ledger.beforeSwap = async () => {
      if (beforehand-- > 0) await ledger.putQuota(quotaOf({ rps: 5 }));
    };
    const service = new AdmissionService({ ledger, clock: busy, random: seededRandom() });

    expect((await service.admit(requestOf('a'))).admitted).toBe(true);
    expect(ledger.swaps).toBe(3);
  });
});

describe('failure', () => {
  it('of the store refuses the request', async () => {
    ledger.failure = new AppError('unavailable', 'The store cannot answer at the moment.');

    await expect(makeService().admit(requestOf('a'))).rejects.toMatchObject({
      code: 'unavailable',
      status: 503,
    });
  });

  it('passes: the next request is served', async () => {
    const service = makeService();
    ledger.failure = new AppError('unavailable', 'The store cannot answer at the moment.');
    await expect(service.admit(requestOf('a'))).rejects.toThrow(AppError);
    ledger.failure = undefined;

    expect((await service.admit(requestOf('b'))).admitted).toBe(true);
  });

  it('to win a swap ends in 503 after a bounded number of tries, with growing jittered waits', async () => {
    await ledger.putQuota(quotaOf({ rps: 5 }));
    ledger.beforeSwap = () => ledger.putQuota(quotaOf({ rps: 5 }));

    await expect(makeService().admit(requestOf('a'))).rejects.toMatchObject({ code: 'unavailable' });

    expect(ledger.swaps).toBe(30);
    expect(clock.slept).toHaveLength(28);
    expect(Math.max(...clock.slept)).toBeLessThanOrEqual(100);
  });
});

describe('memory', () => {
  it('forgets the tenant that was longest unasked', async () => {
    for (const tenant of ['a', 'b', 'c']) await ledger.putQuota(quotaOf({ rps: 50 }, 1, tenant));
    const service = makeService({ maxTenants: 2 });
    const ask = (tenant_id: string) => service.admit(requestOf(tenant_id, { tenant_id }));
    for (const tenant of ['a', 'b', 'a', 'c']) await ask(tenant);
    const before = ledger.reads;

    await ask('a');
    expect(ledger.reads).toBe(before);
    await ask('b');
    expect(ledger.reads).toBe(before + 1);
  });

  it('drops the former days of a tenant without limits once a month of them has gathered', async () => {
    const days = Array.from({ length: 30 }, (_, index) =>
      new Date(Date.parse('2025-11-01') + index * 86_400_000).toISOString().slice(0, 10),
    );
    const today = new Date(clock.now()).toISOString().slice(0, 10);
    ledger.settle([...days, today].map((day) => settlementOf(day, { tokens: 1, day })));

    await makeService().admit(requestOf('a'));

    expect(Object.keys((await ledger.read(TENANT))?.days ?? {})).toEqual([today]);
  });
});

describe('a swap whose reply was lost', () => {
  it('admits its request once, also where only one may run at a time', async () => {
    class UnconfirmedLedger extends MemoryUsageLedger {
      override async swap(tenantId: string, version: number, change: LedgerChange): Promise<SwapResult> {
        const { swapped, current } = await super.swap(tenantId, version, change);
        return { swapped: false, current: swapped ? await super.read(tenantId) : current };
      }
    }
    const unconfirmed = new UnconfirmedLedger();
    await unconfirmed.putQuota(quotaOf({ rpm: 10, concurrent: 1 }));
    const service = new AdmissionService({ ledger: unconfirmed, clock, random: seededRandom() });

    const verdict = await service.admit(requestOf('a'));

    const item = await unconfirmed.read(TENANT);
    expect([verdict.admitted, verdict.limits?.[0]?.remaining]).toEqual([true, 9]);
    expect(Object.keys(item?.holds ?? {})).toEqual(['a']);
  });
});
