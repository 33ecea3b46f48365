/** Points of the functions that answer prompts, out of their metrics. */
import { PII_TYPES, type PiiType } from '../../model/pii.ts';
import { PII_MODES } from '../../model/policy.ts';
import type { SeriesPoint, SeriesSpan } from '../../model/series.ts';
import type { MetricQuery, MetricSource } from '../../ports/metric-source.ts';

/** A latency's percentiles cannot be added up: of a step they are those of the function that answered more. */
const ANSWERING = ['completions', 'ws-worker'] as const;
const PERCENTILES = ['p50', 'p95', 'p99'] as const;
const CONNECTIONS: MetricQuery = { name: 'ActiveConnections', service: 'ws-gate', statistic: 'Maximum' };

const COUNTS = {
  requests: 'Requests',
  errors: 'ServerErrors',
  limit_hits: 'RateLimited',
  cost_usd: 'CostUsd',
  tokens_in: 'TokensIn',
  tokens_out: 'TokensOut',
  rust: 'SelectorRust',
  typescript: 'SelectorTypescript',
} as const;

/** CREDIT_CARD to CreditCard, as the request log writes it. */
const pascal = (word: string): string =>
  word.toLowerCase().replace(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase());

const FOUND = new Map(PII_TYPES.map((type) => [type, `PiiFound${pascal(type)}`]));
const MODES = new Map(PII_MODES.map((mode) => [mode, `PiiMode${pascal(mode)}`]));

const SUMS = [...Object.values(COUNTS), ...FOUND.values(), ...MODES.values()];

const QUERIES: readonly MetricQuery[] = [
  ...ANSWERING.flatMap((service) => [
    ...SUMS.map((name): MetricQuery => ({ name, service, statistic: 'Sum' })),
    ...PERCENTILES.map((statistic): MetricQuery => ({ name: 'Latency', service, statistic })),
  ]),
  CONNECTIONS,
];

/** Metrics that one reading asks for: what CloudWatch charges by. */
export const METRICS_A_READING = QUERIES.length;

const keyOf = ({ name, service, statistic }: MetricQuery): string => `${service} ${name} ${statistic}`;

/** One step's values by query. */
type Values = (service: string, name: string, statistic: MetricQuery['statistic']) => number | undefined;

const cents = (value: number): number => Math.round(value * 1e9) / 1e9;

const positive = <Name extends string>(
  names: ReadonlyMap<Name, string>,
  sum: (name: string) => number,
): Partial<Record<Name, number>> =>
  Object.fromEntries(
    [...names].map(([key, name]) => [key, sum(name)] as const).filter(([, value]) => value > 0),
  ) as Partial<Record<Name, number>>;

const pointOf = (at: number, values: Values): SeriesPoint => {
  const sum = (name: string): number =>
    ANSWERING.reduce((total, service) => total + (values(service, name, 'Sum') ?? 0), 0);
  const [one, other] = ANSWERING;
  const answersOf = (service: string): number => values(service, COUNTS.requests, 'Sum') ?? 0;
  const busier = answersOf(other) > answersOf(one) ? other : one;
  const latency = (statistic: (typeof PERCENTILES)[number]): number | null => {
    const ms = values(busier, 'Latency', statistic);
    return ms === undefined ? null : Math.round(ms * 10) / 10;
  };
  return {
    at: new Date(at).toISOString(),
    requests: sum(COUNTS.requests),
    errors: sum(COUNTS.errors),
    limit_hits: sum(COUNTS.limit_hits),
    p50_ms: latency('p50'),
    p95_ms: latency('p95'),
    p99_ms: latency('p99'),
    cost_usd: cents(sum(COUNTS.cost_usd)),
    tokens_in: sum(COUNTS.tokens_in),
    tokens_out: sum(COUNTS.tokens_out),
    active_connections: values(CONNECTIONS.service, CONNECTIONS.name, CONNECTIONS.statistic) ?? null,
    rust: sum(COUNTS.rust),
    typescript: sum(COUNTS.typescript),
    pii_findings: positive<PiiType>(FOUND, sum),
    pii_modes: positive(MODES, sum),
  };
};

/** Every step of the span, oldest first, also those in which nothing happened. */
export const readPoints = async (source: MetricSource, span: SeriesSpan): Promise<SeriesPoint[]> => {
  const found = await source.read(QUERIES, span);
  const byKey = new Map(QUERIES.map((query, index) => [keyOf(query), found[index]]));
  const points: SeriesPoint[] = [];
  for (let at = span.from; at < span.to; at += span.stepMs) {
    points.push(
      pointOf(at, (service, name, statistic) => byKey.get(keyOf({ name, service, statistic }))?.get(at)),
    );
  }
  return points;
};
