/**
 * Sizes of what an ask leaves behind, in bytes, measured on what the gateway's own code writes for one of that many tokens.
 * DynamoDB counts an item as its names and values in UTF-8, a number as half its digits and one more.
 */
import { toItem as toObservationItem } from '../../shared/adapters/dynamodb/observation-item.ts';
import { keyOf } from '../../shared/adapters/dynamodb/usage-item.ts';
import type { Item } from '../../shared/adapters/dynamodb/wire.ts';
import { DEFAULT_FLAGS, DEFAULT_POLICY } from '../../shared/config/default-policy.ts';
import type { Adapter } from '../../shared/model/adapter.ts';
import { asStored, type Observation } from '../../shared/model/observation.ts';
import type { Quota } from '../../shared/model/quota.ts';
import { afterSwap, type LedgerItem } from '../../shared/ports/usage-ledger.ts';
import { admit } from '../../shared/services/admission/admit.ts';
import { ASSUMED, type Load } from './load.ts';
import { requestLogLines } from './log-lines.ts';

export interface Sizes {
  readonly observation: number;
  readonly usage: number;
  readonly feedback: number;
  /** Adapters, policies and flags that one Query reads. */
  readonly config: number;
  /** The learnt state of a policy's arms. */
  readonly learning: number;
  readonly accessLog: number;
  readonly functionLog: number;
  readonly metricNames: number;
}

const utf8 = (text: string): number => Buffer.byteLength(text);

const NUMBER_OVERHEAD = 1;

export const itemBytes = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => {
    const bytes =
      value.S !== undefined
        ? utf8(value.S)
        : value.N !== undefined
          ? Math.ceil(value.N.replace(/[-.]/g, '').length / 2) + NUMBER_OVERHEAD
          : value.B !== undefined
            ? Buffer.from(value.B, 'base64').length
            : 1;
    return sum + utf8(name) + bytes;
  }, 0);

const AT = Date.parse('2026-01-05T12:00:00.000Z');
const NOW = new Date(AT).toISOString();
const ID = '019b8e2a-7c00-7d3e-9a41-5b6c7d8e9f00';
const TENANT = 'acme-research-0001';

const modelName = (index: number): string => `provider-model-${index}`;

const observationOf = ({ tokens, tokensOut, models, latencyMs }: Load): Observation => ({
  id: ID,
  request_id: ID,
  tenant_id: TENANT,
  policy: 'default',
  policy_version: 12,
  model: modelName(0),
  provider: 'openai-compatible',
  prompt: 'word'.padEnd(ASSUMED.bytesPerToken, ' ').repeat(Math.max(0, tokens - tokensOut)),
  task_type: 'general',
  quality: 'balanced',
  max_tokens: 1_024,
  tokens_in: tokens - tokensOut,
  tokens_out: tokensOut,
  tokens_estimated: false,
  cost_usd: 0.0012345,
  latency_ms: latencyMs,
  selector: 'rust',
  state_version: 12_345,
  propensity: 0.9412345678,
  propensities: Object.fromEntries(
    Array.from({ length: models }, (_, index) => [modelName(index), 0.0123456789]),
  ),
  ranking: Array.from({ length: Math.min(models, 8) }, () => [0.812, 0.034, 0.00123, 1_450, 0.655] as const),
  steps: { admit: [3.1, 6.4], choose: [3.1, 8.2], call: [11.4, latencyMs] },
  outcome: 'success',
  finish_reason: 'stop',
  quality_score: null,
  created_at: NOW,
});

const quota: Quota = {
  tenant_id: TENANT,
  tier: 'enterprise',
  rate_limit: {
    rps: 100,
    rpm: 5_000,
    rph: 200_000,
    tokens_per_day: 100_000_000,
    cost_per_day_usd: 1_000,
    concurrent: 200,
  },
  burst_multiplier: 1,
  updated_at: NOW,
};

/** A tenant with all limits, some buckets in use in every window, and ten requests in flight. */
const ledgerBytes = (): number => {
  let item: LedgerItem & { quota: Quota } = {
    version: 123_456,
    quota,
    days: { '2026-01-05': { tokens: 12_345_678, cost_nano: 123_456_789_012 } },
    holds: {},
  };
  for (let second = 0; second < 60; second += 1) {
    const holds = Object.fromEntries(Object.entries(item.holds).slice(-9));
    const request = {
      id: ID.slice(0, -2) + String(second).padStart(2, '0'),
      tenant_id: TENANT,
      tokens: 1_500,
      cost_usd: 0.01,
      hold_ms: 320_000,
    };
    const { change } = admit({ ...item, holds }, [request], AT + second * 1_000);
    if (change !== undefined) item = { ...afterSwap({ ...item, holds }, change), quota };
  }
  const { windows = '', days, holds } = item;
  return itemBytes({
    ...keyOf(TENANT),
    version: { N: String(item.version) },
    quota: { S: JSON.stringify(quota) },
    windows: { S: windows },
    ...Object.fromEntries(
      Object.entries(days).flatMap(([day, { tokens, cost_nano }]) => [
        [`tokens#${day}`, { N: String(tokens) }],
        [`cost#${day}`, { N: String(cost_nano) }],
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(holds).map(([id, hold]) => [
        `hold#${id}`,
        { S: `${hold.tokens}:${hold.cost_nano}:${hold.expires_at}` },
      ]),
    ),
  });
};

const adapter = (index: number): Adapter => ({
  id: modelName(index),
  provider: 'openai-compatible',
  model: modelName(index),
  price: { input_per_mtok: 2.5, output_per_mtok: 10 },
  quality: 0.85,
  capabilities: ['tools', 'vision', 'json', 'streaming'],
  context_window: 128_000,
  max_output_tokens: 16_384,
  latency_ms: 1_200,
  base_url: 'https://api.provider.example/v1',
  secret_name: `adapters/${modelName(index)}`,
  enabled: true,
  created_at: NOW,
  updated_at: NOW,
});

/** Keys and a document's own attribute. */
const DOCUMENT_OVERHEAD = 60;

/** Format byte, three doubles and a count of each arm, with keys and version (shared/model/selection.ts). */
const ARM_BYTES = 33 + DOCUMENT_OVERHEAD;

export const measure = (load: Load): Sizes => {
  const observation = itemBytes(toObservationItem(asStored(observationOf(load)), '2026-01-05#11'));
  const documents = [
    ...Array.from({ length: load.models }, (_, index) => adapter(index)),
    DEFAULT_POLICY,
    DEFAULT_FLAGS,
  ];
  const { log, metrics } = requestLogLines();
  return {
    observation,
    usage: ledgerBytes(),
    feedback: FEEDBACK_BYTES,
    config: documents.reduce((sum, one) => sum + utf8(JSON.stringify(one)) + DOCUMENT_OVERHEAD, 0),
    learning: (load.models + 1) * ARM_BYTES,
    accessLog: utf8(
      JSON.stringify({
        request_id: ID,
        route: 'POST /v1/ask',
        status: '200',
        latency_ms: '2031',
        error: '-',
      }),
    ),
    functionLog: utf8(log) + utf8(metrics) + ASSUMED.platformLogBytes,
    metricNames: countMetrics(metrics),
  };
};

/** The attributes that shared/adapters/dynamodb/feedback-store.ts writes, for a policy without a context. */
const FEEDBACK_BYTES = itemBytes({
  feedback_id: { S: `${TENANT}#${ID}` },
  policy: { S: 'default' },
  adapter_id: { S: modelName(0) },
  quality_score: { N: '0.85' },
  created_at_ms: { N: String(AT) },
  propensity: { N: '0.9412345678' },
  pending: { S: 'p#default' },
  labels: { S: '[["source","thumbs"]]' },
  expires_at: { N: '1775390400' },
});

const countMetrics = (line: string): number => {
  const { _aws } = JSON.parse(line) as { _aws: { CloudWatchMetrics: { Metrics: unknown[] }[] } };
  return _aws.CloudWatchMetrics.reduce((sum, { Metrics }) => sum + Metrics.length, 0);
};
