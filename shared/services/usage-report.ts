/** What was used, by day, tenant and model, added up from observations: newest first, so many at a time. */
import type { Observation } from '../model/observation.ts';
import { toNano, toUsd } from '../model/quota.ts';
import type { ObservationStore } from '../ports/observation-store.ts';

export interface UsageRow {
  /** UTC. */
  day: string;
  tenant_id: string;
  model: string;
  requests: number;
  /** Of them, those that did not end in success. */
  failed: number;
  tokens_in: number;
  tokens_out: number;
  cost_usd: number;
}

export interface UsageSpan {
  tenant_id?: string;
  model?: string;
  /** Milliseconds since the epoch: from then on, and before then. */
  since: number;
  until: number;
  cursor?: string;
}

const PAGE = 1_000;
/** Pages read for one reply; more would take longer than API Gateway waits. */
const PAGES = 10;

interface Sum extends Omit<UsageRow, 'cost_usd'> {
  cost_nano: number;
}

const addTo = (sums: Map<string, Sum>, observation: Observation): void => {
  const { tenant_id, model, outcome, tokens_in, tokens_out, cost_usd } = observation;
  const day = observation.created_at.slice(0, 10);
  const key = JSON.stringify([day, tenant_id, model]);
  const sum = sums.get(key) ?? {
    ...{ day, tenant_id, model, requests: 0, failed: 0, tokens_in: 0, tokens_out: 0, cost_nano: 0 },
  };
  sums.set(key, {
    ...sum,
    requests: sum.requests + 1,
    failed: sum.failed + (outcome === 'success' ? 0 : 1),
    tokens_in: sum.tokens_in + tokens_in,
    tokens_out: sum.tokens_out + tokens_out,
    cost_nano: sum.cost_nano + toNano(cost_usd),
  });
};

const sortKey = ({ tenant_id, model }: UsageRow): string => JSON.stringify([tenant_id, model]);

const inOrder = (a: UsageRow, b: UsageRow): number => {
  if (a.day !== b.day) return a.day < b.day ? 1 : -1;
  return sortKey(a) < sortKey(b) ? -1 : 1;
};

/** With a cursor the span goes on: a row of the next report may add to one of this. `pause` lets other requests go on. */
export const usageReport = async (
  observations: Pick<ObservationStore, 'list'>,
  span: UsageSpan,
  pause: () => Promise<void>,
): Promise<{ rows: UsageRow[]; cursor?: string }> => {
  const sums = new Map<string, Sum>();
  let { cursor } = span;
  for (let pages = 0; pages < PAGES; pages++) {
    const page = await observations.list({
      ...span,
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const observation of page.items) addTo(sums, observation);
    cursor = page.cursor;
    if (cursor === undefined) break;
    await pause();
  }
  const rows = [...sums.values()].map(({ cost_nano, ...sum }) => ({ ...sum, cost_usd: toUsd(cost_nano) }));
  rows.sort(inOrder);
  return cursor === undefined ? { rows } : { rows, cursor };
};
