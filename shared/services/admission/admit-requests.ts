/**
 * Admits requests: those waiting in one process are decided in one pass and written in one compare-and-swap on the tenant's
 * item; where many come, a lease lets the next ones in without. Fails closed: when the store cannot answer, or the swap loses
 * too often, the request is refused with 503. A refusal is only ever spoken on a copy read in this very call, since a quota may
 * just have been raised, and after all that was settled is booked.
 */
import { AppError } from '../../errors/app-error.ts';
import type { AdmissionRequest, Verdict } from '../../model/quota.ts';
import type { Clock, Random } from '../../ports/runtime.ts';
import { EMPTY_LEDGER, type LedgerItem, type UsageLedger } from '../../ports/usage-ledger.ts';
import { Batcher } from '../batcher.ts';
import { admit, isLimited } from './admit.ts';
import { byKeys } from './by-keys.ts';
import { formerDays } from './days.ts';
import { Lease, type MayLease } from './lease.ts';

export interface AdmissionDeps {
  ledger: UsageLedger;
  clock: Clock;
  random: Random;
  /** Tenants remembered at once; the one longest unasked is forgotten. */
  maxTenants?: number;
  /** False: one swap for those that wait, and none for more. */
  leases?: boolean;
  /** Where settlements are booked a while after they are told: resolves when the last one is, undefined where it is. */
  booked?: () => Promise<void> | undefined;
  /** True: the process is never frozen between requests, so it may lease for one that comes after the other too. */
  runsBetween?: boolean;
}

/** Stand in the queue for what is left of a lease, and for its next block. */
const GIVE_BACK = 'give back';
const RENEW = 'renew';
type Chore = typeof GIVE_BACK | typeof RENEW;

const NOTHING_ASKED: Verdict = { admitted: true };
const NO_LEASE: MayLease = { blocks: false, ahead: false };

interface Tenant {
  batcher: Batcher<AdmissionRequest | Chore, Verdict>;
  lease: Lease;
  /** A lease is to be given back before long. */
  givingBack: boolean;
  /** The lease's next block is being fetched. */
  renewing: boolean;
  /** As last seen; a swap tells whether it still holds. */
  copy: LedgerItem | undefined;
  /** Monotonic time of the copy. */
  copiedAt: number;
  /** Swaps for which a copy is taken to be stale, since another process swaps too. */
  losing: number;
}

const MAX_TENANTS = 10_000;
const MAX_BATCH = 200;
/** Many short waits: instances that swap one item starve on few long ones. */
const MAX_ATTEMPTS = 30;
/** Nobody waits for these; they are tried again soon. */
const MAX_CHORE_ATTEMPTS = 4;
const BASE_DELAY_MS = 2;
const MAX_DELAY_MS = 100;
/** After a swap from an older copy has lost, so many begin with a read, which costs less than one that is lost. */
const READS_AFTER_A_LOSS = 8;
const STALE_MS = 3;
/** Milliseconds after which an idle process gives back what it has leased. */
const GIVE_BACK_MS = 100;
/** Most milliseconds between tries where the store does not take it. */
const GIVE_BACK_MOST_MS = 5_000;
/** Days of use that an item without limits gathers before they are dropped: about 2 KB. */
const MAX_FORMER_DAYS = 30;

export class AdmissionService {
  readonly #deps: AdmissionDeps;
  /** Longest unasked first. */
  readonly #tenants = new Map<string, Tenant>();
  #waiting = 0;
  /** Two requests have been seen to wait together. */
  #isConcurrent = false;

  constructor(deps: AdmissionDeps) {
    this.#deps = deps;
  }

  async admit(request: AdmissionRequest): Promise<Verdict> {
    const tenant = this.#tenant(request.tenant_id);
    // A lease counts for the tenant alone.
    if (request.key === undefined) {
      const { clock } = this.#deps;
      const [now, monotonic] = [clock.now(), clock.monotonic()];
      tenant.lease.note(request, now);
      const verdict = tenant.lease.draw(request, now, monotonic);
      if (verdict !== undefined) {
        if (tenant.lease.isLow(monotonic)) this.#renew(tenant);
        return verdict;
      }
    }
    this.#waiting += 1;
    this.#isConcurrent ||= this.#waiting > 1;
    try {
      return await tenant.batcher.add(request);
    } finally {
      this.#waiting -= 1;
    }
  }

  /** A request that was let in by a lease has been booked. */
  release(tenantId: string, requestId: string): void {
    this.#tenants.get(tenantId)?.lease.release(requestId);
  }

  #tenant(id: string): Tenant {
    const tenant = this.#tenants.get(id) ?? this.#newTenant(id);
    this.#tenants.delete(id);
    this.#tenants.set(id, tenant);
    if (this.#tenants.size > (this.#deps.maxTenants ?? MAX_TENANTS)) {
      // Its waiting requests keep the forgotten batcher alive; a new one swaps against the same item.
      const oldest = this.#tenants.keys().next();
      if (oldest.done !== true) this.#tenants.delete(oldest.value);
    }
    return tenant;
  }

  #newTenant(id: string): Tenant {
    const { random } = this.#deps;
    const leaseId = `lease-${Buffer.from(random.bytes(9)).toString('base64url')}`;
    const tenant: Tenant = {
      copy: undefined,
      copiedAt: 0,
      losing: 0,
      lease: new Lease(leaseId, () => random.next()),
      givingBack: false,
      renewing: false,
      batcher: new Batcher((asked) => this.#answer(id, tenant, asked), { maxBatch: MAX_BATCH }),
    };
    return tenant;
  }

  /** Those that the lease has no room for are decided together. */
  async #answer(id: string, tenant: Tenant, asked: (AdmissionRequest | Chore)[]): Promise<Verdict[]> {
    const { clock } = this.#deps;
    const verdicts = asked.map((request) => {
      if (request === GIVE_BACK || request === RENEW) return NOTHING_ASKED;
      return request.key === undefined
        ? tenant.lease.draw(request, clock.now(), clock.monotonic())
        : undefined;
    });
    const left = asked.filter((_, index) => verdicts[index] === undefined) as AdmissionRequest[];
    const mayLease = left.length > 0 || asked.includes(RENEW) ? this.#mayLease(tenant) : NO_LEASE;
    try {
      const decided: Verdict[] = [];
      if (left.length > 0) {
        for (const group of byKeys(left)) decided.push(...(await this.#decide(id, tenant, group, mayLease)));
      } else if (asked.includes(GIVE_BACK) || asked.includes(RENEW)) {
        await this.#decide(id, tenant, [], mayLease);
      }
      return verdicts.map((verdict) => verdict ?? (decided.shift() as Verdict));
    } catch (error) {
      tenant.lease.forget();
      throw error;
    }
  }

  #mayLease({ lease }: Tenant): MayLease {
    const { leases = true, runsBetween = false } = this.#deps;
    return {
      blocks: leases && (this.#isConcurrent || (runsBetween && lease.isSteady)),
      ahead: leases && runsBetween && lease.isRegular,
    };
  }

  async #decide(
    id: string,
    tenant: Tenant,
    requests: AdmissionRequest[],
    mayLease: MayLease,
  ): Promise<Verdict[]> {
    const { clock, ledger } = this.#deps;
    let isFresh = false;
    let isBooked = false;
    const isKeyed = requests.some(({ key }) => key !== undefined);
    const attempts = requests.length === 0 ? MAX_CHORE_ATTEMPTS : MAX_ATTEMPTS;
    if (tenant.losing > 0 && clock.monotonic() - tenant.copiedAt > STALE_MS) {
      tenant.losing -= 1;
      tenant.copy = undefined;
    }
    for (let attempt = 1; attempt <= attempts; attempt++) {
      if (tenant.copy === undefined || !(isKeyed || isLimited(tenant.copy))) {
        this.#keep(tenant, (await ledger.read(id)) ?? EMPTY_LEDGER);
        isFresh = true;
      }
      const copy = tenant.copy ?? EMPTY_LEDGER;
      if (!isKeyed && !isLimited(copy)) {
        tenant.lease.adopt(undefined, clock.monotonic());
        await this.#tidy(id, copy);
        return requests.map(() => ({ admitted: true }));
      }
      const [now, since] = [clock.now(), clock.monotonic()];
      const heldUp = tenant.losing > 0 ? requests.length : undefined;
      const lease = tenant.lease.request(isLimited(copy) ? mayLease : NO_LEASE, now, since, heldUp);
      const { verdicts, change, grant } = admit(copy, requests, now, lease);
      if (!verdicts.every(({ admitted }) => admitted)) {
        // What was answered may still be held.
        const behind = isBooked ? undefined : this.#deps.booked?.();
        isBooked = true;
        if (behind !== undefined) await behind;
        if (!isFresh || behind !== undefined) {
          tenant.copy = undefined;
          continue;
        }
      }
      if (change === undefined) {
        tenant.lease.forget();
        return verdicts;
      }
      const result = await ledger.swap(id, copy.version, change);
      this.#keep(tenant, result.current);
      if (result.swapped) {
        tenant.lease.adopt(grant, since);
        this.#giveBackLater(tenant);
        return verdicts;
      }
      tenant.losing = READS_AFTER_A_LOSS;
      isFresh = true;
      if (attempt > 1 && attempt < attempts) {
        await this.#backOff(attempt);
        // Whoever won meanwhile goes on winning: what was seen before the wait would lose for certain.
        tenant.copy = undefined;
      }
    }
    if (requests.length === 0) return [];
    throw new AppError('unavailable', 'The limits are contended at the moment.');
  }

  #keep(tenant: Tenant, copy: LedgerItem | undefined): void {
    tenant.copy = copy;
    tenant.copiedAt = this.#deps.clock.monotonic();
  }

  /** The next block, before the present one has run out. Where it is not to be had, requests will wait for a swap. */
  #renew(tenant: Tenant): void {
    if (tenant.renewing) return;
    tenant.renewing = true;
    void tenant.batcher
      .add(RENEW)
      .catch(() => undefined)
      .finally(() => {
        tenant.renewing = false;
      });
  }

  /** Until the tenant's item holds nothing for this process. */
  #giveBackLater(tenant: Tenant): void {
    if (tenant.givingBack || !tenant.lease.isHeld) return;
    tenant.givingBack = true;
    const { clock } = this.#deps;
    const giveBack = async (): Promise<void> => {
      let wait = GIVE_BACK_MS;
      while (tenant.lease.isHeld) {
        await clock.sleep(wait);
        if (!tenant.lease.isOverdue(clock.monotonic())) continue;
        wait = await tenant.batcher.add(GIVE_BACK).then(
          () => GIVE_BACK_MS,
          () => Math.min(2 * wait, GIVE_BACK_MOST_MS),
        );
      }
    };
    void giveBack().finally(() => {
      tenant.givingBack = false;
    });
  }

  /** Nothing swaps the item of a tenant without limits, so its days would gather for ever. Losing the swap does no harm. */
  async #tidy(id: string, item: LedgerItem): Promise<void> {
    const dropDays = formerDays(item.days, this.#deps.clock.now());
    if (dropDays.length < MAX_FORMER_DAYS) return;
    const change = { windows: '', holds: {}, dropHolds: [], dropDays };
    await this.#deps.ledger.swap(id, item.version, change);
  }

  async #backOff(attempt: number): Promise<void> {
    await this.#deps.clock.sleep(
      this.#deps.random.next() * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** attempt),
    );
  }
}
