/** Composition root of `rotate-secret`. */
import { connections } from '../../shared/adapters/aws/connection.ts';
import { makeDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import { DocumentTable } from '../../shared/adapters/dynamodb/documents.ts';
import { DynamoKeyStore } from '../../shared/adapters/dynamodb/key-store.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { RotatingSecretsManager } from '../../shared/adapters/secrets/rotating-secrets-manager.ts';
import { makeSecretsClient } from '../../shared/adapters/secrets/secrets-client.ts';
import { composeNotices } from '../../shared/composition/breaker-notices.ts';
import { awsEnv, readEnv, rotateSecretEnv } from '../../shared/config/env.ts';
import { makeTelemetry } from '../../shared/observability/telemetry.ts';
import { notice } from '../../shared/services/notice.ts';
import { Rotation } from '../../shared/services/secrets/rotation.ts';
import { makeHandler } from './handler.ts';

const env = readEnv(rotateSecretEnv, process.env);
const clock = systemClock();
const random = systemRandom();
const aws = connections(readEnv(awsEnv, process.env), clock);
const dynamo = makeDynamoClient({ ...aws.dynamodb, clock, random });
const { logger } = makeTelemetry('rotate-secret');
const notices = composeNotices(dynamo, env.USAGE_TABLE, clock, random);

const rotation = new Rotation({
  secrets: new RotatingSecretsManager(makeSecretsClient({ ...aws.secrets, clock, random })),
  keys: new DynamoKeyStore(new DocumentTable(dynamo, env.CONFIG_TABLE)),
  random,
  clock,
  prefix: env.SECRETS_PREFIX,
  rotated: (secret) => notice(notices, { type: 'secret.rotated', subject: secret }),
});

export const handler = makeHandler({
  rotate: (request) => rotation.take(request),
  done: (step) => logger.info('rotation', { step }),
});
