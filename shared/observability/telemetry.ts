/** Logs, metrics and traces, made once for each function. */
import { randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { powertoolsRequestLog, type RequestLog } from './request-log.ts';
import { traceRequests } from './tracing.ts';
import { xrayDaemon } from './xray-daemon.ts';

export interface Telemetry {
  log: RequestLog;
  logger: Logger;
  trace?: MiddlewareObj<APIGatewayProxyEvent>;
}

/** What Lambda's runtime tells of the invocation that is running, also where several run at once. */
const traceHeader = (): string | undefined => {
  const runtime = Reflect.get(globalThis, 'awslambda') as
    | { InvokeStore?: { getXRayTraceId(): string | undefined } }
    | undefined;
  return runtime?.InvokeStore?.getXRayTraceId() ?? process.env._X_AMZN_TRACE_ID;
};

const makeTrace = (): MiddlewareObj<APIGatewayProxyEvent> | undefined => {
  const send = xrayDaemon(process.env.AWS_XRAY_DAEMON_ADDRESS ?? '');
  if (send === undefined) return undefined;
  return traceRequests({
    header: traceHeader,
    send,
    now: () => Date.now(),
    newId: () => randomBytes(8).toString('hex'),
    service: process.env.POWERTOOLS_SERVICE_NAME ?? 'atp-router',
    startsCold: process.env.AWS_LAMBDA_INITIALIZATION_TYPE === 'on-demand',
  });
};

/** Service name, namespace and level come from Powertools' own environment variables. */
export const makeTelemetry = async (): Promise<Telemetry> => {
  const logger = new Logger();
  const log = powertoolsRequestLog(logger, new Metrics());
  const trace = process.env.POWERTOOLS_TRACE_ENABLED === 'true' ? makeTrace() : undefined;
  return trace === undefined ? { log, logger } : { log, logger, trace };
};
