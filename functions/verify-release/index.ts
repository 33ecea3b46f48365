/** Composition root of `verify-release`. */
import { CodeDeploy } from '../../shared/adapters/aws/code-deploy.ts';
import { connections } from '../../shared/adapters/aws/connection.ts';
import { makeVersionInvoker } from '../../shared/adapters/lambda/version-invoker.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { composeSecrets } from '../../shared/composition/secrets.ts';
import { awsEnv, readEnv, verifyReleaseEnv } from '../../shared/config/env.ts';
import { makeTelemetry } from '../../shared/observability/telemetry.ts';
import { BOOTSTRAP_SECRET } from '../../shared/services/authenticate.ts';
import { ReleaseVerifier } from '../../shared/services/release/verify-release.ts';
import { RingReader } from '../../shared/services/secrets/ring-reader.ts';
import { makeHandler } from './handler.ts';

const env = readEnv(verifyReleaseEnv, process.env);
const clock = systemClock();
const random = systemRandom();
const aws = connections(readEnv(awsEnv, process.env), clock);
const bootstrap = new RingReader(
  composeSecrets({ connection: aws.secrets, env, clock, random }),
  BOOTSTRAP_SECRET,
);
const { logger } = makeTelemetry('verify-release');

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
