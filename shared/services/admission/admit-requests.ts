/**
 * Admits requests: those waiting in one process are decided in one pass and written in one compare-and-swap on the tenant's
 * item. Fails closed: when the store cannot answer, or the swap loses too often, the request is refused with 503.
 * A refusal is only ever spoken on a copy read in this very call, since a quota may just have been raised.
 */
import { AppError } from '../../errors/app-error.ts';
import type { AdmissionRequest, Verdict } from '../../model/quota.ts';
import type { Clock, Random } from '../../ports/runtime.ts';
import { EMPTY_LEDGER, type LedgerItem, type UsageLedger } from '../../ports/usage-ledger.ts';
import { Batcher } from '../batcher.ts';
import { admit, isLimited } from './admit.ts';
import { formerDays } from './days.ts';

export interface AdmissionDeps {
  ledger: UsageLedger;
  clock: Clock;
  random: Random;
  /** Tenants remembered at once; the one longest unasked is forgotten. */
  maxTenants?: number;
}

interface Tenant {
  batcher: Batcher<AdmissionRequest, Verdict>;
  /** As last seen; a swap tells whether it still holds. */
  copy: LedgerItem | undefined;
}

const MAX_TENANTS = 10_000;
const MAX_BATCH = 200;
/** Many short waits: instances that swap one item starve on few long ones. */
const MAX_ATTEMPTS = 30;
const BASE_DELAY_MS = 2;
const MAX_DELAY_MS = 100;
/** Days of use that an item without limits gathers before they are dropped: about 2 KB. */
const MAX_FORMER_DAYS = 30;

export class AdmissionService {
  readonly #deps: AdmissionDeps;
  /** Longest unasked first. */
  readonly #tenants = new Map<string, Tenant>();

  constructor(deps: AdmissionDeps) {
    this.#deps = deps;
  }

  admit(request: AdmissionRequest): Promise<Verdict> {
    return this.#tenant(request.tenant_id).batcher.add(request);
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
      batcher: new Batcher((requests) => this.#decide(id, tenant, requests), { maxBatch: MAX_BATCH }),
    };
    return tenant;
  }

  async #decide(id: string, tenant: Tenant, requests: AdmissionRequest[]): Promise<Verdict[]> {
    let isFresh = false;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      if (tenant.copy === undefined || !isLimited(tenant.copy)) {
        tenant.copy = (await this.#deps.ledger.read(id)) ?? EMPTY_LEDGER;
        isFresh = true;
      }
      const { copy } = tenant;
      if (!isLimited(copy)) {
        await this.#tidy(id, copy);
        return requests.map(() => ({ admitted: true }));
      }
      const { verdicts, change } = admit(copy, requests, this.#deps.clock.now());
      if (!isFresh && !verdicts.every(({ admitted }) => admitted)) {
        tenant.copy = undefined;
        continue;
      }
      if (change === undefined) return verdicts;
      const result = await this.#deps.ledger.swap(id, copy.version, change);
      tenant.copy = result.current;
      if (result.swapped) return verdicts;
      isFresh = true;
      if (attempt > 1) {
        await this.#backOff(attempt);
        // Whoever won meanwhile goes on winning: what was seen before the wait would lose for certain.
        tenant.copy = undefined;
      }
    }
    throw new AppError('unavailable', 'The limits are contended at the moment.');
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
