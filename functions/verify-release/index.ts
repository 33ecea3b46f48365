/** Composition root of `verify-release`. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CodeDeploy } from '../../shared/adapters/aws/code-deploy.ts';
import { connections } from '../../shared/adapters/aws/connection.ts';
import { makeVersionInvoker } from '../../shared/adapters/lambda/version-invoker.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { SecretsManagerStore } from '../../shared/adapters/secrets/secrets-manager.ts';
import { awsEnv, verifyReleaseEnv } from '../../shared/config/env.ts';
import { makeTelemetry } from '../../shared/observability/telemetry.ts';
import { BOOTSTRAP_SECRET } from '../../shared/services/authenticate.ts';
import { ReleaseVerifier } from '../../shared/services/release/verify-release.ts';
import { RingReader } from '../../shared/services/secrets/ring-reader.ts';
import { makeHandler } from './handler.ts';

const env = verifyReleaseEnv.parse(process.env);
const clock = systemClock();
const random = systemRandom();
const aws = connections(awsEnv.parse(process.env), clock);
const bootstrap = new RingReader(
  new SecretsManagerStore(new SecretsManagerClient({}), env.SECRETS_PREFIX, clock),
  BOOTSTRAP_SECRET,
);
const { logger } = await makeTelemetry('verify-release');

export const handler = makeHandler({
  verifier: new ReleaseVerifier({
    invoker: makeVersionInvoker({ ...aws.lambda, clock, random }),
    stage: env.ATP_STAGE,
    key: async () => `atp_${env.ATP_STAGE}_admin_${(await bootstrap.ring()).current.secret}`,
  }),
  deployments: new CodeDeploy({ ...aws.codedeploy, clock, random }),
  judged: (verdict) => logger[verdict.ok ? 'info' : 'error']('verified', { ...verdict }),
  failed: (error) =>
    logger.error('the deployment could not be read', {
      cause: error instanceof Error ? error.name : 'unknown',
    }),
});
