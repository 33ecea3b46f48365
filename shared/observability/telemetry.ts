/** Powertools, made once for each function. */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj } from '@middy/core';
import type { Later } from './metric-buffer.ts';
import { powertoolsRequestLog, type RequestLog } from './request-log.ts';
import { traceSampled } from './tracing.ts';

export interface Telemetry {
  log: RequestLog;
  logger: Logger;
  /** How many there are now. */
  gauge: (name: string, value: number) => void;
  trace?: MiddlewareObj;
}

const afterPause = (): Later => {
  let timer: NodeJS.Timeout | undefined;
  return (publish, ms) => {
    if (timer === undefined) timer = setTimeout(publish, ms).unref();
    else timer.refresh();
  };
};

/** Namespace and level come from Powertools' own environment variables; `serviceName` is the function's, which shares its process at home. */
export const makeTelemetry = (serviceName: string): Telemetry => {
  const logger = new Logger({ serviceName });
  const metrics = new Metrics({ serviceName });
  const log = powertoolsRequestLog(logger, metrics, {
    now: () => performance.now(),
    later: process.env.RUNS_BETWEEN_REQUESTS === 'true' ? afterPause() : undefined,
  });
  const gauge: Telemetry['gauge'] = (name, value) => {
    metrics.addMetric(name, MetricUnit.Count, value);
    metrics.publishStoredMetrics();
  };
  if (process.env.POWERTOOLS_TRACE_ENABLED !== 'true') return { log, logger, gauge };
  const trace = traceSampled(async (isFirst) => (await import('./x-ray.ts')).openTrace(isFirst));
  return { log, logger, gauge, trace };
};
