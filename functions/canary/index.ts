/** Composition root of `canary`. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { connections } from '../../shared/adapters/aws/connection.ts';
import { HttpRestApi, makeRestClient } from '../../shared/adapters/http/rest-api.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { composeSecrets } from '../../shared/composition/secrets.ts';
import { awsEnv, canaryEnv, readEnv } from '../../shared/config/env.ts';
import { makeTelemetry } from '../../shared/observability/telemetry.ts';
import { CANARY_SECRET } from '../../shared/services/release/canary-key.ts';
import { makeHandler } from './handler.ts';

const env = readEnv(canaryEnv, process.env);
const clock = systemClock();
const random = systemRandom();
const aws = connections(readEnv(awsEnv, process.env), clock);
const secrets = composeSecrets({ connection: aws.secrets, env, clock, random });
const metrics = new Metrics();
const { logger } = makeTelemetry('canary');

export const handler = makeHandler({
  api: new HttpRestApi(makeRestClient(), env.API_URL),
  key: async () => {
    const value = await secrets.get(CANARY_SECRET);
    // What the stack generates is no key: an operator puts one in its place.
    return value?.startsWith('atp_') === true ? value : undefined;
  },
  clock,
  noted: (result) => {
    logger[result.ok ? 'info' : 'warn']('canary', { ...result });
    metrics.addMetric('CanaryFailed', MetricUnit.Count, result.ok ? 0 : 1);
    metrics.addMetric('CanaryLatency', MetricUnit.Milliseconds, result.latency_ms);
    metrics.publishStoredMetrics();
  },
});
