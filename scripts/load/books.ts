/** The gateway's books after the load, against what it had confirmed: what may differ is only what nobody was told the end of. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from './api.ts';
import type { Caller } from './drive.ts';
import type { Ledger } from './tally.ts';

export interface Claim {
  readonly claim: string;
  readonly holds: boolean;
  readonly seen: string;
}

interface Observation {
  readonly request_id: string;
  readonly tokens_in: number;
  readonly tokens_out: number;
  readonly cost_usd: number;
  readonly created_at: string;
}

interface Use {
  readonly day: string;
  readonly tokens_used: number;
  readonly cost_used_usd: number;
  readonly in_flight: number;
}

const SETTLED_WITHIN_MS = 20_000;
const EXPIRING_MS = 1_500;
const LOOK_EVERY_MS = 500;
const NANO = 1e-9;

export interface Books {
  readonly api: Api;
  readonly adminKey: string;
  readonly ledger: Ledger;
  /** Requests that gateway processes which were killed may hold ahead, until those holds expire. */
  readonly leased: number;
}

/** `limit`: what the tenant's window of an hour held at most, and how many of those windows the run touched. */
export const booksOf = async (
  { api, adminKey, ledger, leased }: Books,
  { tenant }: Caller,
  limit?: { perHour: number; hours: number },
): Promise<Claim[]> => {
  const unknown = ledger.unknown.get(tenant) ?? 0;
  const use = await settled(api, adminKey, tenant, leased === 0 ? SETTLED_WITHIN_MS : EXPIRING_MS);
  const answered = new Set(ledger.answered.get(tenant));
  const confirmed = answered.size;
  let [observed, repeated, tokens, cost] = [0, 0, 0, 0];
  const seen = new Set<string>();
  const path = `/admin/observations?tenant_id=${tenant}&limit=1000`;
  for await (const one of api.pages<Observation>(path, adminKey)) {
    if (seen.has(one.request_id)) repeated += 1;
    seen.add(one.request_id);
    observed += 1;
    answered.delete(one.request_id);
    if (!one.created_at.startsWith(use.day)) continue;
    tokens += one.tokens_in + one.tokens_out;
    cost += one.cost_usd;
  }
  const surplus = observed - repeated - (confirmed - answered.size);
  return [
    {
      claim: `${tenant}: every answer has its observation`,
      holds: answered.size === 0,
      seen: `${confirmed - answered.size} of ${confirmed}`,
    },
    {
      claim: `${tenant}: and no other has, but those whose end nobody was told`,
      holds: repeated === 0 && surplus <= unknown,
      seen: `${surplus} of ${unknown}, ${repeated} twice`,
    },
    {
      claim: `${tenant}: use is the sum of the observations`,
      holds: use.tokens_used === tokens && Math.abs(use.cost_used_usd - cost) <= observed * NANO,
      seen: `${use.tokens_used} and ${tokens} tokens, ${use.cost_used_usd.toFixed(6)} and ${cost.toFixed(6)} dollars`,
    },
    {
      claim: `${tenant}: nothing is held, but by processes that were killed`,
      holds: use.in_flight <= (leased === 0 ? 0 : leased + unknown),
      seen: `${use.in_flight} held`,
    },
    ...(limit === undefined ? [] : [limitClaim(tenant, limit, observed, ledger.refusedOf(tenant))]),
  ];
};

const limitClaim = (
  tenant: string,
  { perHour, hours }: { perHour: number; hours: number },
  observed: number,
  refused: number,
): Claim => ({
  claim: `${tenant}: no hour held more than its limit`,
  holds: observed <= perHour * hours,
  seen: `${observed} of ${perHour * hours}, ${refused} refused`,
});

/** What a killed process held stays for minutes: there is nothing to wait for. */
const settled = async (api: Api, adminKey: string, tenant: string, withinMs: number): Promise<Use> => {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const { use } = await api.get<{ use: Use }>(`/admin/quotas/${tenant}`, adminKey);
    if (use.in_flight === 0 || performance.now() > deadline) return use;
    await sleep(LOOK_EVERY_MS);
  }
};
