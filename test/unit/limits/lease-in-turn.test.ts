import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AdmissionService } from '../../../shared/services/admission/admit-requests.ts';
import { unpackWindows } from '../../../shared/services/admission/windows.ts';
import { quotaOf, requestOf, TENANT } from '../../support/fakes/limits.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';
import { seededRandom } from '../../support/fakes/seeded-random.ts';
import { WatchedLedger } from '../../support/fakes/watched-ledger.ts';

let ledger: WatchedLedger;
let clock: ManualClock;
let service: AdmissionService;
let asked = 0;

const counted = async (): Promise<number> =>
  unpackWindows((await ledger.read(TENANT))?.windows ?? '').hour?.count(clock.now()) ?? 0;

describe('a lease for requests that come one at a time, in a process that runs between them', () => {
  const STEP_MS = 10;
  /** How often the limits were swapped for them. */
  const askInTurn = async (count: number, everyMs = STEP_MS): Promise<number> => {
    const before = ledger.swaps;
    for (let turn = 0; turn < count; turn += 1) {
      await service.admit(requestOf(`r${turn}-${asked++}`));
      await clock.advance(everyMs);
    }
    return ledger.swaps - before;
  };

  beforeEach(async () => {
    ledger = new WatchedLedger();
    clock = new ManualClock();
    service = new AdmissionService({ ledger, clock, random: seededRandom(), runsBetween: true });
    await ledger.putQuota(quotaOf({ rph: 100_000 }));
  });

  it('is made once the tenant has asked for a while', async () => {
    expect(await askInTurn(3)).toBe(3);
    expect(await askInTurn(60)).toBeLessThan(20);
    expect(await askInTurn(100)).toBeLessThan(20);
    expect(await askInTurn(100)).toBeLessThan(5);
  });

  it('goes back when nobody asks any more', async () => {
    await askInTurn(200);
    await clock.advance(1_000);

    await vi.waitFor(async () => expect(await counted()).toBe(200));
    expect((await ledger.read(TENANT))?.holds).toEqual({});
  });

  it('is not made any more after a pause', async () => {
    await askInTurn(200);
    await clock.advance(60_000);

    expect(await askInTurn(3)).toBe(3);
  });

  it('lets in ahead who comes two or three times a second', async () => {
    await askInTurn(20, 400);

    const waited = ledger.swaps;
    await service.admit(requestOf('ahead'));
    expect(ledger.swaps).toBe(waited);
    expect(await askInTurn(20, 400)).toBeLessThan(12);
  });

  it('is not made for who comes seldom', async () => {
    expect(await askInTurn(20, 3_000)).toBe(20);
  });

  it('reserves nothing ahead but a count: where tokens are held, few asks swap each', async () => {
    await ledger.putQuota(quotaOf({ rph: 100_000, tokens_per_day: 1_000_000 }));

    expect(await askInTurn(20, 400)).toBe(20);
  });

  it('is not made ahead where a limit is small: its last requests are decided one by one', async () => {
    await ledger.putQuota(quotaOf({ rph: 30 }));
    await askInTurn(20, 400);

    expect(await askInTurn(10, 400)).toBe(10);
    expect(await service.admit(requestOf('beyond'))).toMatchObject({ admitted: false });
  });
});
