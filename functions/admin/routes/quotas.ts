/** Limits: set, list, and one tenant's with what is used and held now. */
import { AppError, invalidField } from '../../../shared/errors/app-error.ts';
import type { RouteHandler } from '../../../shared/middleware/chain.ts';
import { json } from '../../../shared/middleware/http-response.ts';
import type { Clock } from '../../../shared/ports/runtime.ts';
import { EMPTY_LEDGER, type UsageLedger, useOf } from '../../../shared/ports/usage-ledger.ts';
import { LONGEST_LEASE_MS } from '../../../shared/services/admission/lease.ts';
import { isTenantId } from '../../../shared/services/authenticate.ts';
import { completeQuota, type QuotaInput } from '../../../shared/services/quotas.ts';
import { pageOf, queryOf } from '../pages.ts';
import type { QuotaBody } from '../schema.ts';

export interface QuotaDeps {
  ledger: UsageLedger;
  now: () => number;
  clock: Pick<Clock, 'sleep'>;
  holdsPersonalData: (text: string) => boolean;
}

export const quotaRoutes = (deps: QuotaDeps): Record<string, RouteHandler> => ({
  'POST /admin/quotas': async (event) => {
    const body = event.scope.body as QuotaBody;
    if (deps.holdsPersonalData(body.tenant_id))
      throw invalidField('/tenant_id', 'must not hold personal data');
    const existing = await deps.ledger.read(body.tenant_id);
    const quota = completeQuota(body as QuotaInput, existing?.quota, deps.now());
    await deps.ledger.putQuota(quota);
    await untilLeasesEnd(deps, body.tenant_id);
    return json(200, quota);
  },
  'GET /admin/quotas': async (event) => {
    const query = queryOf('GET /admin/quotas', event);
    return pageOf(event, await deps.ledger.listQuotas(), query, ({ tenant_id }) => tenant_id);
  },
  'GET /admin/quotas/{tenant}': async (event) => {
    const tenantId = event.pathParameters?.tenant ?? '';
    const item = isTenantId(tenantId) ? await deps.ledger.read(tenantId) : undefined;
    if (item === undefined) throw new AppError('not_found', 'There is no tenant with this id.');
    const now = deps.now();
    const day = new Date(now).toISOString().slice(0, 10);
    const quota = item.quota ?? completeQuota({ tenant_id: tenantId }, undefined, now);
    return json(200, { ...quota, use: useOf(item, day, now) });
  },
});

/** By how much the clocks of two instances may differ. */
const CLOCKS_DIFFER_MS = 2_000;

/** The quota counts for the next request, also where a process had leased a block under the former one. */
const untilLeasesEnd = async ({ ledger, clock, now }: QuotaDeps, tenantId: string): Promise<void> => {
  const { holds } = (await ledger.read(tenantId)) ?? EMPTY_LEDGER;
  const isLive = Object.values(holds).some(({ lease }) => (lease?.until ?? 0) > now() - CLOCKS_DIFFER_MS);
  if (isLive) await clock.sleep(LONGEST_LEASE_MS);
};
