/** The OpenAPI document, from the route table and the schemas that the code itself parses with. */
import * as z from 'zod';
import { evaluationQuery } from '../../functions/admin/policy-schema.ts';
import { MOST_A_PAGE, QUERIES } from '../../functions/admin/query-schema.ts';
import { seriesQuery, streamQuery } from '../../functions/series/schema.ts';
import { type ErrorForm, ROUTES, type Route, takesIdempotencyKey } from '../../shared/config/routes.ts';
import { scopeOf } from '../../shared/config/scopes.ts';
import { ERROR_CODES, type ErrorCode } from '../../shared/errors/codes.ts';
import { HEADERS, type HeaderName } from './headers.ts';
import type { Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { REPLIES, REQUESTS } from './schemas.ts';

type Json = Record<string, unknown>;

const DESCRIPTION =
  'An LLM gateway that learns which model is worth it. Money is in US dollars, time in milliseconds, timestamps are ' +
  'ISO 8601 UTC. Unknown fields are refused and nothing is coerced. A body may hold 1 MiB at most. Errors are problem ' +
  "documents (RFC 9457) with a `code`; `errors` names each field at fault by its JSON pointer. The vendors' routes pass " +
  "unknown fields on, take 6 MiB, and answer errors in the vendor's form.";

const ref = (kind: string, name: string): Json => ({ $ref: `#/components/${kind}/${name}` });

/** Named schemas refer to each other by name. */
const components = (named: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output'): Json => {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io, uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(
    Object.keys(named).map((id) => {
      const { $schema: _, $id: __, ...schema } = schemas[id] ?? {};
      return [id, schema];
    }),
  );
};

const headersOf = (names: readonly HeaderName[]): Json =>
  Object.fromEntries(names.map((name) => [name, ref('headers', name)]));

const codesByStatus = (codes: Iterable<ErrorCode>): Map<number, ErrorCode[]> => {
  const found = new Map<number, ErrorCode[]>();
  for (const code of new Set(codes)) {
    const { status } = ERROR_CODES[code];
    found.set(status, [...(found.get(status) ?? []), code]);
  }
  return new Map([...found].sort(([a], [b]) => a - b));
};

const problemsOf = (route: Route, operation: Operation): ErrorCode[] => [
  ...(route.access === 'public'
    ? []
    : (['invalid_request', 'unauthenticated', 'forbidden', 'unavailable'] as const)),
  ...(route.maxBody === 0 ? [] : (['payload_too_large', 'unsupported_media_type'] as const)),
  ...(route.resource.includes('{') ? (['not_found'] as const) : []),
  ...(operation.problems ?? []),
  ...(takesIdempotencyKey(route) ? (['conflict'] as const) : []),
  'internal',
];

const VENDOR_ERRORS = { openai: 'OpenAiError', anthropic: 'AnthropicError' } as const;

const problemResponse = (form: ErrorForm | undefined, status: number, codes: readonly ErrorCode[]): Json => ({
  description: codes.map((code) => `\`${code}\`: ${ERROR_CODES[code].title}.`).join(' '),
  headers: headersOf([
    'x-request-id',
    ...(status === 401 ? (['www-authenticate'] as const) : []),
    ...(status === 429 || status === 402
      ? (['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'] as const)
      : []),
    ...(status === 429 || status === 402 || status === 409 || status === 503
      ? (['retry-after'] as const)
      : []),
  ]),
  content:
    form === undefined
      ? { 'application/problem+json': { schema: ref('schemas', 'Problem') } }
      : { 'application/json': { schema: ref('schemas', VENDOR_ERRORS[form]) } },
});

const successResponse = (route: Route, operation: Operation): Json => ({
  description: operation.description,
  headers: headersOf([
    'x-request-id',
    ...(operation.headers ?? []),
    ...(takesIdempotencyKey(route) ? (['idempotent-replayed'] as const) : []),
  ]),
  ...(operation.reply === undefined && operation.streams !== true
    ? {}
    : {
        content: {
          ...(operation.reply === undefined
            ? {}
            : { 'application/json': { schema: ref('schemas', operation.reply) } }),
          ...(operation.streams === true
            ? { 'text/event-stream': { schema: { description: 'Server-sent events.' } } }
            : {}),
        },
      }),
});

/** Beside what the status may mean otherwise. */
const withOthers = (responses: Json, { also = {} }: Operation): Json => ({
  ...responses,
  ...Object.fromEntries(
    Object.entries(also).map(([status, { description, reply }]) => {
      const known = (responses[status] ?? {}) as { description?: string; content?: Json };
      const content = reply === undefined ? {} : { 'application/json': { schema: ref('schemas', reply) } };
      return [
        status,
        {
          headers: headersOf(['x-request-id']),
          ...known,
          description: [known.description, description].filter(Boolean).join(' '),
          ...(reply === undefined ? {} : { content: { ...known.content, ...content } }),
        },
      ];
    }),
  ),
});

const responsesOf = (route: Route, operation: Operation): Json => ({
  [operation.status]: successResponse(route, operation),
  ...(operation.reply === 'Health'
    ? {
        503: {
          ...successResponse(route, operation),
          description: 'Degraded or unhealthy; `checks` says why.',
        },
      }
    : {}),
  ...Object.fromEntries(
    [...codesByStatus(problemsOf(route, operation))].map(([status, codes]) => [
      status,
      problemResponse(route.errors, status, codes),
    ]),
  ),
});

const QUERY_SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  ...QUERIES,
  'GET /admin/policies/{id}/evaluation': evaluationQuery,
  'GET /admin/series': seriesQuery,
  'GET /admin/stream': streamQuery,
};

/** A query is text; as a caller writes it, some of it are numbers. */
const NUMBERS: Readonly<Record<string, Json>> = {
  limit: { type: 'integer', minimum: 1, maximum: MOST_A_PAGE },
  days: { type: 'integer', minimum: 1, maximum: 90 },
  hours: { type: 'integer', minimum: 1, maximum: 168 },
  minutes: { type: 'integer', minimum: 1, maximum: 60 },
  step_s: { type: 'integer', minimum: 2, maximum: 600 },
};

const queryParameters = (key: string): Json[] => {
  const query = QUERY_SCHEMAS[key];
  if (query === undefined) return [];
  const { properties = {} } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties as Record<string, Json>).map(([name, schema]) => {
    const number = NUMBERS[name];
    return {
      name,
      in: 'query',
      required: false,
      schema: number === undefined ? schema : { ...number, default: schema.default },
    };
  });
};

const parametersOf = (route: Route): Json[] => [
  ...[...route.resource.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', minLength: 1, maxLength: 128 },
  })),
  ...queryParameters(`${route.method} ${route.resource}`),
  ...(OPERATIONS[`${route.method} ${route.resource}`]?.wishes === true
    ? [ref('parameters', 'MaxCostUsd'), ref('parameters', 'LatencySloMs')]
    : []),
  ref('parameters', 'RequestId'),
  ...(takesIdempotencyKey(route) ? [ref('parameters', 'IdempotencyKey')] : []),
  ...(route.access === 'public' ? [] : [ref('parameters', 'TenantId')]),
];

const operationOf = (route: Route): Json => {
  const operation = OPERATIONS[`${route.method} ${route.resource}`];
  if (operation === undefined) throw new Error(`${route.method} ${route.resource} is not described`);
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: route.summary,
    ...(route.deprecated === undefined ? {} : { deprecated: true }),
    ...(route.access === 'public'
      ? { security: [] }
      : { description: `Roles: ${route.access.join(', ')}. Scope: ${scopeOf(route)}.` }),
    parameters: parametersOf(route),
    ...(operation.request === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: ref('schemas', operation.request) } },
          },
        }),
    responses: withOthers(responsesOf(route, operation), operation),
  };
};

const paths = (): Json => {
  const found: Record<string, Json> = {};
  for (const route of ROUTES) {
    found[route.resource] = { ...found[route.resource], [route.method.toLowerCase()]: operationOf(route) };
  }
  return found;
};

/** Behind a header's value, and no part of it. */
const BLANKS = '[ \\t]*';

export const openApiDocument = (version: string): Json => ({
  openapi: '3.1.0',
  info: {
    title: 'ATP Router',
    version,
    description: DESCRIPTION,
    license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: 'http://127.0.0.1:8787', description: 'The local runtime' }],
  security: [{ bearer: [] }, { apiKey: [] }],
  tags: ['Ask', 'Vendors', 'Models', 'Administration', 'Health'].map((name) => ({ name })),
  paths: paths(),
  components: {
    securitySchemes: {
      bearer: {
        type: 'http',
        scheme: 'bearer',
        description: '`Authorization: Bearer KEY`, or a token of an issuer that the stage trusts.',
      },
      apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
    },
    parameters: {
      RequestId: {
        name: 'x-request-id',
        in: 'header',
        description: 'Taken over where it is 8 to 64 of A-Z a-z 0-9 . _ - and holds no personal data.',
        schema: { type: 'string' },
      },
      IdempotencyKey: {
        name: 'idempotency-key',
        in: 'header',
        description:
          'The same key with the same body gets the same reply for 24 hours, without a second charge; with another body, or ' +
          'while the first request runs, 409. Replies of 402, 409, 429 and from 500 on free the key.',
        schema: { type: 'string', pattern: `^[!-~](?:[ -~]{0,253}[!-~])?${BLANKS}$` },
      },
      MaxCostUsd: {
        name: 'x-atp-max-cost-usd',
        in: 'header',
        description: 'What the answer may cost at most, US dollars.',
        schema: { type: 'number', minimum: 0 },
      },
      LatencySloMs: {
        name: 'x-atp-latency-slo-ms',
        in: 'header',
        description: 'How long the answer should take at most, milliseconds.',
        schema: { type: 'number', minimum: 1, maximum: 3_600_000 },
      },
      TenantId: {
        name: 'x-tenant-id',
        in: 'header',
        description: "The tenant that an operator's key acts for; `default` where it is left out.",
        schema: { type: 'string', pattern: `^[A-Za-z0-9][A-Za-z0-9._-]{0,127}${BLANKS}$` },
      },
    },
    headers: Object.fromEntries(
      Object.entries(HEADERS).map(([name, description]) => [
        name,
        { description, schema: { type: 'string' } },
      ]),
    ),
    schemas: { ...components(REQUESTS, 'input'), ...components(REPLIES, 'output') },
  },
});
