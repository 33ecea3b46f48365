/** API Gateway's REST proxy event (payload version 1.0) from a request of node:http. */
import { isUtf8 } from 'node:buffer';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Route } from '../../shared/config/routes.ts';

export interface EventSource {
  route: Route;
  parameters: Record<string, string> | null;
  method: string;
  path: string;
  /** Without the question mark; empty where there is none. */
  query: string;
  /** Names and values in turn, as the client wrote them. */
  rawHeaders: readonly string[];
  body: Buffer | undefined;
  sourceIp: string;
  protocol: string;
  requestId: string;
}

type RequestContext = APIGatewayProxyEvent['requestContext'];

const IDENTITY: RequestContext['identity'] = {
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  sourceIp: '',
  user: null,
  userAgent: null,
  userArn: null,
};

/** Assigning this name would change an object's prototype. */
const isUnsafeName = (name: string): boolean => name === '__proto__';

export const proxyEvent = (source: EventSource): APIGatewayProxyEvent => {
  const { headers, multiValueHeaders } = headerMaps(source.rawHeaders);
  const { single, multi } = queryMaps(source.query);
  const { body } = source;
  const text = body === undefined || isUtf8(body);
  return {
    resource: source.route.resource,
    path: source.path,
    httpMethod: source.method,
    headers,
    multiValueHeaders,
    queryStringParameters: single,
    multiValueQueryStringParameters: multi,
    pathParameters: source.parameters,
    stageVariables: null,
    requestContext: requestContext(source, headers['User-Agent'] ?? headers['user-agent'] ?? null),
    body: body === undefined ? null : body.toString(text ? 'utf8' : 'base64'),
    isBase64Encoded: !text,
  };
};

const requestContext = (source: EventSource, userAgent: string | null): RequestContext => ({
  accountId: '000000000000',
  apiId: 'local',
  authorizer: null,
  protocol: source.protocol,
  httpMethod: source.method,
  identity: { ...IDENTITY, sourceIp: source.sourceIp, userAgent },
  path: source.path,
  stage: 'local',
  requestId: source.requestId,
  extendedRequestId: source.requestId,
  requestTimeEpoch: Date.now(),
  resourceId: 'local',
  resourcePath: source.route.resource,
});

const headerMaps = (raw: readonly string[]) => {
  const headers: Record<string, string> = {};
  const multiValueHeaders: Record<string, string[]> = {};
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const value = raw[index + 1] ?? '';
    if (isUnsafeName(name)) continue;
    headers[name] = value;
    const values = multiValueHeaders[name];
    if (values === undefined || !Object.hasOwn(multiValueHeaders, name)) multiValueHeaders[name] = [value];
    else values.push(value);
  }
  return { headers, multiValueHeaders };
};

const queryMaps = (query: string) => {
  if (query === '') return { single: null, multi: null };
  const single: Record<string, string> = {};
  const multi: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    if (isUnsafeName(name)) continue;
    single[name] = value;
    if (Object.hasOwn(multi, name)) multi[name]?.push(value);
    else multi[name] = [value];
  }
  return { single, multi };
};
