/** Limits of a key beside its tenant's: both hold, and each is named where it is in the way. */
import { describe, expect, it } from 'vitest';
import { MemoryUsageLedger } from '../../../shared/adapters/memory/usage-ledger.ts';
import {
  type AdmissionRequest,
  type RateLimit,
  UNLIMITED,
  type Verdict,
} from '../../../shared/model/quota.ts';
import { AdmissionService } from '../../../shared/services/admission/admit-requests.ts';
import { byKeys } from '../../../shared/services/admission/by-keys.ts';
import { limitsUsage } from '../../../shared/services/admission/usage.ts';
import { quotaOf, requestOf, settlementOf, TENANT } from '../../support/fakes/limits.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';
import { seededRandom } from '../../support/fakes/seeded-random.ts';

const setUp = async (limits: Partial<RateLimit> | undefined) => {
  const ledger = new MemoryUsageLedger();
  const clock = new ManualClock();
  if (limits !== undefined) await ledger.putQuota(quotaOf(limits));
  const service = new AdmissionService({ ledger, clock, random: seededRandom() });
  let asked = 0;
  const ask = (
    id: string | undefined,
    limitsOfKey: Partial<RateLimit> = {},
    rest: Partial<AdmissionRequest> = {},
  ): Promise<Verdict> =>
    service.admit(
      requestOf(`r${asked++}`, {
        ...(id === undefined ? {} : { key: { id, rate_limit: { ...UNLIMITED, ...limitsOfKey } } }),
        ...rest,
      }),
    );
  return { ledger, clock, ask };
};

const passed = (verdicts: Verdict[]): number => verdicts.filter(({ admitted }) => admitted).length;

describe('a key with limits of its own', () => {
  it('is refused at them while its tenant has room, and says whose limit it is', async () => {
    const { ask } = await setUp({ rpm: 100 });
    await ask('one', { rpm: 2 });
    await ask('one', { rpm: 2 });

    expect(await ask('one', { rpm: 2 })).toMatchObject({
      admitted: false,
      limit: { window: 'minute', scope: 'key', limit: 2, remaining: 0 },
    });
    expect((await ask('other', { rpm: 2 })).admitted).toBe(true);
    expect((await ask(undefined)).admitted).toBe(true);
  });

  it("is refused at its tenant's, and does not use up its own by that", async () => {
    const { ask, clock } = await setUp({ rps: 3 });
    await ask(undefined);
    await ask(undefined);

    const verdicts = await Promise.all(Array.from({ length: 5 }, () => ask('one', { rpm: 4 })));
    expect(passed(verdicts)).toBe(1);
    expect(verdicts.at(-1)).toMatchObject({ limit: { window: 'second', limit: 3 } });

    await clock.advance(1_050);
    expect(passed(await Promise.all(Array.from({ length: 5 }, () => ask('one', { rpm: 4 }))))).toBe(3);
  });

  it('is limited where its tenant is not', async () => {
    const { ask } = await setUp(undefined);

    const verdicts = await Promise.all(Array.from({ length: 9 }, () => ask('one', { concurrent: 4 })));

    expect(passed(verdicts)).toBe(4);
    expect((await ask(undefined)).admitted).toBe(true);
  });

  it('has a budget that holds count against, and that settlements book', async () => {
    const { ask, ledger, clock } = await setUp({ tokens_per_day: 10_000 });
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    const first = await ask('one', { tokens_per_day: 100 }, { tokens: 60 });
    expect((await ask('one', { tokens_per_day: 100 }, { tokens: 60 })).admitted).toBe(false);

    const held = first.admitted ? first.held : undefined;
    expect(held).toMatchObject({ tokens: 60, key: 'one' });
    ledger.settle([settlementOf('r0', { tokens: 30, day }, held)]);

    expect((await ask('one', { tokens_per_day: 100 }, { tokens: 71 })).admitted).toBe(false);
    expect((await ask('one', { tokens_per_day: 100 }, { tokens: 70 })).admitted).toBe(true);
    const key = { id: 'one', rate_limit: { ...UNLIMITED, tokens_per_day: 100 } };
    expect(limitsUsage(await ledger.read(TENANT), clock.now(), key).key?.limits.tokens_per_day).toMatchObject(
      {
        limit: 100,
        used: 30,
        held: 70,
        free: 0,
      },
    );
  });

  it('never draws on a lease, which counts for the tenant alone', async () => {
    const { ask, clock } = await setUp({ rph: 1_000 });
    await Promise.all(Array.from({ length: 8 }, () => ask(undefined)));

    const verdicts = await Promise.all(Array.from({ length: 8 }, () => ask('one', { rph: 5 })));

    expect(passed(verdicts)).toBe(5);
    await clock.advance(100);
  });

  it('leaves nothing behind once its windows have passed and its days are former', async () => {
    const { ask, ledger, clock } = await setUp({ rpm: 100 });
    await ask('one', { rps: 5 });
    expect(Object.keys((await ledger.read(TENANT))?.keys ?? {})).toEqual(['one']);

    await clock.advance(2_000);
    await ask(undefined);

    expect((await ledger.read(TENANT))?.keys).toBeUndefined();
  });
});

describe('requests of many keys', () => {
  it('are decided in groups that one swap can hold, in their order', () => {
    const requests = Array.from({ length: 45 }, (_, index) =>
      requestOf(`r${index}`, { key: { id: `k${index % 41}`, rate_limit: UNLIMITED } }),
    );

    const groups = byKeys(requests);

    expect(groups.flat()).toEqual(requests);
    for (const group of groups) expect(new Set(group.map(({ key }) => key?.id)).size).toBeLessThanOrEqual(20);
  });
});
