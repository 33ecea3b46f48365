/**
 * The Usage table and the instances that admit requests with it: the gateway's own `admit` and the table's own rules, with
 * copies that others have overtaken. What is let in is judged by a plain list (window-oracle.ts), and what is used and held by
 * the quota.
 */
import type { AdmissionRequest, Hold, Quota, RateLimit, Window } from '../../shared/model/quota.ts';
import { toNano } from '../../shared/model/quota.ts';
import {
  accepts,
  afterSettlement,
  afterSwap,
  type LedgerItem,
  useOf,
} from '../../shared/ports/usage-ledger.ts';
import { admit, isLimited } from '../../shared/services/admission/admit.ts';
import { dayOf } from '../../shared/services/admission/days.ts';
import type { Sfc32 } from '../../shared/services/selection/random.ts';
import { WindowOracle } from './window-oracle.ts';

export const QUOTA: RateLimit = {
  rps: 2,
  rpm: 40,
  rph: 200,
  tokens_per_day: 50_000,
  cost_per_day_usd: 0.24,
  concurrent: 2,
};
const BOUNDS = [
  { lengthMs: 1_000, limit: QUOTA.rps ?? 0 },
  { lengthMs: 60_000, limit: QUOTA.rpm ?? 0 },
  { lengthMs: 3_600_000, limit: QUOTA.rph ?? 0 },
];
/** Share of admissions that an instance tries with a copy which others have overtaken. */
const STALE = 0.2;

interface Tenant {
  item: LedgerItem;
  /** As an instance saw it that has not asked since. */
  overtaken: LedgerItem;
  readonly oracle: WindowOracle;
}

export interface Booking {
  readonly tenant: number;
  readonly id: string;
  readonly tokens: number;
  readonly costUsd: number;
  readonly held: Hold | undefined;
}

const quotaOf = (tenant: string): Quota => ({
  tenant_id: tenant,
  tier: 'pro',
  rate_limit: QUOTA,
  burst_multiplier: 1,
  updated_at: '2026-01-01T00:00:00.000Z',
});

export class LimitWorld {
  readonly #rng: Sfc32;
  readonly #tenants = new Map<number, Tenant>();
  readonly refused: Partial<Record<Window, number>> = {};
  admitted = 0;
  swaps = 0;
  conflicts = 0;
  /** Windows with more than their limit. */
  brokenWindows = 0;
  /** Days on which more was used and held than the quota has. */
  brokenBudgets = 0;
  /** The most requests in flight that one tenant was seen with. */
  mostInFlight = 0;
  mostHolds = 0;

  constructor(rng: Sfc32) {
    this.#rng = rng;
  }

  get tenants(): number {
    return this.#tenants.size;
  }

  /** Undefined where it is refused. */
  ask(tenant: number, request: Omit<AdmissionRequest, 'tenant_id'>, now: number): Booking | undefined {
    const known = this.#tenant(tenant);
    const asked = { ...request, tenant_id: String(tenant) };
    const isStale = this.#rng.nextUnit() < STALE;
    const copies = isStale ? [known.overtaken, known.item] : [known.item];
    for (const copy of copies) {
      if (!isLimited(copy)) throw new Error('every tenant has limits');
      const { verdicts, change } = admit(copy, [asked], now);
      const [verdict] = verdicts;
      if (change === undefined || verdict?.admitted !== true) {
        // A refusal is spoken on the item as it is, never on a copy.
        if (copy === known.item && verdict?.admitted === false) this.#refuse(verdict.limit.window);
        continue;
      }
      this.swaps += 1;
      if (!accepts(known.item, copy.version, change)) {
        this.conflicts += 1;
        continue;
      }
      known.overtaken = known.item;
      known.item = afterSwap(known.item, change);
      this.#judge(known, now);
      const { id, tokens, cost_usd: costUsd } = request;
      return { tenant, id, tokens, costUsd, held: verdict.held };
    }
    return undefined;
  }

  /** What it really used; never more than it held. */
  settle({ tenant, id, tokens, costUsd, held }: Booking, share: number, now: number): void {
    const known = this.#tenant(tenant);
    known.item = afterSettlement(known.item, {
      id,
      tenant_id: String(tenant),
      day: dayOf(now),
      tokens: Math.floor(tokens * share),
      cost_nano: toNano(costUsd * share),
      ...(held === undefined ? {} : { held }),
    });
  }

  #judge(known: Tenant, now: number): void {
    this.admitted += 1;
    this.brokenWindows += known.oracle.letIn(now);
    const use = useOf(known.item, dayOf(now), now);
    const isOver =
      use.tokens_used + use.tokens_held > (QUOTA.tokens_per_day ?? 0) ||
      toNano(use.cost_used_usd + use.cost_held_usd) > toNano(QUOTA.cost_per_day_usd ?? 0) ||
      use.in_flight > (QUOTA.concurrent ?? 0);
    if (isOver) this.brokenBudgets += 1;
    this.mostInFlight = Math.max(this.mostInFlight, use.in_flight);
    this.mostHolds = Math.max(this.mostHolds, Object.keys(known.item.holds).length);
  }

  #refuse(window: Window): void {
    this.refused[window] = (this.refused[window] ?? 0) + 1;
  }

  #tenant(index: number): Tenant {
    const known = this.#tenants.get(index);
    if (known !== undefined) return known;
    const item = { version: 1, days: {}, holds: {}, quota: quotaOf(String(index)) };
    const tenant = { item, overtaken: item, oracle: new WindowOracle(BOUNDS) };
    this.#tenants.set(index, tenant);
    return tenant;
  }
}
