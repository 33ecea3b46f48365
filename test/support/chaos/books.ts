/** A tenant's books: what was admitted, written down, counted and held has to agree, whatever went wrong meanwhile. */
import { expect } from 'vitest';
import { quotaUseReply } from '../../../shared/model/quota-replies.ts';
import { observationsReply } from '../../../shared/model/replies.ts';
import { expectReply } from '../flow/client.ts';
import { until } from '../flow/poll.ts';
import type { Rig } from './rig.ts';

type Observed = ReturnType<typeof observationsReply.parse>;

const WITHIN_MS = 60_000;
const NANO = 1e-9;

/** Every observation of the tenant, once all its holds are settled. Throws where one stays. */
export const closedBooks = async (rig: Rig, tenant: string, requests: number): Promise<Observed> => {
  const use = await until(`the ${requests} requests of ${tenant} are settled`, WITHIN_MS, async () => {
    const { use: seen } = expectReply(await rig.admin.get(`/admin/quotas/${tenant}`), quotaUseReply);
    const observed = await observationsOf(rig, tenant);
    return seen.in_flight === 0 && observed.length >= requests ? seen : undefined;
  });
  const observed = await observationsOf(rig, tenant);
  expect(observed).toHaveLength(requests);
  expect([use.tokens_held, use.cost_held_usd]).toEqual([0, 0]);
  const today = observed.filter(({ created_at }) => created_at.startsWith(use.day));
  const tokens = today.reduce((sum, { tokens_in, tokens_out }) => sum + tokens_in + tokens_out, 0);
  const cost = today.reduce((sum, { cost_usd }) => sum + cost_usd, 0);
  expect(use.tokens_used).toBe(tokens);
  expect(Math.abs(use.cost_used_usd - cost)).toBeLessThan(requests * NANO);
  return observed;
};

const observationsOf = async (rig: Rig, tenant: string): Promise<Observed> =>
  expectReply(await rig.admin.get(`/admin/observations?limit=500&tenant_id=${tenant}`), observationsReply);
