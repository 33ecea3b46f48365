/** What operators' routes take and answer. */
import type { Operation } from './operation.ts';

const admin = (operation: Omit<Operation, 'tag'>): Operation => ({ ...operation, tag: 'Administration' });

export const ADMIN_OPERATIONS: Readonly<Record<string, Operation>> = {
  'POST /admin/adapters': admin({
    id: 'putAdapter',
    request: 'AdapterRequest',
    reply: 'Adapter',
    status: 200,
    description: 'The model as stored. `api_key` goes into the secret store and is never shown.',
  }),
  'GET /admin/adapters': admin({
    id: 'listAdapters',
    reply: 'Adapters',
    status: 200,
    description: 'All models, also those not in use.',
    headers: ['link'],
  }),
  'GET /admin/adapters/{id}': admin({
    id: 'getAdapter',
    reply: 'Adapter',
    status: 200,
    description: 'The model.',
  }),
  'DELETE /admin/adapters/{id}': admin({
    id: 'deleteAdapter',
    status: 204,
    description: 'The model is removed.',
  }),
  'PUT /admin/adapters/{id}/keys/{tenant}': admin({
    id: 'putTenantKey',
    request: 'TenantKeyRequest',
    reply: 'TenantKey',
    status: 200,
    description:
      "The tenant's requests to this model go with its own key within a minute. The key goes into the secret store and is " +
      'never shown.',
    problems: ['conflict'],
  }),
  'DELETE /admin/adapters/{id}/keys/{tenant}': admin({
    id: 'deleteTenantKey',
    status: 204,
    description: "The tenant's requests go with the shared key again, if there is one.",
  }),
  'POST /admin/keys': admin({
    id: 'createKey',
    request: 'KeyRequest',
    reply: 'NewKey',
    status: 201,
    description: 'The key. It is shown this once.',
  }),
  'GET /admin/keys': admin({
    id: 'listKeys',
    reply: 'Keys',
    status: 200,
    description: 'The keys, without secrets.',
    headers: ['link'],
  }),
  'DELETE /admin/keys/{id}': admin({
    id: 'deleteKey',
    status: 204,
    description: 'The key is revoked: refused everywhere within 30 s.',
  }),
  'POST /admin/keys/{id}/rotate': admin({
    id: 'rotateKey',
    request: 'RotateRequest',
    reply: 'NewKey',
    status: 201,
    description: 'The new key. It is shown this once; the old one is good until the overlap ends.',
    problems: ['conflict'],
  }),
  'POST /admin/quotas': admin({
    id: 'putQuota',
    request: 'QuotaRequest',
    reply: 'Quota',
    status: 200,
    description: "The quota in force, the tier's defaults filled in. It counts for the next request.",
  }),
  'GET /admin/quotas': admin({
    id: 'listQuotas',
    reply: 'Quotas',
    status: 200,
    description: 'All quotas, by tenant.',
    headers: ['link'],
  }),
  'GET /admin/quotas/{tenant}': admin({
    id: 'getQuota',
    reply: 'QuotaWithUse',
    status: 200,
    description: 'The quota, with what is used and held now.',
  }),
  'PUT /admin/quotas/{tenant}': admin({
    id: 'putQuotaOfTenant',
    request: 'QuotaOfRequest',
    reply: 'Quota',
    status: 200,
    description: "The quota in force, the tier's defaults filled in. It counts for the next request.",
    problems: ['not_found'],
  }),
  'GET /admin/observations': admin({
    id: 'listObservations',
    reply: 'Observations',
    status: 200,
    description: 'What happened, newest first.',
    headers: ['link'],
  }),
  'GET /admin/audit': admin({
    id: 'listAudit',
    reply: 'AuditEntries',
    status: 200,
    description:
      'Every change made by an operator, in two entries (`begun`, then how it ended), and every refusal with 401 or 403, newest ' +
      'first. Refusals beyond ten a minute are counted together.',
    headers: ['link'],
  }),
  'GET /admin/usage': admin({
    id: 'listUsage',
    reply: 'Usage',
    status: 200,
    description:
      'What was used, by day (UTC), tenant and model, the newest day first. Added up from at most 10,000 observations; with a ' +
      '`link` the span goes on there, and rows of the same day, tenant and model add up.',
    headers: ['link'],
  }),
  'GET /admin/tenants': admin({
    id: 'listTenants',
    reply: 'Tenants',
    status: 200,
    description: 'The tenants that a key, a quota or a policy names, by id.',
    headers: ['link'],
  }),
  'GET /admin/tenants/{id}': admin({
    id: 'getTenant',
    reply: 'Tenant',
    status: 200,
    description: 'What there is of the tenant, and what it has used today.',
  }),
  'GET /admin/events': admin({
    id: 'listEvents',
    reply: 'Events',
    status: 200,
    description:
      'What the gateway noticed, newest first, for 30 days: changes that operators made, breakers that opened and closed. A ' +
      'hint, not a record: while the store is away an event may be lost.',
    headers: ['link'],
  }),
  'GET /admin/flags': admin({
    id: 'getFlags',
    reply: 'Flags',
    status: 200,
    description: 'The flags in force.',
  }),
  'PUT /admin/flags': admin({
    id: 'putFlags',
    request: 'FlagsRequest',
    reply: 'Flags',
    status: 200,
    description: 'The flags in force; what is left out stays. They hold everywhere within 30 s.',
  }),
  'GET /admin/drain': admin({
    id: 'getDrain',
    reply: 'Drain',
    status: 200,
    description: 'Whether the stage takes new work.',
  }),
  'POST /admin/drain': admin({
    id: 'putDrain',
    request: 'DrainRequest',
    reply: 'Drain',
    status: 200,
    description:
      'With `enabled: true` new connections and asks are refused with 503 `draining` everywhere within 5 s; sockets are told ' +
      'by `closing`, and closed when their asks have ended or after `patience_ms`. The `report` says what was closed and how ' +
      'many asks went on without their connection. With `enabled: false` new work is taken again.',
  }),
  'GET /admin/policies': admin({
    id: 'listPolicies',
    reply: 'Policies',
    status: 200,
    description: 'All policies, the built-in default among them.',
    headers: ['link'],
  }),
  'GET /admin/policies/{id}': admin({
    id: 'getPolicy',
    reply: 'Policy',
    status: 200,
    description: 'The policy in force.',
    headers: ['etag'],
  }),
  'PUT /admin/policies/{id}': admin({
    id: 'putPolicy',
    request: 'PolicyRequest',
    reply: 'Policy',
    status: 200,
    description:
      'The new version, in force everywhere within 5 s. What is left out takes its default. With `If-Match` the change is ' +
      'made only to that version.',
    headers: ['etag'],
    problems: ['conflict'],
  }),
  'DELETE /admin/policies/{id}': admin({
    id: 'deletePolicy',
    status: 204,
    description:
      'The policy is out of force everywhere within 5 s; its versions and what it learnt are kept, so one of its name that is ' +
      'made later goes on from there. Refused with 409 for the default policy, while it names tenants, and while ' +
      'another policy has it as challenger, shadow or `learning_state`.',
    problems: ['conflict'],
  }),
  'GET /admin/policies/{id}/versions': admin({
    id: 'listPolicyVersions',
    reply: 'Policies',
    status: 200,
    description: 'Its versions, newest first, at most 100. A built-in policy has none.',
  }),
  'GET /admin/policies/{id}/evaluation': admin({
    id: 'evaluatePolicy',
    reply: 'Evaluation',
    status: 200,
    description:
      'Estimates a request, with 95 % intervals, from the logged decisions of other policies. With `truncated` there was more ' +
      'than the 10,000 newest observations.',
    problems: ['invalid_request'],
  }),
  'POST /admin/policies/{id}/promote': admin({
    id: 'promoteChallenger',
    request: 'PromoteRequest',
    reply: 'Promotion',
    status: 200,
    description:
      "The policy's next version, which chooses as its challenger does. Refused with 409, the reasons and the numbers " +
      'where the challenger is not shown to be better.',
    headers: ['etag'],
    problems: ['conflict'],
  }),
};
