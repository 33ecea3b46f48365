/** Calls of the REST API, and what went wrong with them in words. */
import type { Connection } from './connection.ts';
import { EXIT, Failure } from './failure.ts';

export interface Call {
  body?: unknown;
  query?: Readonly<Record<string, string | undefined>>;
  headers?: Readonly<Record<string, string>>;
}

interface Problem {
  title?: string;
  detail?: string;
  code?: string;
  errors?: { path: string; message: string }[];
  reasons?: { id: string; reason: string }[];
  request_id?: string;
}

/** Answers of health checks are answers also where they are 503. */
const isAnswer = (response: Response): boolean =>
  response.ok || (response.headers.get('content-type') ?? '').startsWith('application/json');

const inWords = (status: number, problem: Problem | undefined): string => {
  if (problem?.code === undefined) return `The server answered ${status}.`;
  const lines = [`${problem.title} (${status} ${problem.code}): ${problem.detail}`];
  for (const { path, message } of problem.errors ?? []) lines.push(`  ${path || 'body'} ${message}`);
  for (const { id, reason } of problem.reasons ?? []) lines.push(`  ${id}: ${reason}`);
  if (problem.request_id !== undefined) lines.push(`  request ${problem.request_id}`);
  return lines.join('\n');
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export class ApiClient {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Throws Failure where nobody answers, or the answer is a refusal. */
  async send(method: string, path: string, { body, query = {}, headers = {} }: Call = {}): Promise<Response> {
    const { url, key } = this.#connection;
    const wanted = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const search = wanted.length === 0 ? '' : `?${new URLSearchParams(wanted)}`;
    let response: Response;
    try {
      response = await fetch(url + path + search, {
        method,
        headers: {
          ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      const cause = error instanceof Error ? (error.cause as { code?: string } | undefined) : undefined;
      throw new Failure(
        EXIT.unreachable,
        `Nobody answers at ${url}${cause?.code ? ` (${cause.code})` : ''}.`,
      );
    }
    if (isAnswer(response)) return response;
    const problem = parsed(await response.text());
    throw new Failure(EXIT.refused, inWords(response.status, problem as Problem | undefined), problem);
  }

  async json(method: string, path: string, call?: Call): Promise<unknown> {
    const text = await (await this.send(method, path, call)).text();
    return text === '' ? undefined : parsed(text);
  }

  /** A listing over its pages, until `limit` entries are read. */
  async list(path: string, query: Call['query'], limit: number): Promise<unknown[]> {
    const found: unknown[] = [];
    let next: string | undefined = path;
    let given = query;
    while (next !== undefined && found.length < limit) {
      const response: Response = await this.send('GET', next, given === undefined ? {} : { query: given });
      found.push(...((await response.json()) as unknown[]));
      next = /^<(.+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
      given = undefined;
    }
    return found.slice(0, limit);
  }
}

export const refusedEvent = (problem: unknown): Failure =>
  new Failure(
    EXIT.refused,
    inWords((problem as { status?: number }).status ?? 500, problem as Problem),
    problem,
  );
