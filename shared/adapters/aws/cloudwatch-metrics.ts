/**
 * CloudWatch's GetMetricData (2010-08-01) over the signed client. It costs 0.01 USD for 1,000 metrics that are asked for, so
 * whoever asks shares what came: services/series.
 */
import type { SeriesSpan } from '../../model/series.ts';
import type { MetricQuery, MetricSource } from '../../ports/metric-source.ts';
import type { Clock, Random } from '../../ports/runtime.ts';
import { AwsClient, type AwsConnection } from './aws-client.ts';

export interface CloudWatchOptions extends AwsConnection {
  clock: Clock;
  random: Random;
  namespace: string;
  finestMs: number;
  lagMs: number;
}

interface MetricDataReply {
  MetricDataResults?: { Id: string; Timestamps?: number[]; Values?: number[] }[];
  NextToken?: string;
}

const TIMEOUT_MS = 5_000;
const ATTEMPTS = 3;
const SECOND_MS = 1_000;
const TARGET = 'GraniteServiceVersion20100801.GetMetricData';

export class CloudWatchMetrics implements MetricSource {
  readonly finestMs: number;
  readonly lagMs: number;
  readonly #namespace: string;
  readonly #client: AwsClient;

  constructor({ namespace, finestMs, lagMs, ...connection }: CloudWatchOptions) {
    this.finestMs = finestMs;
    this.lagMs = lagMs;
    this.#namespace = namespace;
    this.#client = new AwsClient({
      ...connection,
      service: 'monitoring',
      timeoutMs: TIMEOUT_MS,
      attempts: ATTEMPTS,
    });
  }

  async read(queries: readonly MetricQuery[], span: SeriesSpan): Promise<ReadonlyMap<number, number>[]> {
    const found = queries.map(() => new Map<number, number>());
    let token: string | undefined;
    do {
      const reply = await this.#page(queries, span, token);
      for (const { Id, Timestamps = [], Values = [] } of reply.MetricDataResults ?? []) {
        const values = found[Number(Id.slice(1))];
        for (const [index, seconds] of Timestamps.entries())
          values?.set(seconds * SECOND_MS, Values[index] ?? 0);
      }
      token = reply.NextToken;
    } while (token !== undefined);
    return found;
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #page(
    queries: readonly MetricQuery[],
    { from, to, stepMs }: SeriesSpan,
    token: string | undefined,
  ): Promise<MetricDataReply> {
    const { body } = await this.#client.send({
      path: '/',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': TARGET },
      body: JSON.stringify({
        MetricDataQueries: queries.map(({ name, service, statistic }, index) => ({
          Id: `m${index}`,
          MetricStat: {
            Metric: {
              Namespace: this.#namespace,
              MetricName: name,
              Dimensions: [{ Name: 'service', Value: service }],
            },
            Period: stepMs / SECOND_MS,
            Stat: statistic,
          },
        })),
        StartTime: from / SECOND_MS,
        EndTime: to / SECOND_MS,
        ScanBy: 'TimestampAscending',
        NextToken: token,
      }),
    });
    return JSON.parse(body) as MetricDataReply;
  }
}
