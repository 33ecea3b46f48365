/** What each route takes and answers, by the names of schemas; the route table says the rest. */
import { ADMIN_OPERATIONS } from './admin-operations.ts';
import { CONSOLE_OPERATIONS } from './console-operations.ts';
import { LIMIT_HEADERS } from './headers.ts';
import type { Operation } from './operation.ts';

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
    also: {
      202: { description: 'A notification, or an answer to us: taken.' },
      400: { description: 'No message of JSON-RPC.', reply: 'McpReply' },
      406: { description: '`Accept` has to name application/json and text/event-stream.', reply: 'McpReply' },
    },
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
    reply: 'OwnUsage',
    status: 200,
    description:
      "Of each limit of the caller's tenant, and of the key where it has limits of its own: what is used, what is held for " +
      'requests in flight, and what is free. Requests are counted only where there is a limit.',
  },
  ...ADMIN_OPERATIONS,
  ...CONSOLE_OPERATIONS,
  'GET /openapi.json': {
    id: 'getDescription',
    tag: 'Health',
    reply: 'Description',
    status: 200,
    description: 'This document, as JSON. With `If-None-Match` 304 where it is the same.',
    headers: ['etag', 'cache-control'],
    also: { 304: { description: 'It is the same.' } },
  },
  'GET /healthz': { id: 'healthz', tag: 'Health', reply: 'Alive', status: 200, description: 'It is there.' },
  'GET /livez': health('livez', 'The process is alive.'),
  'GET /readyz': health('readyz', 'It can serve.'),
  'GET /startupz': health('startupz', 'It has started.'),
};
