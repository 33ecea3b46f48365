/** Composition root of `admin`. */
import { setImmediate } from 'node:timers/promises';
import { connections } from '../../shared/adapters/aws/connection.ts';
import { DynamoAuditStore } from '../../shared/adapters/dynamodb/audit-store.ts';
import { makeDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import { DynamoConfigStore } from '../../shared/adapters/dynamodb/config-store.ts';
import { DynamoConnectionStore } from '../../shared/adapters/dynamodb/connection-store.ts';
import { DocumentTable } from '../../shared/adapters/dynamodb/documents.ts';
import { DynamoEventLog } from '../../shared/adapters/dynamodb/event-log.ts';
import { DynamoHealthStore } from '../../shared/adapters/dynamodb/health-store.ts';
import { DynamoKeyStore } from '../../shared/adapters/dynamodb/key-store.ts';
import { DynamoLearningState } from '../../shared/adapters/dynamodb/learning-state.ts';
import { DynamoObservationStore } from '../../shared/adapters/dynamodb/observation-store.ts';
import { SocketTable } from '../../shared/adapters/dynamodb/socket-table.ts';
import { DynamoUsageLedger, settlementUpdates } from '../../shared/adapters/dynamodb/usage-ledger.ts';
import { isInstalled } from '../../shared/adapters/embedding/is-installed.ts';
import { patternDetector } from '../../shared/adapters/pii/pattern-detector.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { uuidv7Source } from '../../shared/adapters/runtime/uuidv7.ts';
import { ApiGatewaySockets } from '../../shared/adapters/websocket/api-gateway-sockets.ts';
import { composeAuditLog } from '../../shared/composition/audit-trail.ts';
import { composeAuthenticator } from '../../shared/composition/authenticator.ts';
import { composeDenials } from '../../shared/composition/denials.ts';
import { composeOnce } from '../../shared/composition/replies.ts';
import { composeSecrets } from '../../shared/composition/secrets.ts';
import { DEFAULT_FLAGS, DEFAULT_POLICY } from '../../shared/config/default-policy.ts';
import { adminEnv, awsEnv, readEnv } from '../../shared/config/env.ts';
import { buildChain } from '../../shared/middleware/chain.ts';
import { decodeArmState } from '../../shared/model/selection.ts';
import { makeTelemetry } from '../../shared/observability/telemetry.ts';
import { once } from '../../shared/services/once.ts';
import { Redactor } from '../../shared/services/redact/redactor.ts';
import { makeHandlers, schemas } from './handler.ts';

const env = readEnv(adminEnv, process.env);
const clock = systemClock();
const random = systemRandom();
const awsVariables = readEnv(awsEnv, process.env);
const aws = connections(awsVariables, clock);
const dynamo = makeDynamoClient({ ...aws.dynamodb, clock, random });
const secrets = composeSecrets({ connection: aws.secrets, env, clock, random });
const configTable = new DocumentTable(dynamo, env.CONFIG_TABLE);
const keys = new DynamoKeyStore(configTable);
const redactor = new Redactor(patternDetector());
const redact = (text: string): string => redactor.text(text);
const holdsPersonalData = (text: string): boolean => redactor.holdsPersonalData(text);

const ids = uuidv7Source(clock, random);

/** The providers' clients are half of this function's code, and seldom wanted. */
const models = once(async () => {
  const { modelTrials } = await import('../../shared/composition/model-trials.ts');
  return modelTrials({ secrets, clock, env, variables: awsVariables, account: aws.account });
});

const telemetry = makeTelemetry('admin');

export const handler = buildChain(
  {
    clock,
    ids,
    ...telemetry,
    denials: composeDenials(
      { dynamo, auditTable: env.AUDIT_TABLE, secrets, clock, random, ids },
      telemetry.logger,
    ),
    authenticator: composeAuthenticator({ configTable, secrets, clock, env }),
    redact,
    holdsPersonalData,
    once: composeOnce({ dynamo, table: env.REPLIES_TABLE, secrets, random, clock }),
  },
  {
    schemas,
    handlers: makeHandlers({
      config: new DynamoConfigStore(configTable, { policy: DEFAULT_POLICY, flags: DEFAULT_FLAGS }),
      keys,
      ledger: new DynamoUsageLedger(dynamo, env.USAGE_TABLE),
      learning: new DynamoLearningState(dynamo, env.LEARNING_TABLE, decodeArmState),
      tryModel: async (adapter, requestId) => (await models())(adapter, requestId),
      observations: new DynamoObservationStore({
        client: dynamo,
        table: env.OBSERVATIONS_TABLE,
        shards: env.OBSERVATION_SHARDS,
        clock,
        random,
        settlementUpdates: settlementUpdates(env.USAGE_TABLE),
      }),
      connections: new DynamoConnectionStore(
        new SocketTable(dynamo, env.CONNECTIONS_TABLE, () => clock.now()),
      ),
      sockets: new ApiGatewaySockets({ ...aws.account, url: env.CONNECTIONS_URL, clock, random }),
      secrets,
      clock,
      ids,
      events: new DynamoEventLog(dynamo, env.USAGE_TABLE, clock),
      health: new DynamoHealthStore(dynamo, env.USAGE_TABLE, { clock, random }),
      random,
      now: () => clock.now(),
      pause: () => setImmediate(),
      audit: composeAuditLog({ dynamo, auditTable: env.AUDIT_TABLE, secrets, clock, random, ids }),
      auditStore: new DynamoAuditStore(dynamo, env.AUDIT_TABLE, () => clock.now()),
      log: telemetry.log,
      isEncoderInstalled: () => env.ENCODER_DIR !== undefined && isInstalled(env.ENCODER_DIR),
      env: env.ATP_STAGE,
      version: env.ATP_VERSION,
      redact,
      holdsPersonalData,
      supportedProviders: env.ALLOW_SIMULATED
        ? ['simulated', 'openai', 'anthropic', 'bedrock', 'openai-compatible']
        : ['openai', 'anthropic', 'bedrock', 'openai-compatible'],
      allowSimulated: env.ALLOW_SIMULATED,
      allowPrivateUrls: env.ALLOW_PRIVATE_URLS,
    }),
  },
);
