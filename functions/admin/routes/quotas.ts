/** Limits: set, list, and one tenant's with what is used and held now. */
import { AppError, invalidField } from '../../../shared/errors/app-error.ts';
import type { RouteHandler } from '../../../shared/middleware/chain.ts';
import { json } from '../../../shared/middleware/http-response.ts';
import type { Quota } from '../../../shared/model/quota.ts';
import type { Clock } from '../../../shared/ports/runtime.ts';
import { EMPTY_LEDGER, type UsageLedger, useOf } from '../../../shared/ports/usage-ledger.ts';
import { LONGEST_LEASE_MS } from '../../../shared/services/admission/block.ts';
import { limitsUsage } from '../../../shared/services/admission/usage.ts';
import { isTenantId } from '../../../shared/services/authenticate.ts';
import { completeQuota, type QuotaInput } from '../../../shared/services/quotas.ts';
import { pageOf, queryOf } from '../pages.ts';
import type { QuotaBody, QuotaOfBody } from '../schema.ts';

export interface QuotaDeps {
  ledger: UsageLedger;
  now: () => number;
  clock: Pick<Clock, 'sleep'>;
  holdsPersonalData: (text: string) => boolean;
}

const notFound = (): AppError => new AppError('not_found', 'There is no tenant with this id.');

/** Puts the quota in force, with what its tier grants where it says nothing else. */
const put = async (deps: QuotaDeps, body: QuotaBody): Promise<Quota> => {
  const existing = await deps.ledger.read(body.tenant_id);
  const quota = completeQuota(body as QuotaInput, existing?.quota, deps.now());
  await deps.ledger.putQuota(quota);
  await untilLeasesEnd(deps, body.tenant_id);
  return quota;
};

export const quotaRoutes = (deps: QuotaDeps): Record<string, RouteHandler> => ({
  'POST /admin/quotas': async (event) => {
    const body = event.scope.body as QuotaBody;
    if (deps.holdsPersonalData(body.tenant_id))
      throw invalidField('/tenant_id', 'must not hold personal data');
    return json(200, await put(deps, body));
  },
  'PUT /admin/quotas/{tenant}': async (event) => {
    const tenant_id = event.pathParameters?.tenant ?? '';
    if (!isTenantId(tenant_id) || deps.holdsPersonalData(tenant_id)) throw notFound();
    return json(200, await put(deps, { ...(event.scope.body as QuotaOfBody), tenant_id }));
  },
  'GET /admin/quotas': async (event) => {
    const query = queryOf('GET /admin/quotas', event);
    return pageOf(event, await deps.ledger.listQuotas(), query, ({ tenant_id }) => tenant_id);
  },
  'GET /admin/quotas/{tenant}': async (event) => {
    const tenantId = event.pathParameters?.tenant ?? '';
    const item = isTenantId(tenantId) ? await deps.ledger.read(tenantId) : undefined;
    if (item === undefined) throw notFound();
    const now = deps.now();
    const { day, limits } = limitsUsage(item, now);
    const quota = item.quota ?? completeQuota({ tenant_id: tenantId }, undefined, now);
    return json(200, { ...quota, use: useOf(item, day, now), limits });
  },
});

/** By how much the clocks of two instances may differ. */
const CLOCKS_DIFFER_MS = 250;

/** The quota counts for the next request, also where a process had leased a block under the former one. */
const untilLeasesEnd = async ({ ledger, clock, now }: QuotaDeps, tenantId: string): Promise<void> => {
  const { holds } = (await ledger.read(tenantId)) ?? EMPTY_LEDGER;
  const last = Math.max(0, ...Object.values(holds).map(({ lease }) => lease?.until ?? 0));
  const left = last + CLOCKS_DIFFER_MS - now();
  if (left > 0) await clock.sleep(Math.min(left, LONGEST_LEASE_MS));
};
