/** What each route takes and answers, by the names of schemas; the route table says the rest. */

import type { ErrorCode } from '../../shared/errors/codes.ts';
import { type HeaderName, LIMIT_HEADERS } from './headers.ts';

export interface Operation {
  id: string;
  tag: 'Ask' | 'Vendors' | 'Models' | 'MCP' | 'Administration' | 'Health';
  request?: string;
  /** Name of the reply's schema; none where there is no body. */
  reply?: string;
  status: number;
  description: string;
  headers?: readonly HeaderName[];
  /** Besides those that every route of its kind may answer. */
  problems?: readonly ErrorCode[];
  streams?: boolean;
  /** Headers in which the caller asks something of the routing. */
  wishes?: boolean;
}

const admin = (operation: Omit<Operation, 'tag'>): Operation => ({ ...operation, tag: 'Administration' });
const health = (id: string, description: string): Operation => ({
  id,
  tag: 'Health',
  reply: 'Health',
  status: 200,
  description,
});

const vendors = (
  operation: Pick<Operation, 'id' | 'description'> & { request: string; reply: string },
): Operation => ({
  ...operation,
  tag: 'Vendors',
  status: 200,
  headers: ['x-atp-model', 'x-atp-selector', 'x-atp-cost-usd', 'x-atp-cache', 'x-atp-pii', ...LIMIT_HEADERS],
  problems: [
    'not_found',
    'budget_exhausted',
    'no_eligible_model',
    'blocked',
    'rate_limited',
    'upstream_error',
    'draining',
    'upstream_timeout',
  ],
  streams: true,
  wishes: true,
});

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'POST /v1/chat/completions': vendors({
    id: 'createChatCompletion',
    request: 'ChatRequest',
    reply: 'ChatCompletion',
    description:
      "OpenAI's contract: the provider's own reply, with `model` set to the id of the model that answered. `model` asks " +
      'for `auto`, `auto:fast`, `auto:balanced`, `auto:high`, a policy or one model; fields that are not named here are ' +
      'passed on. With `stream: true` its chunks as server-sent events, then `[DONE]`.',
  }),
  'POST /v1/responses': vendors({
    id: 'createResponse',
    request: 'ResponsesRequest',
    reply: 'Response',
    description:
      "OpenAI's contract, over any model; `model` as for chat completions. Nothing is kept: `previous_response_id`, " +
      '`conversation`, `background` and tools on the vendor’s side are refused. With `stream: true` its events, from ' +
      '`response.created` to `response.completed`, `response.incomplete` or `response.failed`.',
  }),
  'POST /v1/embeddings': {
    ...vendors({
      id: 'createEmbeddings',
      request: 'EmbeddingsRequest',
      reply: 'Embeddings',
      description:
        "OpenAI's contract: the provider's own vectors. `model` is a model's id, since vectors of different models do not " +
        'compare. Texts only: tokens cannot be searched for personal data.',
    }),
    streams: false,
  },
  'POST /v1/messages': vendors({
    id: 'createMessage',
    request: 'MessagesRequest',
    reply: 'Message',
    description:
      "Anthropic's contract, over any model; `model` as for chat completions. With `stream: true` its events, from " +
      '`message_start` to `message_stop`.',
  }),
  'POST /v1/ask': {
    id: 'ask',
    tag: 'Ask',
    request: 'AskRequest',
    reply: 'Ask',
    status: 200,
    description:
      'The answer. With `stream: true` server-sent events: `chunk` with an AskChunk each, whose texts add up to the ' +
      "answer's, then `response` with the Ask, or `error` with a Problem.",
    headers: [
      'x-atp-model',
      'x-atp-selector',
      'x-atp-cost-usd',
      'x-atp-cache',
      'x-atp-pii',
      ...LIMIT_HEADERS,
    ],
    problems: [
      'budget_exhausted',
      'no_eligible_model',
      'blocked',
      'rate_limited',
      'upstream_error',
      'draining',
      'upstream_timeout',
    ],
    streams: true,
  },
  'POST /v1/plan': {
    id: 'plan',
    tag: 'Ask',
    request: 'PlanRequest',
    reply: 'Plan',
    status: 200,
    description: 'The decision, best candidate first. Nothing is called, nothing charged.',
    headers: ['x-atp-selector', 'x-atp-pii'],
    problems: ['no_eligible_model', 'blocked'],
  },
  'POST /v1/observe': {
    id: 'observe',
    tag: 'Ask',
    request: 'ObserveRequest',
    reply: 'Observed',
    status: 200,
    description: 'The score is kept, and moves decisions within 5 s.',
    problems: ['not_found', 'conflict'],
  },
  'POST /mcp': {
    id: 'mcp',
    tag: 'MCP',
    request: 'McpMessage',
    reply: 'McpReply',
    status: 200,
    description:
      'Streamable HTTP, stateless. A message that asks for an answer gets it as an event of a stream; another is taken with 202.',
    streams: true,
  },
  'GET /v1/models': {
    id: 'listModels',
    tag: 'Models',
    reply: 'Models',
    status: 200,
    description: 'The models in use.',
  },
  'GET /v1/usage': {
    id: 'getUsage',
    tag: 'Ask',
    reply: 'Usage',
    status: 200,
    description:
      "Of each limit of the caller's tenant, and of the key where it has limits of its own: what is used, what is held for " +
      'requests in flight, and what is free. Requests are counted only where there is a limit.',
  },
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
  }),
  'DELETE /admin/keys/{id}': admin({
    id: 'deleteKey',
    status: 204,
    description: 'The key is revoked: refused everywhere within 30 s.',
  }),
  'POST /admin/quotas': admin({
    id: 'putQuota',
    request: 'QuotaRequest',
    reply: 'Quota',
    status: 200,
    description: "The quota in force, the tier's defaults filled in. It counts for the next request.",
  }),
  'GET /admin/quotas': admin({ id: 'listQuotas', reply: 'Quotas', status: 200, description: 'All quotas.' }),
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
    problems: ['invalid_request'],
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
  'GET /healthz': { id: 'healthz', tag: 'Health', reply: 'Alive', status: 200, description: 'It is there.' },
  'GET /livez': health('livez', 'The process is alive.'),
  'GET /readyz': health('readyz', 'It can serve.'),
  'GET /startupz': health('startupz', 'It has started.'),
};
