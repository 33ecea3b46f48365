/** Composition root of `probe-adapters`. */
import { bedrockAccount } from '../../shared/adapters/aws/bedrock-account.ts';
import { connections } from '../../shared/adapters/aws/connection.ts';
import { makeDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import { DynamoConfigStore } from '../../shared/adapters/dynamodb/config-store.ts';
import { DocumentTable } from '../../shared/adapters/dynamodb/documents.ts';
import { DynamoHealthStore } from '../../shared/adapters/dynamodb/health-store.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { uuidv7Source } from '../../shared/adapters/runtime/uuidv7.ts';
import { composeBreakerNotices } from '../../shared/composition/breaker-notices.ts';
import { modelClients } from '../../shared/composition/model-clients.ts';
import { composeSecrets } from '../../shared/composition/secrets.ts';
import { DEFAULT_FLAGS, DEFAULT_POLICY } from '../../shared/config/default-policy.ts';
import { awsEnv, probeAdaptersEnv, readEnv } from '../../shared/config/env.ts';
import { makeTelemetry } from '../../shared/observability/telemetry.ts';
import { AdapterHealth } from '../../shared/services/health/adapter-health.ts';
import { ModelProber } from '../../shared/services/health/probe-models.ts';
import { makeHandler } from './handler.ts';

const env = readEnv(probeAdaptersEnv, process.env);
const clock = systemClock();
const random = systemRandom();
const awsVariables = readEnv(awsEnv, process.env);
const aws = connections(awsVariables, clock);
const dynamo = makeDynamoClient({ ...aws.dynamodb, clock, random });
const secrets = composeSecrets({ connection: aws.secrets, env, clock, random });
const idleMs = env.PROBE_IDLE_MINUTES * 60_000;
const { logger, gauge } = makeTelemetry('probe-adapters');

export const handler = makeHandler({
  prober: new ModelProber({
    config: new DynamoConfigStore(new DocumentTable(dynamo, env.CONFIG_TABLE), {
      policy: DEFAULT_POLICY,
      flags: DEFAULT_FLAGS,
    }),
    health: new AdapterHealth({
      store: new DynamoHealthStore(dynamo, env.USAGE_TABLE, { clock, random }),
      noticed: composeBreakerNotices(dynamo, env.USAGE_TABLE, clock, random),
      clock,
      random,
    }),
    ...modelClients({
      secrets,
      clock,
      allowPrivate: env.ALLOW_PRIVATE_URLS,
      bedrock: () => bedrockAccount(env, awsVariables, aws.account),
    }),
    clock,
    ids: uuidv7Source(clock, random),
    idleMs: () => (idleMs === 0 ? Number.POSITIVE_INFINITY : idleMs),
  }),
  probed: (report) => {
    logger.info('probe', { ...report });
    gauge('OpenBreakers', report.open);
  },
});
