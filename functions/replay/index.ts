/** Composition root of `replay`: brings observations from the dead-letter queue back into their table. */
import { connections } from '../../shared/adapters/aws/connection.ts';
import { makeDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import { DynamoObservationStore } from '../../shared/adapters/dynamodb/observation-store.ts';
import { settlementUpdates } from '../../shared/adapters/dynamodb/usage-ledger.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { awsEnv, readEnv, replayEnv } from '../../shared/config/env.ts';
import { makeTelemetry } from '../../shared/observability/telemetry.ts';
import { makeHandler } from './handler.ts';

const env = readEnv(replayEnv, process.env);
const clock = systemClock();
const random = systemRandom();
const aws = connections(readEnv(awsEnv, process.env), clock);
const { logger } = makeTelemetry('replay');

export const handler = makeHandler({
  observations: new DynamoObservationStore({
    client: makeDynamoClient({ ...aws.dynamodb, clock, random }),
    table: env.OBSERVATIONS_TABLE,
    shards: env.OBSERVATION_SHARDS,
    clock,
    random,
    settlementUpdates: settlementUpdates(env.USAGE_TABLE),
  }),
  replayed: (count, failed) => logger.info('replay', { replayed: count, failed }),
});
