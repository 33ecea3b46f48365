/** `publish-events` as its stack starts it: from the variables that it is given to the bus that they name. */
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { toItem } from '../../../shared/adapters/dynamodb/observation-item.ts';
import { uuidv7Source } from '../../../shared/adapters/runtime/uuidv7.ts';
import type { PublishEventsEnvironment } from '../../../shared/config/env.ts';
import { AwsServer } from '../../support/fakes/aws-server.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';
import { settledOf } from '../../support/fakes/observations.ts';
import { seededRandom } from '../../support/fakes/seeded-random.ts';

const server = new AwsServer();

beforeAll(async () => {
  await server.start();
  const given: PublishEventsEnvironment = {
    ATP_STAGE: 'test',
    EVENT_BUS: 'atp-test',
    POWERTOOLS_SERVICE_NAME: 'publish-events',
    POWERTOOLS_METRICS_NAMESPACE: 'AtpRouter',
    POWERTOOLS_LOG_LEVEL: 'ERROR',
  };
  const lambdas = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret' };
  for (const [name, value] of Object.entries({ ...given, ...lambdas, AWS_ENDPOINT_URL: server.url }))
    vi.stubEnv(name, value);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

it('puts what its stream holds on the bus of its stage', async () => {
  const ids = uuidv7Source(new ManualClock(), seededRandom(9));
  const { observation } = settledOf({
    ...{ id: ids.uuidv7(), tenant_id: 'acme', day: '2026-01-05', tokens: 7, cost_nano: 9 },
  });
  const image = toItem({ ...observation, prompt: 'about the harvest' }, '2026-01-05#3');
  const record = { eventName: 'INSERT', dynamodb: { NewImage: image } };
  const { handler } = await import('../../../functions/publish-events/index.ts');

  await handler({ Records: [record] } as unknown as DynamoDBStreamEvent);

  const [{ headers, body } = { headers: {}, body: '{}' }] = server.calls;
  expect(headers.authorization).toMatch(/Credential=AKID\/\d{8}\/eu-central-1\/events\/aws4_request/);
  expect(JSON.parse(body)).toMatchObject({
    Entries: [{ EventBusName: 'atp-test', Source: 'atp-router', DetailType: 'ObservationRecorded' }],
  });
  expect(body).not.toContain('harvest');
});
