import { describe, expect, it } from 'vitest';
import { CloudWatchMetrics } from '../../../../shared/adapters/aws/cloudwatch-metrics.ts';
import { systemClock, systemRandom } from '../../../../shared/adapters/runtime/system.ts';
import { AwsServer } from '../../../support/fakes/aws-server.ts';

const SPAN = { from: 1_800_000_000_000, to: 1_800_000_120_000, stepMs: 60_000 };

describe('CloudWatchMetrics', () => {
  it('asks as AWS describes, and goes on until there are no more pages', async () => {
    const server = await new AwsServer().start();
    const pages = [
      { MetricDataResults: [{ Id: 'm0', Timestamps: [1_800_000_000], Values: [1] }], NextToken: 'more' },
      { MetricDataResults: [{ Id: 'm0', Timestamps: [1_800_000_060], Values: [2] }] },
    ];
    server.answer = () => ({ body: JSON.stringify(pages[server.calls.length - 1]) });
    const metrics = new CloudWatchMetrics({
      region: 'eu-central-1',
      endpoint: server.url,
      credentials: async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }),
      clock: systemClock(),
      random: systemRandom(),
      namespace: 'AtpRouter',
      finestMs: 60_000,
      lagMs: 60_000,
    });

    const [found] = await metrics.read([{ name: 'Latency', service: 'completions', statistic: 'p95' }], SPAN);

    expect([...(found ?? [])]).toEqual([
      [1_800_000_000_000, 1],
      [1_800_000_060_000, 2],
    ]);
    const [first, second] = server.calls;
    expect(first?.headers).toMatchObject({
      'x-amz-target': 'GraniteServiceVersion20100801.GetMetricData',
      'content-type': 'application/x-amz-json-1.0',
      authorization: expect.stringContaining('/eu-central-1/monitoring/aws4_request'),
    });
    expect(JSON.parse(first?.body ?? '')).toEqual({
      MetricDataQueries: [
        {
          Id: 'm0',
          MetricStat: {
            Metric: {
              Namespace: 'AtpRouter',
              MetricName: 'Latency',
              Dimensions: [{ Name: 'service', Value: 'completions' }],
            },
            Period: 60,
            Stat: 'p95',
          },
        },
      ],
      StartTime: 1_800_000_000,
      EndTime: 1_800_000_120,
      ScanBy: 'TimestampAscending',
    });
    expect(JSON.parse(second?.body ?? '')).toMatchObject({ NextToken: 'more' });
    await metrics.close();
    await server.stop();
  });
});
