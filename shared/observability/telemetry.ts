/** Powertools, made once for each function. The tracer is loaded only where X-Ray is on: it costs a cold start 30 ms. */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj } from '@middy/core';
import { powertoolsRequestLog, type RequestLog } from './request-log.ts';

export interface Telemetry {
  log: RequestLog;
  logger: Logger;
  /** How many there are now. */
  gauge: (name: string, value: number) => void;
  trace?: MiddlewareObj;
}

/** Namespace and level come from Powertools' own environment variables; `serviceName` is the function's, which shares its process at home. */
export const makeTelemetry = async (serviceName: string): Promise<Telemetry> => {
  const logger = new Logger({ serviceName });
  const metrics = new Metrics({ serviceName });
  const log = powertoolsRequestLog(logger, metrics);
  const gauge: Telemetry['gauge'] = (name, value) => {
    metrics.addMetric(name, MetricUnit.Count, value);
    metrics.publishStoredMetrics();
  };
  const isTraced = process.env.POWERTOOLS_TRACE_ENABLED === 'true';
  return isTraced
    ? { log, logger, gauge, trace: (await import('./tracing.ts')).makeTrace() }
    : { log, logger, gauge };
};
