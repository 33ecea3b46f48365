/** Composition root of `status`. */
import { connections } from '../../shared/adapters/aws/connection.ts';
import { makeDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import { DynamoConfigStore } from '../../shared/adapters/dynamodb/config-store.ts';
import { DocumentTable } from '../../shared/adapters/dynamodb/documents.ts';
import { DynamoHealthStore } from '../../shared/adapters/dynamodb/health-store.ts';
import { DynamoUsageLedger } from '../../shared/adapters/dynamodb/usage-ledger.ts';
import { makeInvoker } from '../../shared/adapters/lambda/invoker.ts';
import { RustSelector } from '../../shared/adapters/lambda/rust-selector.ts';
import { patternDetector } from '../../shared/adapters/pii/pattern-detector.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { uuidv7Source } from '../../shared/adapters/runtime/uuidv7.ts';
import { composeAuthenticator } from '../../shared/composition/authenticator.ts';
import { composeDenials } from '../../shared/composition/denials.ts';
import { namesModelIn } from '../../shared/composition/names-model.ts';
import { composeSecrets } from '../../shared/composition/secrets.ts';
import { DEFAULT_FLAGS, DEFAULT_POLICY } from '../../shared/config/default-policy.ts';
import { awsEnv, readEnv, statusEnv } from '../../shared/config/env.ts';
import { buildChain } from '../../shared/middleware/chain.ts';
import { makeTelemetry } from '../../shared/observability/telemetry.ts';
import { Redactor } from '../../shared/services/redact/redactor.ts';
import { configCheck, drainCheck, modelCheck, modelsCheck, secretsCheck, selectorCheck } from './checks.ts';
import { makeHandlers } from './handler.ts';
import { HealthChecks, TIMEOUT_MS } from './health.ts';

const env = readEnv(statusEnv, process.env);
const clock = systemClock();
const random = systemRandom();
const aws = connections(readEnv(awsEnv, process.env), clock);
const dynamo = makeDynamoClient({ ...aws.dynamodb, clock, random });
const secrets = composeSecrets({ connection: aws.secrets, env, clock, random });
const configTable = new DocumentTable(dynamo, env.CONFIG_TABLE);
const config = new DynamoConfigStore(configTable, { policy: DEFAULT_POLICY, flags: DEFAULT_FLAGS });
const rust = new RustSelector({
  invoker: makeInvoker({ ...aws.lambda, clock, random }),
  functionName: env.SELECT_FUNCTION,
});
const openModel = namesModelIn(env, () =>
  makeInvoker({ ...aws.lambda, clock, random, timeoutMs: TIMEOUT_MS }),
);
const redactor = new Redactor(patternDetector());

const alive = async (): Promise<{ status: 'healthy'; message: string }> => ({
  status: 'healthy',
  message: 'the process answers',
});

const ids = uuidv7Source(clock, random);

const telemetry = makeTelemetry('status');

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
    redact: (text) => redactor.text(text),
    holdsPersonalData: (text) => redactor.holdsPersonalData(text),
  },
  {
    handlers: makeHandlers({
      config,
      ledger: new DynamoUsageLedger(dynamo, env.USAGE_TABLE),
      now: () => clock.now(),
      description: async () => (await import('./description.ts')).description,
      live: new HealthChecks({ process: alive }, clock),
      ready: new HealthChecks(
        {
          dynamodb: configCheck(config),
          secrets: secretsCheck(secrets),
          models: modelsCheck(
            config,
            new DynamoHealthStore(dynamo, env.USAGE_TABLE, { clock, random }),
            clock,
          ),
          selector: selectorCheck(rust),
          drain: drainCheck(config),
        },
        clock,
      ),
      startup: new HealthChecks(
        {
          config: configCheck(config),
          secrets: secretsCheck(secrets),
          model: modelCheck(openModel),
        },
        clock,
      ),
    }),
  },
);
