/**
 * An observation as an item: its key, which follows from the id alone, and the observation itself as one JSON document. One is
 * written for every request, and an attribute for each field costs the local store up to 60 % more (`npm run bench:calls`).
 */
import type { Observation } from '../../model/observation.ts';
import { timeOfUuidv7 } from '../runtime/uuidv7.ts';
import type { Item } from './wire.ts';

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

/** DynamoDB refuses numbers that are nearer to nothing than this. */
const SMALLEST = 1e-130;

export const storable = (value: number): number => (Math.abs(value) < SMALLEST ? 0 : value);

/** What a score may still change, and what listings filter by, stands beside the document as an attribute of its own. */
export const toItem = ({ quality_score, ...document }: Observation, pk: string): Item => ({
  pk: { S: pk },
  sk: { S: document.id },
  tenant_id: { S: document.tenant_id },
  model: { S: document.model },
  document: { S: JSON.stringify(document) },
  ...(quality_score === null ? {} : { quality_score: { N: String(storable(quality_score)) } }),
  expires_at: { N: expiryOf(Date.parse(document.created_at)) },
});

/** What an item without a document is taken for. */
const NOTHING: Omit<Observation, 'id' | 'quality_score'> = {
  request_id: '',
  tenant_id: '',
  policy: '',
  model: '',
  provider: '',
  prompt: '',
  task_type: '',
  quality: 'balanced',
  tokens_in: 0,
  tokens_out: 0,
  tokens_estimated: false,
  cost_usd: 0,
  latency_ms: 0,
  selector: 'typescript',
  state_version: 0,
  propensity: 0,
  propensities: {},
  outcome: 'aborted',
  finish_reason: '',
  created_at: '',
};

export const fromItem = (item: Item): Observation => ({
  ...NOTHING,
  ...(JSON.parse(item.document?.S ?? '{}') as Partial<Observation>),
  id: item.sk?.S ?? '',
  quality_score: item.quality_score?.N === undefined ? null : Number(item.quality_score.N),
});
