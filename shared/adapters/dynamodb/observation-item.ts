/** An observation as an item, marshalled by hand: it is written for every request. The key follows from the id alone. */
import type { Observation, Outcome } from '../../model/observation.ts';
import type { QualityTier } from '../../model/policy.ts';
import { timeOfUuidv7 } from '../runtime/uuidv7.ts';
import type { AttributeValue, Item } from './wire.ts';

export const RETENTION_DAYS = 90;
const DAY_MS = 86_400_000;

export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The partition of a day's shard. Ids end in random digits, so they spread evenly. */
export const partitionOf = (id: string, shards: number): string | undefined => {
  const time = timeOfUuidv7(id);
  if (time === undefined) return undefined;
  return `${dayOf(time)}#${Number.parseInt(id.slice(-8), 16) % shards}`;
};

export const aliasPartition = (tenantId: string): string => `alias#${tenantId}`;

/** Seconds since the epoch. */
export const expiryOf = (nowMs: number): string =>
  String(Math.floor((nowMs + RETENTION_DAYS * DAY_MS) / 1_000));

const S = (value: string): AttributeValue => ({ S: value });
/** DynamoDB refuses numbers that are nearer to nothing than this. */
const SMALLEST = 1e-130;

export const storable = (value: number): number => (Math.abs(value) < SMALLEST ? 0 : value);

const N = (value: number): AttributeValue => ({ N: String(storable(value)) });

export const toItem = (observation: Observation, pk: string): Item => ({
  pk: S(pk),
  sk: S(observation.id),
  request_id: S(observation.request_id),
  tenant_id: S(observation.tenant_id),
  policy: S(observation.policy),
  model: S(observation.model),
  provider: S(observation.provider),
  prompt: S(observation.prompt),
  ...(observation.prompt_truncated === true ? { prompt_truncated: { BOOL: true } } : {}),
  task_type: S(observation.task_type),
  ...(observation.session_id === undefined ? {} : { session_id: S(observation.session_id) }),
  quality: S(observation.quality),
  tokens_in: N(observation.tokens_in),
  tokens_out: N(observation.tokens_out),
  tokens_estimated: { BOOL: observation.tokens_estimated },
  cost_usd: N(observation.cost_usd),
  latency_ms: N(observation.latency_ms),
  selector: S(observation.selector),
  state_version: N(observation.state_version),
  propensity: N(observation.propensity),
  propensities: S(JSON.stringify(observation.propensities)),
  outcome: S(observation.outcome),
  finish_reason: S(observation.finish_reason),
  ...(observation.quality_score === null ? {} : { quality_score: N(observation.quality_score) }),
  created_at: S(observation.created_at),
  expires_at: { N: expiryOf(Date.parse(observation.created_at)) },
});

const text = (item: Item, name: string): string => item[name]?.S ?? '';
const number = (item: Item, name: string): number => Number(item[name]?.N ?? 0);

export const fromItem = (item: Item): Observation => ({
  id: text(item, 'sk'),
  request_id: text(item, 'request_id'),
  tenant_id: text(item, 'tenant_id'),
  policy: text(item, 'policy'),
  model: text(item, 'model'),
  provider: text(item, 'provider'),
  prompt: text(item, 'prompt'),
  ...(item.prompt_truncated?.BOOL === true ? { prompt_truncated: true } : {}),
  task_type: text(item, 'task_type'),
  ...(item.session_id?.S === undefined ? {} : { session_id: item.session_id.S }),
  quality: text(item, 'quality') as QualityTier,
  tokens_in: number(item, 'tokens_in'),
  tokens_out: number(item, 'tokens_out'),
  tokens_estimated: item.tokens_estimated?.BOOL === true,
  cost_usd: number(item, 'cost_usd'),
  latency_ms: number(item, 'latency_ms'),
  selector: text(item, 'selector') === 'rust' ? 'rust' : 'typescript',
  state_version: number(item, 'state_version'),
  propensity: number(item, 'propensity'),
  propensities: JSON.parse(item.propensities?.S ?? '{}') as Record<string, number>,
  outcome: text(item, 'outcome') as Outcome,
  finish_reason: text(item, 'finish_reason'),
  quality_score: item.quality_score?.N === undefined ? null : Number(item.quality_score.N),
  created_at: text(item, 'created_at'),
});
