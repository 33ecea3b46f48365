/** The limits in memory, by the same rules as the table's. */
import type { Quota, Settlement } from '../../model/quota.ts';
import {
  accepts,
  afterSettlement,
  afterSwap,
  EMPTY_LEDGER,
  type LedgerChange,
  type LedgerItem,
  type SwapResult,
  type UsageBooks,
  type UsageLedger,
} from '../../ports/usage-ledger.ts';

export class MemoryUsageLedger implements UsageLedger, UsageBooks {
  readonly #items = new Map<string, LedgerItem>();

  async read(tenantId: string): Promise<LedgerItem | undefined> {
    return structuredClone(this.#items.get(tenantId));
  }

  async swap(tenantId: string, expectedVersion: number, change: LedgerChange): Promise<SwapResult> {
    const item = this.#item(tenantId);
    if (!accepts(item, expectedVersion, change)) {
      return { swapped: false, current: structuredClone(this.#items.get(tenantId)) };
    }
    const current = structuredClone(afterSwap(item, change));
    this.#items.set(tenantId, current);
    return { swapped: true, current: structuredClone(current) };
  }

  async putQuota(quota: Quota): Promise<void> {
    const item = this.#item(quota.tenant_id);
    this.#items.set(quota.tenant_id, structuredClone({ ...item, quota, version: item.version + 1 }));
  }

  async listQuotas(): Promise<Quota[]> {
    return [...this.#items.values()]
      .flatMap(({ quota }) => (quota === undefined ? [] : [structuredClone(quota)]))
      .sort((a, b) => (a.tenant_id < b.tenant_id ? -1 : 1));
  }

  settle(settlements: readonly Settlement[]): void {
    for (const settlement of settlements) {
      const { tenant_id } = settlement;
      this.#items.set(tenant_id, afterSettlement(this.#item(tenant_id), settlement));
    }
  }

  #item(tenantId: string): LedgerItem {
    return this.#items.get(tenantId) ?? EMPTY_LEDGER;
  }
}
