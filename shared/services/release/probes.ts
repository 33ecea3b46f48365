/**
 * What each function is asked before it gets traffic: real requests that change nothing, call no model and cost nothing. A
 * probe says what is wrong in words of ours, never in the function's.
 */
import { NAMES_CONTRACT } from '../../model/name-finding.ts';
import { SELECT_CONTRACT } from '../../model/selection.ts';
import type { VersionReply } from '../../ports/release.ts';
import { type ProxyReply, proxyReplyOf } from './proxy-reply.ts';

export interface Probe {
  /** `key` is an operator's. */
  payload(key: string): unknown;
  /** Undefined where all is well. */
  fault(reply: VersionReply): string | undefined;
}

const TENANT = 'release-check';
/** Of no connection: API Gateway gives them out, and never this one. */
const NO_CONNECTION = 'AAAAAAAAAAAAAAA=';

const codeOf = ({ body }: ProxyReply): unknown =>
  typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;

const has = (body: unknown, field: string): boolean =>
  typeof body === 'object' && body !== null && field in body;

/** A payload with a list by that name. */
const isList = (text: string, field: string): boolean => {
  try {
    return Array.isArray((JSON.parse(text) as Record<string, unknown> | null)?.[field]);
  } catch {
    return false;
  }
};

interface HttpCall {
  method: string;
  path: string;
  body?: object;
}

const http = ({ method, path, body }: HttpCall, isGood: (reply: ProxyReply) => boolean): Probe => ({
  payload: (key) => ({
    httpMethod: method,
    resource: path,
    path,
    headers: {
      authorization: `Bearer ${key}`,
      'x-tenant-id': TENANT,
      accept: 'application/json, text/event-stream',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    multiValueHeaders: {},
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    requestContext: { identity: { sourceIp: '127.0.0.1' }, httpMethod: method, resourcePath: path },
    body: body === undefined ? null : JSON.stringify(body),
    isBase64Encoded: false,
  }),
  fault: ({ text, failed }) => {
    if (failed) return 'it failed';
    const reply = proxyReplyOf(text);
    if (reply === undefined) return 'it answered no reply';
    return isGood(reply) ? undefined : `it answered ${reply.status}`;
  },
});

const batch: Probe = {
  payload: () => ({ Records: [] }),
  fault: ({ failed }) => (failed ? 'it failed' : undefined),
};

const swept = (source: 'sweep' | 'schedule'): Probe => ({
  payload: () => ({ source }),
  fault: ({ failed }) => (failed ? 'it failed' : undefined),
});

/** By the folder of the function, or the name of its binary. */
export const PROBES: Readonly<Record<string, readonly Probe[]>> = {
  completions: [
    http(
      { method: 'POST', path: '/v1/plan', body: { prompt: 'Which model would answer this?' } },
      // A stage may have no model yet, or drain.
      (reply) =>
        (reply.status === 200 && has(reply.body, 'candidates')) ||
        codeOf(reply) === 'no_eligible_model' ||
        codeOf(reply) === 'draining',
    ),
    http({ method: 'POST', path: '/v1/ask', body: { prompt: '' } }, ({ status }) => status === 400),
  ],
  feedback: [
    http(
      { method: 'POST', path: '/v1/observe', body: { request_id: TENANT, quality_score: 1 } },
      (reply) => codeOf(reply) === 'not_found',
    ),
  ],
  admin: [
    http(
      { method: 'GET', path: '/admin/flags' },
      ({ status, body }) => status === 200 && has(body, 'selector'),
    ),
    http(
      { method: 'GET', path: '/admin/adapters' },
      ({ status, body }) => status === 200 && Array.isArray(body),
    ),
  ],
  series: [http({ method: 'GET', path: '/admin/series' }, ({ status }) => status === 200)],
  status: [
    http({ method: 'GET', path: '/startupz' }, ({ status }) => status === 200),
    http({ method: 'GET', path: '/v1/models' }, ({ status, body }) => status === 200 && has(body, 'data')),
  ],
  mcp: [
    http(
      { method: 'POST', path: '/mcp', body: { jsonrpc: '2.0', id: 1, method: 'tools/list' } },
      ({ status, text }) => status === 200 && text.includes('"tools"'),
    ),
  ],
  'ws-gate': [swept('sweep')],
  'ws-message': [
    {
      payload: () => ({
        requestContext: {
          routeKey: '$default',
          eventType: 'MESSAGE',
          connectionId: NO_CONNECTION,
          requestTimeEpoch: 0,
        },
        isBase64Encoded: false,
        body: '{"type":"release-check"}',
      }),
      // It refuses the message, and finds nobody to tell: API Gateway calls such a connection gone or malformed.
      fault: ({ text, failed }) => (failed && !text.includes('"AwsError"') ? 'it failed' : undefined),
    },
  ],
  'ws-worker': [batch],
  replay: [batch],
  'export-audit': [batch],
  'publish-events': [batch],
  'probe-adapters': [swept('schedule')],
  'rotate-secret': [
    {
      payload: () => ({ Step: 'none' }),
      fault: ({ text, failed }) => (failed && text.includes('Step') ? undefined : 'it refused no wrong step'),
    },
  ],
  'find-names': [
    {
      payload: () => ({ contract: NAMES_CONTRACT, texts: ['Nobody is named here.'], budget_ms: 10_000 }),
      fault: ({ text, failed }) =>
        !failed && isList(text, 'readings') ? undefined : 'it did not answer',
    },
  ],
  select: [
    {
      payload: () => ({ contract: SELECT_CONTRACT, requests: [] }),
      fault: ({ text, failed }) =>
        !failed && isList(text, 'results') ? undefined : 'it did not answer',
    },
  ],
  learn: [swept('sweep')],
};
