/** Composition root of `canary`. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { HttpRestApi, makeRestClient } from '../../shared/adapters/http/rest-api.ts';
import { systemClock } from '../../shared/adapters/runtime/system.ts';
import { SecretsManagerStore } from '../../shared/adapters/secrets/secrets-manager.ts';
import { canaryEnv } from '../../shared/config/env.ts';
import { makeTelemetry } from '../../shared/observability/telemetry.ts';
import { CANARY_SECRET } from '../../shared/services/release/canary-key.ts';
import { makeHandler } from './handler.ts';

const env = canaryEnv.parse(process.env);
const clock = systemClock();
const secrets = new SecretsManagerStore(new SecretsManagerClient({}), env.SECRETS_PREFIX, clock);
const metrics = new Metrics();
const { logger } = await makeTelemetry('canary');

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
