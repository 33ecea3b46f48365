/** The tools as MCP lists them. Each is one route of the REST API, which checks the arguments; these schemas tell a model what to send. */
import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { QUALITY_TIERS } from '../../model/policy.ts';

type InputSchema = Tool['inputSchema'];

const asking = {
  prompt: { type: 'string', minLength: 1, description: 'What the model is asked.' },
  quality: {
    type: 'string',
    enum: [...QUALITY_TIERS],
    default: 'balanced',
    description: 'How much quality weighs against cost and latency.',
  },
  max_cost_usd: { type: 'number', minimum: 0, description: 'Models that would cost more are left out.' },
  latency_slo_ms: {
    type: 'number',
    exclusiveMinimum: 0,
    maximum: 3_600_000,
    description: 'Models that would take longer are left out.',
  },
  task_type: { type: 'string', minLength: 1, maxLength: 128, description: 'The kind of task, if known.' },
  session_id: {
    type: 'string',
    minLength: 1,
    maxLength: 128,
    description: 'The conversation this is part of.',
  },
  max_tokens: {
    type: 'integer',
    minimum: 1,
    maximum: 1_000_000,
    description: "The answer's longest length.",
  },
} as const;

const schema = (properties: Record<string, object>, required: string[] = []): InputSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

export interface RestTool extends Tool {
  route: { method: 'GET' | 'POST'; path: string; streams: boolean };
}

export const TOOLS: readonly RestTool[] = [
  {
    name: 'ask',
    title: 'Ask a model',
    description:
      'Routes a prompt to the model that is worth it and returns its answer, with its cost and how it was chosen.',
    inputSchema: schema(asking, ['prompt']),
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
    route: { method: 'POST', path: '/v1/ask', streams: true },
  },
  {
    name: 'plan',
    title: 'Show the choice of model',
    description: 'Ranks the models for a prompt without calling one; nothing is charged.',
    inputSchema: schema(asking, ['prompt']),
    annotations: { readOnlyHint: true, openWorldHint: false },
    route: { method: 'POST', path: '/v1/plan', streams: false },
  },
  {
    name: 'observe',
    title: 'Score an answer',
    description: 'Tells how good an earlier answer was, so that later choices get better.',
    inputSchema: schema(
      {
        request_id: { type: 'string', minLength: 1, maxLength: 128, description: "The answer's request_id." },
        quality_score: { type: 'number', minimum: 0, maximum: 1, description: '0 is useless, 1 is perfect.' },
        labels: {
          type: 'object',
          additionalProperties: { type: 'string', maxLength: 256 },
          description: 'Anything worth keeping with the score.',
        },
      },
      ['request_id', 'quality_score'],
    ),
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    route: { method: 'POST', path: '/v1/observe', streams: false },
  },
  {
    name: 'list_models',
    title: 'List the models',
    description: 'Lists the models that prompts can be routed to.',
    inputSchema: schema({}),
    annotations: { readOnlyHint: true, openWorldHint: false },
    route: { method: 'GET', path: '/v1/models', streams: false },
  },
];
