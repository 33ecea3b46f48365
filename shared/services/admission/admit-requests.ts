/**
 * Admits requests: those waiting in one process are decided in one pass and written in one compare-and-swap on the tenant's
 * item; where many come, a lease lets the next ones in without. Fails closed: when the store cannot answer, or the swap loses too often, the request is refused with 503.
 * A refusal is only ever spoken on a copy read in this very call, since a quota may just have been raised.
 */
import { AppError } from '../../errors/app-error.ts';
import type { AdmissionRequest, Verdict } from '../../model/quota.ts';
import type { Clock, Random } from '../../ports/runtime.ts';
import { EMPTY_LEDGER, type LedgerItem, type UsageLedger } from '../../ports/usage-ledger.ts';
import { Batcher } from '../batcher.ts';
import { admit, isLimited } from './admit.ts';
import { formerDays } from './days.ts';
import { Lease } from './lease.ts';

export interface AdmissionDeps {
  ledger: UsageLedger;
  clock: Clock;
  random: Random;
  /** Tenants remembered at once; the one longest unasked is forgotten. */
  maxTenants?: number;
  /** False: one swap for those that wait, and none for more. */
  leases?: boolean;
}

/** Stands in the queue for what is left of a lease. */
const GIVE_BACK = 'give back';

const NOTHING_ASKED: Verdict = { admitted: true };

interface Tenant {
  batcher: Batcher<AdmissionRequest | typeof GIVE_BACK, Verdict>;
  lease: Lease;
  /** A lease is to be given back before long. */
  givingBack: boolean;
  /** As last seen; a swap tells whether it still holds. */
  copy: LedgerItem | undefined;
}

const MAX_TENANTS = 10_000;
const MAX_BATCH = 200;
/** Many short waits: instances that swap one item starve on few long ones. */
const MAX_ATTEMPTS = 30;
const BASE_DELAY_MS = 2;
const MAX_DELAY_MS = 100;
/** Milliseconds after which an idle process gives back what it has leased. */
const GIVE_BACK_MS = 100;
/** Days of use that an item without limits gathers before they are dropped: about 2 KB. */
const MAX_FORMER_DAYS = 30;

export class AdmissionService {
  readonly #deps: AdmissionDeps;
  /** Longest unasked first. */
  readonly #tenants = new Map<string, Tenant>();

  constructor(deps: AdmissionDeps) {
    this.#deps = deps;
  }

  async admit(request: AdmissionRequest): Promise<Verdict> {
    const { batcher, lease } = this.#tenant(request.tenant_id);
    const { clock } = this.#deps;
    lease.note(request, clock.now());
    return lease.draw(request, clock.now(), clock.monotonic()) ?? batcher.add(request);
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
    const tenant: Tenant = {
      copy: undefined,
      lease: new Lease(`lease-${Buffer.from(this.#deps.random.bytes(9)).toString('base64url')}`),
      givingBack: false,
      batcher: new Batcher((asked) => this.#answer(id, tenant, asked), { maxBatch: MAX_BATCH }),
    };
    return tenant;
  }

  /** Those that the lease has no room for are decided together. */
  async #answer(
    id: string,
    tenant: Tenant,
    asked: (AdmissionRequest | typeof GIVE_BACK)[],
  ): Promise<Verdict[]> {
    const { clock } = this.#deps;
    const verdicts = asked.map((request) =>
      request === GIVE_BACK ? NOTHING_ASKED : tenant.lease.draw(request, clock.now(), clock.monotonic()),
    );
    const left = asked.filter((request, index) => request !== GIVE_BACK && verdicts[index] === undefined);
    if (left.length === 0 && !asked.includes(GIVE_BACK)) return verdicts as Verdict[];
    try {
      const decided = await this.#decide(id, tenant, left as AdmissionRequest[]);
      return verdicts.map((verdict) => verdict ?? (decided.shift() as Verdict));
    } catch (error) {
      tenant.lease.forget();
      throw error;
    }
  }

  async #decide(id: string, tenant: Tenant, requests: AdmissionRequest[]): Promise<Verdict[]> {
    const { clock, ledger } = this.#deps;
    let isFresh = false;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      if (tenant.copy === undefined || !isLimited(tenant.copy)) {
        tenant.copy = (await ledger.read(id)) ?? EMPTY_LEDGER;
        isFresh = true;
      }
      const { copy } = tenant;
      if (!isLimited(copy)) {
        tenant.lease.adopt(undefined, clock.monotonic());
        await this.#tidy(id, copy);
        return requests.map(() => ({ admitted: true }));
      }
      const [now, since] = [clock.now(), clock.monotonic()];
      const together = this.#deps.leases === false ? 0 : requests.length;
      const lease = tenant.lease.request(together, now);
      const { verdicts, change, grant } = admit(copy, requests, now, lease);
      if (!isFresh && !verdicts.every(({ admitted }) => admitted)) {
        tenant.copy = undefined;
        continue;
      }
      if (change === undefined) {
        tenant.lease.forget();
        return verdicts;
      }
      const result = await ledger.swap(id, copy.version, change);
      tenant.copy = result.current;
      if (result.swapped) {
        tenant.lease.adopt(grant, since);
        this.#giveBackLater(tenant);
        return verdicts;
      }
      isFresh = true;
      if (attempt > 1) {
        await this.#backOff(attempt);
        // Whoever won meanwhile goes on winning: what was seen before the wait would lose for certain.
        tenant.copy = undefined;
      }
    }
    throw new AppError('unavailable', 'The limits are contended at the moment.');
  }

  /** Until the tenant's item holds nothing for this process. */
  #giveBackLater(tenant: Tenant): void {
    if (tenant.givingBack || !tenant.lease.isHeld) return;
    tenant.givingBack = true;
    const { clock } = this.#deps;
    const giveBack = async (): Promise<void> => {
      while (tenant.lease.isHeld) {
        await clock.sleep(GIVE_BACK_MS);
        if (tenant.lease.isOverdue(clock.monotonic())) await tenant.batcher.add(GIVE_BACK);
      }
    };
    // What cannot be given back counts until its windows have passed and its hold has expired.
    void giveBack()
      .catch(() => undefined)
      .finally(() => {
        tenant.givingBack = false;
      });
  }

  /** Nothing swaps the item of a tenant without limits, so its days would gather for ever. Losing the swap does no harm. */
  async #tidy(id: string, item: LedgerItem): Promise<void> {
    const dropDays = formerDays(item, this.#deps.clock.now());
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
