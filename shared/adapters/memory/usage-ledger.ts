import type { Quota, Settlement } from '../../model/quota.ts';
import {
  type DayUse,
  exceedsHold,
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
    if (item.version !== expectedVersion) return { swapped: false, current: await this.read(tenantId) };
    const holds = { ...item.holds, ...change.holds };
    for (const id of change.dropHolds) delete holds[id];
    const days = { ...item.days };
    for (const day of change.dropDays) delete days[day];
    this.#items.set(
      tenantId,
      structuredClone({ ...item, version: item.version + 1, windows: change.windows, holds, days }),
    );
    return { swapped: true };
  }

  async putQuota(quota: Quota): Promise<void> {
    const item = this.#item(quota.tenant_id);
    this.#items.set(quota.tenant_id, structuredClone({ ...item, quota, version: item.version + 1 }));
  }

  async listQuotas(): Promise<Quota[]> {
    return [...this.#items.values()].flatMap(({ quota }) =>
      quota === undefined ? [] : [structuredClone(quota)],
    );
  }

  settle(settlements: readonly Settlement[]): void {
    for (const settlement of settlements) {
      const item = this.#item(settlement.tenant_id);
      const before: DayUse = item.days[settlement.day] ?? { tokens: 0, cost_nano: 0 };
      const holds = { ...item.holds };
      delete holds[settlement.id];
      const used = {
        tokens: before.tokens + settlement.tokens,
        cost_nano: before.cost_nano + settlement.cost_nano,
      };
      const version = item.version + (exceedsHold(settlement) ? 1 : 0);
      this.#items.set(settlement.tenant_id, {
        ...item,
        version,
        holds,
        days: { ...item.days, [settlement.day]: used },
      });
    }
  }

  #item(tenantId: string): LedgerItem {
    return this.#items.get(tenantId) ?? { version: 0, days: {}, holds: {} };
  }
}
