/** Powertools, made once for each function. The tracer is loaded only where X-Ray is on: it costs a cold start 30 ms. */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj } from '@middy/core';
import { powertoolsRequestLog, type RequestLog } from './request-log.ts';

export interface Telemetry {
  log: RequestLog;
  logger: Logger;
  trace?: MiddlewareObj;
}

/** Namespace and level come from Powertools' own environment variables; `serviceName` is the function's, which shares its process at home. */
export const makeTelemetry = async (serviceName: string): Promise<Telemetry> => {
  const logger = new Logger({ serviceName });
  const log = powertoolsRequestLog(logger, new Metrics({ serviceName }));
  const isTraced = process.env.POWERTOOLS_TRACE_ENABLED === 'true';
  return isTraced ? { log, logger, trace: (await import('./tracing.ts')).makeTrace() } : { log, logger };
};
