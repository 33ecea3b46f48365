/** API Gateway's events for tests, and what comes back of them. */
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import {
  installAwslambda,
  isStreaming,
  type StreamingHandler,
} from '../../../local/lambda/awslambda-global.ts';
import { collectResponse } from '../../../local/lambda/collect-response.ts';
import { InvocationContext } from '../../../local/lambda/invocation-context.ts';
import { readAndLeave } from './leaving-reader.ts';

installAwslambda();

export type Handler = (event: never, context: Context) => Promise<unknown>;

export interface Call {
  key?: string;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, instead of `body`. */
  raw?: string;
  isBase64Encoded?: boolean;
  headers?: Record<string, string>;
  path?: Record<string, string>;
  query?: Record<string, string>;
  /** The reader of a stream goes away after so many frames. */
  leaves?: number;
  /** Of a client that API Gateway has verified. */
  certificate?: { subjectDN: string; issuerDN: string };
}

export interface Reply {
  status: number;
  headers: Record<string, string>;
  text: string;
  /** The body parsed, or undefined where it is not JSON. */
  json: Record<string, unknown> & { errors?: { path: string; message: string }[] };
}

export const makeEvent = (target: string, call: Call = {}): APIGatewayProxyEvent => {
  const [httpMethod = '', resource = ''] = target.split(' ');
  const body = call.raw ?? (call.body === undefined ? null : JSON.stringify(call.body));
  const headers = {
    ...(body === null ? {} : { 'content-type': 'application/json' }),
    ...(call.key === undefined ? {} : { authorization: `Bearer ${call.key}` }),
    ...call.headers,
  };
  return {
    httpMethod,
    resource,
    path: resource,
    headers,
    multiValueHeaders: {},
    queryStringParameters: call.query ?? null,
    multiValueQueryStringParameters: null,
    pathParameters: call.path ?? null,
    stageVariables: null,
    requestContext: { identity: { clientCert: call.certificate ?? null } } as never,
    body,
    isBase64Encoded: call.isBase64Encoded ?? false,
  };
};

const parsed = (text: string): Reply['json'] => {
  try {
    return JSON.parse(text) as Reply['json'];
  } catch {
    return {};
  }
};

export const aContext = (): Context =>
  new InvocationContext(
    { functionName: 'test', memoryLimitInMB: '128' },
    'invocation-1',
    performance.now() + 30_000,
  );

const streamed = (
  handler: StreamingHandler,
  event: APIGatewayProxyEvent,
  context: Context,
  leaves: number | undefined,
) =>
  leaves === undefined
    ? collectResponse(handler, event, context)
    : readAndLeave(handler, event, context, leaves);

export const invoke = async (handler: Handler, target: string, call: Call = {}): Promise<Reply> => {
  const event = makeEvent(target, call);
  const context = aContext();
  const reply = isStreaming(handler)
    ? await streamed(handler, event, context, call.leaves)
    : await handler(event as never, context);
  const { statusCode, headers, body } = reply as {
    statusCode: number;
    headers: Record<string, string>;
    body: string;
  };
  return { status: statusCode, headers, text: body, json: parsed(body) };
};
