/** Composition root of `publish-events`. */
import { connections } from '../../shared/adapters/aws/connection.ts';
import { readImage } from '../../shared/adapters/dynamodb/stream-image.ts';
import { EventBridgeBus } from '../../shared/adapters/eventbridge/event-bridge-bus.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { awsEnv, publishEventsEnv, readEnv } from '../../shared/config/env.ts';
import { makeTelemetry } from '../../shared/observability/telemetry.ts';
import { makeHandler } from './handler.ts';

const env = readEnv(publishEventsEnv, process.env);
const variables = readEnv(awsEnv, process.env);
const clock = systemClock();
const { account } = connections(variables, clock);
const { logger } = makeTelemetry('publish-events');

export const handler = makeHandler({
  bus: new EventBridgeBus({
    ...account,
    endpoint: variables.AWS_ENDPOINT_URL ?? `https://events.${account.region}.amazonaws.com`,
    busName: env.EVENT_BUS,
    ...{ clock, random: systemRandom() },
  }),
  read: readImage,
  stage: env.ATP_STAGE,
  published: (events, skipped) => logger.info('published', { events, skipped }),
});
