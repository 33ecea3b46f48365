/** Composition root of `rotate-secret`. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { connections } from '../../shared/adapters/aws/connection.ts';
import { makeDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import { DocumentTable } from '../../shared/adapters/dynamodb/documents.ts';
import { DynamoKeyStore } from '../../shared/adapters/dynamodb/key-store.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { RotatingSecretsManager } from '../../shared/adapters/secrets/rotating-secrets-manager.ts';
import { composeNotices } from '../../shared/composition/breaker-notices.ts';
import { awsEnv, rotateSecretEnv } from '../../shared/config/env.ts';
import { makeTelemetry } from '../../shared/observability/telemetry.ts';
import { notice } from '../../shared/services/notice.ts';
import { Rotation } from '../../shared/services/secrets/rotation.ts';
import { makeHandler } from './handler.ts';

const env = rotateSecretEnv.parse(process.env);
const clock = systemClock();
const random = systemRandom();
const aws = connections(awsEnv.parse(process.env), clock);
const dynamo = makeDynamoClient({ ...aws.dynamodb, clock, random });
const { logger } = await makeTelemetry('rotate-secret');
const notices = composeNotices(dynamo, env.USAGE_TABLE, clock, random);

const rotation = new Rotation({
  secrets: new RotatingSecretsManager(new SecretsManagerClient({})),
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
