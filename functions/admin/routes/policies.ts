/** Policies: list, read, replace by a new version, delete, look at the versions. A version never changes. */
import { AppError, type FieldError, invalidField } from '../../../shared/errors/app-error.ts';
import type { RouteHandler } from '../../../shared/middleware/chain.ts';
import { json, noContent } from '../../../shared/middleware/http-response.ts';
import { type GatewayEvent, headerOf } from '../../../shared/middleware/scope.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { ConfigStore } from '../../../shared/ports/config-store.ts';
import { DEFAULT_POLICY_ID } from '../../../shared/services/routing/assign-policy.ts';
import { pageOf, queryOf } from '../pages.ts';
import { type PolicyBody, policyId } from '../policy-schema.ts';

export interface PolicyDeps {
  config: ConfigStore;
  now: () => number;
  holdsPersonalData: (text: string) => boolean;
  isEncoderInstalled: () => boolean;
}

/** Requests read all of them at once. */
const MAX_POLICIES = 200;
const LISTED_VERSIONS = 100;
const ETAG = /^(?:W\/)?"(\d{1,9})"$/;

export const policyRoutes = (deps: PolicyDeps): Record<string, RouteHandler> => ({
  'GET /admin/policies': async (event) => {
    const query = queryOf('GET /admin/policies', event);
    const policies = (await deps.config.listPolicies()).map((policy) => asShown(policy, deps));
    return pageOf(event, policies, query, ({ id }) => id);
  },
  'GET /admin/policies/{id}': async (event) => shown(await namedPolicy(deps.config, event), deps),
  'PUT /admin/policies/{id}': async (event) => {
    const body = event.scope.body as PolicyBody;
    const id = idOf(event);
    const { policies, adapters } = await deps.config.snapshot();
    const existing = await deps.config.getPolicy(id);
    assertMatches(event, existing);
    if (existing === undefined && policies.size >= MAX_POLICIES)
      throw new AppError('conflict', `There are ${MAX_POLICIES} policies, as many as may be.`);
    if (adapters.some((adapter) => adapter.id === id))
      throw conflict([{ path: '/id', message: 'is the name of a model' }]);
    assertWithoutPersonalData(id, body, deps.holdsPersonalData);
    assertReferences(id, body, policies);
    assertTenantsFree(id, body, policies);
    const last = existing?.version ?? (await lastVersion(deps.config, id));
    const policy = toPolicy(id, body, last + 1, new Date(deps.now()).toISOString());
    await putVersion(deps.config, policy);
    return shown(policy, deps);
  },
  'DELETE /admin/policies/{id}': async (event) => {
    const policy = await namedPolicy(deps.config, event);
    assertMatches(event, policy);
    if (policy.id === DEFAULT_POLICY_ID)
      throw new AppError('conflict', 'The default policy cannot be deleted; it can be replaced.');
    assertUnused(policy, (await deps.config.snapshot()).policies);
    if (!(await deps.config.deletePolicy(policy.id))) throw unknownPolicy();
    return noContent();
  },
  'GET /admin/policies/{id}/versions': async (event) => {
    const { id } = await namedPolicy(deps.config, event);
    return json(200, await deps.config.listPolicyVersions(id, LISTED_VERSIONS));
  },
});

const unknownPolicy = (): AppError => new AppError('not_found', 'There is no policy with this id.');

/** 0 where there never was one: a deleted policy's versions stay, and are not made twice. */
const lastVersion = async (config: ConfigStore, id: string): Promise<number> =>
  (await config.listPolicyVersions(id, 1))[0]?.version ?? 0;

/** 404 where the path names none, also where it cannot. */
export const namedPolicy = async (config: ConfigStore, event: GatewayEvent): Promise<Policy> => {
  const id = policyId.safeParse(event.pathParameters?.id);
  const policy = id.success ? await config.getPolicy(id.data) : undefined;
  if (policy === undefined) throw unknownPolicy();
  return policy;
};

/** 409 where somebody else made that version meanwhile. */
export const putVersion = async (config: ConfigStore, policy: Policy): Promise<void> => {
  try {
    await config.putPolicy(policy);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
    throw new AppError('conflict', 'The policy was changed meanwhile: read it again.', { cause: error });
  }
};

const shown = (policy: Policy, deps: PolicyDeps) =>
  json(200, asShown(policy, deps), { etag: `"${policy.version}"` });

/** With what stands against it: such a policy is accepted, and decides without the encoder. */
const asShown = (policy: Policy, { isEncoderInstalled }: PolicyDeps) =>
  policy.features === 'embedded' && !isEncoderInstalled()
    ? { ...policy, encoder: 'not_installed' as const }
    : policy;

const idOf = (event: GatewayEvent): string => {
  const id = policyId.safeParse(event.pathParameters?.id);
  if (id.success) return id.data;
  throw invalidField('/id', id.error.issues[0]?.message ?? 'is not a name of a policy');
};

const assertMatches = (event: GatewayEvent, existing: Policy | undefined): void => {
  const wanted = headerOf(event, 'if-match')?.trim();
  if (wanted === undefined) return;
  const version = ETAG.exec(wanted)?.[1];
  if (version === undefined && wanted !== '*') {
    throw invalidField('/headers/if-match', 'must be the etag of a version, such as "3", or *');
  }
  const isMatch = version === undefined ? existing !== undefined : existing?.version === Number(version);
  if (!isMatch) throw new AppError('conflict', 'The policy is not at the version of If-Match.');
};

const conflict = (errors: readonly FieldError[]): AppError =>
  new AppError('conflict', 'The policy clashes with another one; `errors` names each field.', { errors });

const invalid = (errors: readonly FieldError[]): AppError =>
  new AppError('invalid_request', 'The request is not valid; `errors` names each field.', { errors });

const listed = (path: string, items: readonly string[] = []): [string, string][] =>
  items.map((item, index) => [`${path}/${index}`, item]);

const assertWithoutPersonalData = (
  id: string,
  body: PolicyBody,
  holdsPersonalData: (text: string) => boolean,
): void => {
  const texts: [string, string | undefined][] = [
    ['/id', id],
    ['/description', body.description],
    ['/params/model', body.params.model],
    ...listed('/tenants', body.tenants),
    ...listed('/candidates/only', body.candidates?.only),
    ...listed('/candidates/except', body.candidates?.except),
  ];
  const errors = texts.flatMap(([path, text]) =>
    text !== undefined && holdsPersonalData(text) ? [{ path, message: 'must not hold personal data' }] : [],
  );
  if (errors.length > 0) throw invalid(errors);
};

const assertReferences = (id: string, body: PolicyBody, policies: ReadonlyMap<string, Policy>): void => {
  const named: [string, string | undefined][] = [
    ['/learning_state', body.learning_state],
    ['/challenger/policy', body.challenger?.policy],
    ...listed('/shadow', body.shadow),
  ];
  const errors = named.flatMap(([path, other]): FieldError[] => {
    if (other === undefined) return [];
    if (other === id) return [{ path, message: 'must be another policy' }];
    return policies.has(other) ? [] : [{ path, message: 'is not a policy' }];
  });
  if (errors.length > 0) throw invalid(errors);
};

/** A tenant's requests go by one policy. */
const assertTenantsFree = (id: string, body: PolicyBody, policies: ReadonlyMap<string, Policy>): void => {
  const taken = new Set(
    [...policies.values()].filter((other) => other.id !== id).flatMap(({ tenants = [] }) => tenants),
  );
  const errors = listed('/tenants', body.tenants).flatMap(([path, tenant]) =>
    taken.has(tenant) ? [{ path, message: 'has another policy' }] : [],
  );
  if (errors.length > 0) throw conflict(errors);
};

/** No tenant and no other policy goes by it. */
const assertUnused = ({ id, tenants = [] }: Policy, policies: ReadonlyMap<string, Policy>): void => {
  const own = listed('/tenants', tenants).map(([path]) => ({ path, message: 'is still routed by it' }));
  const others = [...policies.values()]
    .filter((other) => other.id !== id)
    .flatMap((other): FieldError[] => [
      ...(other.challenger?.policy === id
        ? [{ path: '/id', message: `is the challenger of ${other.id}` }]
        : []),
      ...(other.shadow?.includes(id) ? [{ path: '/id', message: `is a shadow of ${other.id}` }] : []),
      ...(other.learning_state === id ? [{ path: '/id', message: `lends its state to ${other.id}` }] : []),
    ]);
  const errors = [...own, ...others];
  if (errors.length > 0)
    throw new AppError('conflict', 'The policy is in use; `errors` names each use.', { errors });
};

/** What was left out stays out of the document. */
const toPolicy = (id: string, body: PolicyBody, version: number, now: string): Policy =>
  ({
    id,
    version,
    ...Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)),
    updated_at: now,
  }) as Policy;
