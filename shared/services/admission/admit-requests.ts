/**
 * Admits requests: those waiting in one process are decided in one pass and written in one compare-and-swap on the tenant's
 * item. Fails closed: when the store cannot answer, or the swap loses too often, the request is refused with 503.
 * A refusal is only ever spoken on a copy read in this very call, since a quota may just have been raised.
 */
import { AppError } from '../../errors/app-error.ts';
import type { AdmissionRequest, Quota, Verdict } from '../../model/quota.ts';
import type { Clock, Random } from '../../ports/runtime.ts';
import type { LedgerItem, UsageLedger } from '../../ports/usage-ledger.ts';
import { Batcher } from '../batcher.ts';
import { Account, isLimited } from './admit.ts';

export interface AdmissionDeps {
  ledger: UsageLedger;
  clock: Clock;
  random: Random;
}

interface Tenant {
  batcher: Batcher<AdmissionRequest, Verdict>;
  /** As last seen; a swap tells whether it still holds. */
  copy: LedgerItem | undefined;
}

const MAX_TENANTS = 10_000;
const MAX_BATCH = 200;
const MAX_ATTEMPTS = 12;
const BASE_DELAY_MS = 2;
const MAX_DELAY_MS = 50;

const NOTHING: LedgerItem = { version: 0, days: {}, holds: {} };

const hasQuota = (item: LedgerItem): item is LedgerItem & { quota: Quota } => isLimited(item.quota);

export class AdmissionService {
  readonly #deps: AdmissionDeps;
  readonly #tenants = new Map<string, Tenant>();

  constructor(deps: AdmissionDeps) {
    this.#deps = deps;
  }

  admit(request: AdmissionRequest): Promise<Verdict> {
    return this.#tenant(request.tenant_id).batcher.add(request);
  }

  #tenant(id: string): Tenant {
    const known = this.#tenants.get(id);
    if (known !== undefined) return known;
    const tenant: Tenant = {
      copy: undefined,
      batcher: new Batcher((requests) => this.#decide(id, tenant, requests), { maxBatch: MAX_BATCH }),
    };
    this.#tenants.set(id, tenant);
    if (this.#tenants.size > MAX_TENANTS) {
      // Its waiting requests keep the forgotten batcher alive; a new one swaps against the same item.
      const oldest = this.#tenants.keys().next();
      if (oldest.done !== true) this.#tenants.delete(oldest.value);
    }
    return tenant;
  }

  async #decide(id: string, tenant: Tenant, requests: AdmissionRequest[]): Promise<Verdict[]> {
    let isFresh = false;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      if (tenant.copy === undefined || !hasQuota(tenant.copy)) {
        tenant.copy = (await this.#deps.ledger.read(id)) ?? NOTHING;
        isFresh = true;
      }
      const { copy } = tenant;
      if (!hasQuota(copy)) return requests.map(() => ({ admitted: true }));
      const account = new Account(copy, this.#deps.clock.now());
      const verdicts = requests.map((request) => account.admit(request));
      const admitted = verdicts.filter((verdict) => verdict.admitted).length;
      if (admitted < verdicts.length && !isFresh) {
        tenant.copy = undefined;
        continue;
      }
      if (admitted === 0) return verdicts;
      const { change, next } = account.change();
      const result = await this.#deps.ledger.swap(id, copy.version, change);
      if (result.swapped) {
        tenant.copy = next;
        return verdicts;
      }
      tenant.copy = result.current ?? NOTHING;
      isFresh = true;
      if (attempt > 1) await this.#backOff(attempt);
    }
    throw new AppError('unavailable', 'The limits are contended at the moment.');
  }

  async #backOff(attempt: number): Promise<void> {
    await this.#deps.clock.sleep(
      this.#deps.random.next() * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** attempt),
    );
  }
}
