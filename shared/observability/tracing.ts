/**
 * One X-Ray subsegment for each request that is sampled (AWS X-Ray developer guide, "X-Ray segment documents").
 * Not by the X-Ray SDK, which hooks every promise of the process and makes a cold start a third longer.
 */
import type { MiddlewareObj, Request } from '@middy/core';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { AppError } from '../errors/app-error.ts';
import type { SendSegment } from './xray-daemon.ts';

export interface TraceOptions {
  /** The trace header of the invocation that is running: `Root=…;Parent=…;Sampled=1`. */
  header: () => string | undefined;
  send: SendSegment;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** 16 hexadecimal digits. */
  newId: () => string;
  service: string;
  /** Does this process's first request wait for its start? */
  startsCold: boolean;
}

interface Open {
  trace_id: string;
  parent_id: string;
  start_time: number;
  coldStart: boolean;
}

type Traced = Request<APIGatewayProxyEvent>;

const NAME = '## index.handler';

const fieldsOf = (header: string): Map<string, string> =>
  new Map(
    header.split(';').map((field): [string, string] => {
      const [name = '', value = ''] = field.split('=');
      return [name.trim(), value];
    }),
  );

/** Replies and errors are not captured: they hold what was said. */
export const traceRequests = (options: TraceOptions): MiddlewareObj<APIGatewayProxyEvent> => {
  const traced = new WeakMap<Traced, Open>();
  let isFirst = true;

  const before = (request: Traced): void => {
    const coldStart = isFirst && options.startsCold;
    isFirst = false;
    const fields = fieldsOf(options.header() ?? '');
    const [root, parent] = [fields.get('Root'), fields.get('Parent')];
    if (fields.get('Sampled') !== '1' || root === undefined || parent === undefined) return;
    traced.set(request, {
      trace_id: root,
      parent_id: parent,
      start_time: options.now() / 1_000,
      coldStart,
    });
  };

  const end = (request: Traced, faults: object): Promise<void> | undefined => {
    const open = traced.get(request);
    if (open === undefined) return undefined;
    traced.delete(request);
    const { coldStart, ...place } = open;
    const { httpMethod, resource } = request.event;
    return options.send({
      type: 'subsegment',
      name: NAME,
      id: options.newId(),
      ...place,
      end_time: options.now() / 1_000,
      annotations: { Service: options.service, ColdStart: coldStart, Route: `${httpMethod} ${resource}` },
      ...faults,
    });
  };

  return {
    before,
    after: (request) => end(request, {}),
    onError: (request) => end(request, faultsOf(request.error)),
  };
};

/** X-Ray's words for the classes of failure. */
const faultsOf = (error: unknown): object => {
  const status = error instanceof AppError ? error.status : 500;
  if (status >= 500) return { fault: true };
  return status === 429 ? { error: true, throttle: true } : { error: true };
};
