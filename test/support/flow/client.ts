/** A small client of the HTTP API, and the two ways to read a reply: as it should be, or as a problem. */
import { expect } from 'vitest';
import type * as z from 'zod';
import { SECURITY_HEADERS } from '../../../shared/config/security-headers.ts';
import { ERROR_CODES, type ErrorCode } from '../../../shared/errors/codes.ts';
import { newKeyReply, type ProblemBody, problemReply } from '../../../shared/model/replies.ts';

const TIMEOUT_MS = 60_000;

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
}

export interface Call {
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, in place of `body`. */
  raw?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
}

export class Client {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  constructor(url: string, headers: Record<string, string> = {}) {
    this.#url = url;
    this.#headers = headers;
  }

  as(headers: Record<string, string>): Client {
    return new Client(this.#url, { ...this.#headers, ...headers });
  }

  /** The same address without a key. */
  anonymous(): Client {
    return new Client(this.#url);
  }

  async send(method: string, path: string, call: Call = {}): Promise<Reply> {
    const body = call.raw ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        ...this.#headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...call.headers,
      },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'manual',
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Reply> {
    return this.send('GET', path, { headers });
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    return this.send('POST', path, { body, headers });
  }

  delete(path: string): Promise<Reply> {
    return this.send('DELETE', path);
  }
}

export const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

const REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/;

const assertCommonHeaders = (reply: Reply): void => {
  expect(reply.headers.get('x-request-id') ?? '').toMatch(REQUEST_ID);
  expect(Object.fromEntries(reply.headers)).toMatchObject(SECURITY_HEADERS);
};

/** The body, parsed strictly. */
export const expectReply = <Schema extends z.ZodType>(
  reply: Reply,
  schema: Schema,
  status = 200,
): z.output<Schema> => {
  expect({ status: reply.status, text: reply.status === status ? '' : reply.text }).toEqual({
    status,
    text: '',
  });
  assertCommonHeaders(reply);
  expect(reply.headers.get('content-type')).toBe('application/json');
  return schema.parse(JSON.parse(reply.text));
};

export const expectEmpty = (reply: Reply): void => {
  expect([reply.status, reply.text]).toEqual([204, '']);
  assertCommonHeaders(reply);
};

/** A problem document whose status, title, code and headers belong together. */
export const expectProblem = (reply: Reply, code: ErrorCode): ProblemBody => {
  const { status, title } = ERROR_CODES[code];
  expect({ status: reply.status, text: reply.status === status ? '' : reply.text }).toEqual({
    status,
    text: '',
  });
  assertCommonHeaders(reply);
  expect(reply.headers.get('content-type')).toBe('application/problem+json');
  const problem = problemReply.parse(JSON.parse(reply.text));
  expect(problem).toMatchObject({ code, status, title, type: `urn:atp-router:problem:${code}` });
  expect(problem.request_id).toBe(reply.headers.get('x-request-id'));
  if (status === 429 || status === 503) expect(reply.headers.get('retry-after')).toMatch(/^[1-9][0-9]*$/);
  if (status === 405) expect(reply.headers.get('allow')).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
  return problem;
};

/** A 400 that names exactly this field. */
export const expectField = (reply: Reply, path: string): ProblemBody => {
  const problem = expectProblem(reply, 'invalid_request');
  expect(problem.errors?.map((error) => error.path)).toEqual([path]);
  return problem;
};

/** A client with a fresh key. */
export const clientWithKey = async (
  admin: Client,
  key: { tenant_id: string; roles?: string[]; name?: string; expires_at?: string },
): Promise<{ client: Client; id: string; key: string }> => {
  const made = expectReply(await admin.post('/admin/keys', key), newKeyReply, 201);
  return { client: admin.anonymous().as(bearer(made.key)), id: made.id, key: made.key };
};
