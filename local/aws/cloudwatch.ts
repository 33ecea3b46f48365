/** The part of Amazon CloudWatch that is used here: GetMetricData, over what the gateway processes counted. */
import * as z from 'zod';
import type { SeriesStore } from '../metrics/series-store.ts';
import { ServiceError } from './json-reply.ts';

const input = z.object({
  MetricDataQueries: z
    .array(
      z.object({
        Id: z.string(),
        MetricStat: z.object({
          Metric: z.object({
            MetricName: z.string(),
            Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })),
          }),
          Period: z.number().positive(),
          Stat: z.string(),
        }),
      }),
    )
    .max(500),
  /** Seconds since the epoch. */
  StartTime: z.number(),
  EndTime: z.number(),
});

const SECOND_MS = 1_000;

export const cloudWatch =
  (store: SeriesStore) =>
  (operation: string, given: Record<string, unknown>): unknown => {
    if (operation !== 'GetMetricData')
      throw new ServiceError('UnknownOperationException', 'That operation is not emulated');
    const parsed = input.safeParse(given);
    if (!parsed.success) throw new ServiceError('InvalidParameterValue', 'The query is not valid');
    const { MetricDataQueries, StartTime, EndTime } = parsed.data;
    return {
      MetricDataResults: MetricDataQueries.map(({ Id, MetricStat: { Metric, Period, Stat } }) => {
        const service = Metric.Dimensions.find(({ Name }) => Name === 'service')?.Value ?? '';
        const values = store.read(
          { service, name: Metric.MetricName, statistic: Stat },
          { from: StartTime * SECOND_MS, to: EndTime * SECOND_MS, periodMs: Period * SECOND_MS },
        );
        return {
          Id,
          StatusCode: 'Complete',
          Timestamps: values.map(([at]) => at / SECOND_MS),
          Values: values.map(([, value]) => value),
        };
      }),
    };
  };
