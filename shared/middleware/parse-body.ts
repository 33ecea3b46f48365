/** Size and media type, then the body against the route's schema. Every fault names its field; nothing is coerced. */
import type { MiddlewareObj } from '@middy/core';
import type * as z from 'zod';
import { AppError, type FieldError } from '../errors/app-error.ts';
import type { HttpResponse } from './http-response.ts';
import { findJsonFault, pointer } from './json-guard.ts';
import { routeKey } from './route.ts';
import { type GatewayEvent, headerOf } from './scope.ts';

const JSON_MEDIA_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;
const MAX_ERRORS = 20;

const invalid = (errors: readonly FieldError[]): AppError =>
  new AppError('invalid_request', 'The request is not valid; `errors` names each field.', { errors });

/** The issues of a failed parse as field errors: the first of each field, and not endlessly many. `root` comes before each path. */
export const fieldErrors = (error: z.ZodError, root: readonly string[] = []): FieldError[] => {
  const found = new Map<string, FieldError>();
  const add = (segments: readonly PropertyKey[], message: string): void => {
    const path = pointer([...root, ...segments]);
    if (!found.has(path)) found.set(path, { path, message });
  };
  for (const issue of error.issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys.slice(0, MAX_ERRORS)) add([...issue.path, key], 'is not a known field');
    } else add(issue.path, issue.message);
    if (found.size >= MAX_ERRORS) break;
  }
  return [...found.values()].slice(0, MAX_ERRORS);
};

export const parseWith = <Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  root: readonly string[] = [],
  params?: z.core.ParseContext<z.core.$ZodIssue>,
): z.output<Schema> => {
  const parsed = schema.safeParse(value, params);
  if (!parsed.success) throw invalid(fieldErrors(parsed.error, root));
  return parsed.data;
};

const tooLarge = (maxBytes: number): AppError =>
  new AppError('payload_too_large', `The body may hold at most ${maxBytes} bytes.`);

/** No larger than it may be; bytes where API Gateway saw no text. */
const sized = (event: GatewayEvent, maxBytes: number): string | Buffer => {
  const body = event.body ?? '';
  if (!event.isBase64Encoded) {
    // UTF-16 units never outnumber UTF-8 bytes, and three times their number bounds them.
    if (body.length > maxBytes || (body.length * 3 > maxBytes && Buffer.byteLength(body) > maxBytes))
      throw tooLarge(maxBytes);
    return body;
  }
  const bytes = Buffer.from(body, 'base64');
  if (bytes.length > maxBytes) throw tooLarge(maxBytes);
  return bytes;
};

const textOf = (body: string | Buffer): string => {
  if (typeof body === 'string') return body;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw invalid([{ path: '', message: 'the body must be UTF-8 text' }]);
  }
};

const assertMediaType = (event: GatewayEvent): void => {
  const encoding = headerOf(event, 'content-encoding');
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new AppError('unsupported_media_type', 'The body must not be compressed.');
  }
  if (!JSON_MEDIA_TYPE.test(headerOf(event, 'content-type') ?? '')) {
    throw new AppError('unsupported_media_type', 'The body must be sent as content-type: application/json.');
  }
};

/** Throws what names the fault; what a store must not see is one. */
export const parseJson = (text: string): unknown => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const message = text.trim() === '' ? 'a JSON body is needed' : 'the body is not valid JSON';
    throw invalid([{ path: '', message }]);
  }
  const fault = findJsonFault(value);
  if (fault !== undefined) throw invalid([fault]);
  return value;
};

/** Itself, or what loads it when the first body for it comes. */
export type BodySchema = z.ZodType | (() => Promise<z.ZodType>);

/** Schemas by `METHOD /resource`; a route without one takes no body. */
export const parseBody = (
  schemas: Readonly<Record<string, BodySchema>>,
): MiddlewareObj<GatewayEvent, HttpResponse> => {
  const used = new WeakSet<z.ZodType>();
  /** Zod compiles a schema when it is first used: not while the request that starts the instance waits. */
  const parsed = (schema: z.ZodType, value: unknown): unknown => {
    if (used.has(schema)) return parseWith(schema, value);
    used.add(schema);
    return parseWith(schema, value, [], { jitless: true });
  };
  return {
    before: ({ event }) => {
      const { route } = event.scope;
      if (route === undefined || route.maxBody === 0) return;
      const body = sized(event, route.maxBody);
      assertMediaType(event);
      const value = parseJson(textOf(body));
      const schema = schemas[routeKey(route.method, route.resource)];
      const take = (loaded: z.ZodType | undefined): void => {
        event.scope.body = loaded === undefined ? value : parsed(loaded, value);
      };
      return typeof schema === 'function' ? schema().then(take) : take(schema);
    },
  };
};
