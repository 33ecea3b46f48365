/** The route table: API Gateway, the local gateway, authorization and the OpenAPI document all read it. */
import type { Role } from '../model/tenant.ts';

export type FunctionName = 'completions' | 'feedback' | 'admin' | 'series' | 'status' | 'mcp';

/** `public` needs no key; otherwise one of the roles. */
export type Access = 'public' | readonly Role[];

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** API Gateway's resource path. */
  resource: string;
  function: FunctionName;
  access: Access;
  /** Bytes of body; 0 for none. */
  maxBody: number;
  summary: string;
  /** Streams until its reader leaves. */
  endless?: true;
  /** In whose form errors are told; problem documents where it is left out. */
  errors?: ErrorForm;
  /** It still answers, and says so in every reply. */
  deprecated?: Deprecation;
}

/** Dates as `2027-03-31`, of UTC days. */
export interface Deprecation {
  /** Since when another route is to be called. */
  since: string;
  /** From when it may be gone. */
  sunset: string;
  /** Where it is written what to call instead. */
  link: string;
}

export type ErrorForm = 'openai' | 'anthropic';

const MIB = 1024 * 1024;
const VENDORS_BODY = 6 * MIB;
/** Who may have prompts answered. */
export const CALLERS = ['owner', 'operator', 'developer', 'caller'] as const;
const READERS = ['owner', 'operator', 'auditor', 'developer', 'caller'] as const;
const OPERATORS = ['operator'] as const;
const AUDITORS = ['operator', 'auditor'] as const;

const route = (
  method: Route['method'],
  resource: string,
  fn: FunctionName,
  access: Access,
  summary: string,
): Route => ({
  method,
  resource,
  function: fn,
  access,
  maxBody: method === 'POST' || method === 'PUT' ? MIB : 0,
  summary,
});

const vendorRoute = (resource: string, errors: ErrorForm, summary: string): Route => ({
  ...route('POST', resource, 'completions', CALLERS, summary),
  maxBody: VENDORS_BODY,
  errors,
});

export const ROUTES: readonly Route[] = [
  route('POST', '/v1/ask', 'completions', CALLERS, 'Route a prompt to a model and answer it'),
  route('POST', '/v1/plan', 'completions', CALLERS, 'Show the decision for a prompt without calling a model'),
  vendorRoute('/v1/chat/completions', 'openai', "OpenAI's chat completions, routed"),
  vendorRoute('/v1/responses', 'openai', "OpenAI's responses, routed"),
  vendorRoute('/v1/embeddings', 'openai', "OpenAI's embeddings, by the model that is named"),
  vendorRoute('/v1/messages', 'anthropic', "Anthropic's messages, routed"),
  route('POST', '/v1/observe', 'feedback', CALLERS, "Score an earlier answer's quality"),
  route('GET', '/v1/models', 'status', READERS, 'List the models'),
  route('GET', '/v1/usage', 'status', READERS, "What the caller's tenant has used and has left"),
  route(
    'POST',
    '/mcp',
    'mcp',
    CALLERS,
    'Model Context Protocol: tools to ask, plan, observe and list the models',
  ),
  route('POST', '/admin/adapters', 'admin', OPERATORS, 'Register or replace a model'),
  route('GET', '/admin/adapters', 'admin', AUDITORS, 'List the registered models'),
  route('GET', '/admin/adapters/{id}', 'admin', AUDITORS, 'One registered model'),
  route('DELETE', '/admin/adapters/{id}', 'admin', OPERATORS, 'Remove a model'),
  route('POST', '/admin/adapters/{id}/test', 'admin', OPERATORS, 'Call a model once and say how it went'),
  route(
    'PUT',
    '/admin/adapters/{id}/keys/{tenant}',
    'admin',
    OPERATORS,
    "Give a tenant a key of its own at a model's provider",
  ),
  route(
    'DELETE',
    '/admin/adapters/{id}/keys/{tenant}',
    'admin',
    OPERATORS,
    "Remove a tenant's own key at a model's provider",
  ),
  route('POST', '/admin/keys', 'admin', OPERATORS, 'Make an API key; it is shown this once'),
  route('GET', '/admin/keys', 'admin', AUDITORS, 'List the API keys without their secrets'),
  route('DELETE', '/admin/keys/{id}', 'admin', OPERATORS, 'Revoke an API key'),
  route(
    'POST',
    '/admin/keys/{id}/rotate',
    'admin',
    OPERATORS,
    'Replace an API key by a new one; both are good for a while',
  ),
  route('POST', '/admin/quotas', 'admin', OPERATORS, "Set a tenant's limits"),
  route('GET', '/admin/quotas', 'admin', AUDITORS, 'List the limits'),
  route('GET', '/admin/quotas/{tenant}', 'admin', AUDITORS, "A tenant's limits and use"),
  route('PUT', '/admin/quotas/{tenant}', 'admin', OPERATORS, "Set a tenant's limits"),
  route('GET', '/admin/observations', 'admin', AUDITORS, 'List what happened, newest first'),
  route(
    'GET',
    '/admin/observations/{request_id}',
    'admin',
    AUDITORS,
    'One request, its decision and its steps',
  ),
  route('GET', '/admin/series', 'series', AUDITORS, 'What happened over time'),
  {
    ...route('GET', '/admin/stream', 'series', AUDITORS, 'What happens, as server-sent events'),
    endless: true,
  },
  route(
    'POST',
    '/admin/privacy/preview',
    'completions',
    AUDITORS,
    'What would be masked of a text; nothing of it is kept',
  ),
  route('GET', '/admin/me', 'admin', AUDITORS, 'Whose key this is'),
  route('GET', '/admin/usage', 'admin', AUDITORS, 'What tenants used, by day and model'),
  route('GET', '/admin/tenants', 'admin', AUDITORS, 'List the tenants'),
  route('GET', '/admin/tenants/{id}', 'admin', AUDITORS, "A tenant's keys, limits, use and policy"),
  route('GET', '/admin/events', 'admin', AUDITORS, 'List what the gateway noticed, newest first'),
  route('GET', '/admin/audit', 'admin', AUDITORS, 'List who changed what and who was refused, newest first'),
  route('GET', '/admin/audit/verify', 'admin', AUDITORS, 'Is the audit log as it was written'),
  route('GET', '/admin/flags', 'admin', AUDITORS, 'Read the operational flags'),
  route('PUT', '/admin/flags', 'admin', OPERATORS, 'Change the operational flags'),
  route('GET', '/admin/drain', 'admin', AUDITORS, 'Does the stage take new work'),
  route('POST', '/admin/drain', 'admin', OPERATORS, 'Take no new work, or take it again'),
  route('GET', '/admin/policies', 'admin', AUDITORS, 'List the policies'),
  route('GET', '/admin/policies/{id}', 'admin', AUDITORS, 'One policy as it stands'),
  route('PUT', '/admin/policies/{id}', 'admin', OPERATORS, "Make a policy, or a policy's next version"),
  route('DELETE', '/admin/policies/{id}', 'admin', OPERATORS, 'Remove a policy'),
  route('GET', '/admin/policies/{id}/versions', 'admin', AUDITORS, "A policy's versions, newest first"),
  route('GET', '/admin/policies/{id}/arms', 'admin', AUDITORS, "What is known of a policy's models"),
  route('GET', '/admin/policies/{id}/evaluation', 'admin', AUDITORS, 'What a policy would have earned'),
  route('POST', '/admin/policies/{id}/promote', 'admin', OPERATORS, "Put a policy's challenger in its place"),
  route('GET', '/openapi.json', 'status', 'public', 'This description of the API'),
  route('GET', '/healthz', 'status', 'public', 'Is the service there'),
  route('GET', '/livez', 'status', 'public', 'Is the process alive'),
  route('GET', '/readyz', 'status', 'public', 'Can it serve'),
  route('GET', '/startupz', 'status', 'public', 'Has it started'),
];

/** What says the same each time has no use for one; a message of MCP hands it on to the route that it calls. */
const KEYLESS: ReadonlySet<string> = new Set(['/mcp', '/admin/privacy/preview']);

export const takesIdempotencyKey = ({ method, resource }: Route): boolean =>
  method === 'POST' && !KEYLESS.has(resource);

const ERROR_FORMS: ReadonlyMap<string, ErrorForm> = new Map(
  ROUTES.flatMap(({ resource, errors }) => (errors === undefined ? [] : [[resource, errors]])),
);

/** Also for a method that the path does not answer. */
export const errorFormOf = (resource: string): ErrorForm | undefined => ERROR_FORMS.get(resource);
