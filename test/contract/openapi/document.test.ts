/** The committed document: valid OpenAPI 3.1, complete, and what the code says today. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { OPERATIONS } from '../../../scripts/openapi/operations.ts';
import { ROUTES } from '../../../shared/config/routes.ts';
import { ERROR_CODES } from '../../../shared/errors/codes.ts';

interface OpenApiOperation {
  operationId: string;
  security?: unknown[];
  parameters: unknown[];
  requestBody?: unknown;
  responses: Record<string, { content?: Record<string, unknown>; headers: Record<string, unknown> }>;
}

interface OpenApi {
  paths: Record<string, Record<string, OpenApiOperation>>;
  components: Record<string, Record<string, unknown>>;
}

const ROOT = resolve(import.meta.dirname, '../../..');
const document = parse(readFileSync(join(ROOT, 'docs/api/openapi.yaml'), 'utf8')) as OpenApi &
  Record<string, unknown>;

const operations = Object.values(document.paths).flatMap((path) => Object.values(path));

const references = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : references(inner),
  );
};

describe('docs/api/openapi.yaml', () => {
  test('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(structuredClone(document));
    expect(result).toMatchObject({ valid: true });
    expect(document).toMatchObject({ openapi: '3.1.0' });
  });

  test('is what the code says today', () => {
    const run = () =>
      execFileSync(process.execPath, [join(ROOT, 'scripts/openapi.mjs'), '--check'], { stdio: 'pipe' });
    expect(run).not.toThrow();
  });

  test('describes exactly the routes of the table', () => {
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const table = ROUTES.map(({ method, resource }) => `${method} ${resource}`);
    expect(described.sort()).toEqual(table.sort());
    expect(Object.keys(OPERATIONS).sort()).toEqual(table.sort());
  });

  test('names every operation once', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('every reference leads somewhere, and nothing named is left unused', () => {
    const used = new Set(references(document));
    const named = ['schemas', 'parameters', 'headers'].flatMap((kind) =>
      Object.keys(document.components[kind] ?? {}).map((name) => `#/components/${kind}/${name}`),
    );
    const unused = named.filter((name) => !used.has(name));
    expect([...used].filter((name) => !named.includes(name))).toEqual([]);
    // What a stream's events hold, and the header of a refused method, which belongs to no operation.
    expect(unused).toEqual([
      '#/components/schemas/AskChunk',
      '#/components/schemas/Snapshot',
      '#/components/schemas/Closing',
      '#/components/headers/allow',
    ]);
  });

  test('a route that needs a key says how it is refused', () => {
    for (const { method, resource, access, maxBody } of ROUTES) {
      const operation = document.paths[resource]?.[method.toLowerCase()];
      const refusals = access === 'public' ? [] : ['401', '403'];
      const ofBody = maxBody === 0 ? [] : ['400', '413', '415'];
      expect(Object.keys(operation?.responses ?? {})).toEqual(
        expect.arrayContaining([...refusals, ...ofBody, '500']),
      );
      expect(operation?.security === undefined).toBe(access !== 'public');
      expect(operation?.requestBody === undefined).toBe(maxBody === 0);
    }
  });

  test('every reply carries x-request-id, and every error has the form of its route', () => {
    for (const { method, resource, errors } of ROUTES) {
      const { responses = {} } = document.paths[resource]?.[method.toLowerCase()] ?? {};
      const form = errors === undefined ? 'application/problem+json' : 'application/json';
      for (const [status, response] of Object.entries(responses)) {
        expect(response.headers).toHaveProperty('x-request-id');
        const media = Object.keys(response.content ?? {});
        const isHealth = status === '503' && media.includes('application/json');
        // A fault of JSON-RPC is told in its own words.
        const isRpc = resource === '/mcp' && ['400', '406'].includes(status);
        if (Number(status) >= 400 && !isHealth && !isRpc) expect(media).toEqual([form]);
      }
    }
  });

  test('the problem schema knows every code', () => {
    const { Problem } = document.components.schemas as {
      Problem: { properties: { code: { enum: string[] } } };
    };
    expect(Problem.properties.code.enum.sort()).toEqual(Object.keys(ERROR_CODES).sort());
  });
});
