/** Whatever fails behind a route, its reply tells nothing of it: no message, no stack, no path of ours, no key. */
import { beforeEach, describe, expect, it } from 'vitest';
import { ROUTES } from '../../../shared/config/routes.ts';
import { HTTPS_ONLY, SECURITY_HEADERS } from '../../../shared/config/security-headers.ts';
import { ADMIN_KEY, FakeGateway } from '../../support/fakes/gateway.ts';

const PRIVATE = 'cannot read /srv/secret for jane@example.com with key sk-live-0123456789';
const CHAT = { model: 'auto', messages: [{ role: 'user', content: 'Hi' }] };

/** A body that is valid, where the route takes one. */
const BODIES: Readonly<Record<string, object>> = {
  'POST /v1/ask': { prompt: 'Hi' },
  'POST /v1/plan': { prompt: 'Hi' },
  'POST /v1/chat/completions': CHAT,
  'POST /v1/messages': { ...CHAT, max_tokens: 9 },
  'POST /v1/responses': { model: 'auto', input: 'Hi' },
  'POST /v1/embeddings': { model: 'm', input: 'Hi' },
  'POST /v1/observe': { request_id: 'r-1', quality_score: 1 },
  'POST /admin/adapters': { id: 'n', cost_per_1k: 1 },
  'POST /admin/keys': { tenant_id: 'acme' },
  'POST /admin/quotas': { tenant_id: 'acme' },
  'PUT /admin/flags': { selector: { enabled: true } },
  'POST /admin/drain': { enabled: false },
  'PUT /admin/policies/{id}': { strategy: 'greedy' },
  'POST /admin/policies/{id}/promote': {},
};

/** Every method of a store fails, with words that nobody may read. */
const breakAll = (...stores: object[]): void => {
  for (const store of stores)
    for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(store))) {
      const { value, get } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(store), name) ?? {};
      if (name === 'constructor' || get !== undefined || typeof value !== 'function') continue;
      Object.defineProperty(store, name, {
        value: () => {
          throw new Error(PRIVATE);
        },
      });
    }
};

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = new FakeGateway();
  await gateway.withModel('m');
  breakAll(gateway.config, gateway.ledger, gateway.observations, gateway.keys, gateway.sessions);
});

const hasBody = Object.keys(BODIES);

describe('a reply of a gateway whose stores fail', () => {
  it.each(
    ROUTES.filter(
      ({ method, resource }) => method === 'GET' || hasBody.includes(`${method} ${resource}`),
    ).map(({ method, resource }) => `${method} ${resource}`),
  )('tells nothing of it: %s', async (target) => {
    const body = BODIES[target];
    const { status, headers, text } = await gateway.asAdmin(target, {
      ...(body === undefined ? {} : { body }),
      path: { id: 'm', tenant: 'acme', user: 'u', key: 'k' },
    });

    expect(status).toBeGreaterThanOrEqual(200);
    for (const word of [
      'srv',
      'jane',
      'sk-live',
      ADMIN_KEY,
      'node_modules',
      '.ts:',
      '.mjs:',
      '    at ',
      'Error:',
    ])
      expect(text).not.toContain(word);
    const { 'cache-control': caching, ...others } = SECURITY_HEADERS;
    expect(headers).toMatchObject({ ...others, ...HTTPS_ONLY });
    // The document of the API is for everybody.
    if (target !== 'GET /openapi.json') expect(headers['cache-control']).toBe(caching);
  });

  it('is a failure in most places, so that the above says something', async () => {
    const statuses = await Promise.all(
      [
        'POST /v1/ask',
        'POST /v1/messages',
        'POST /admin/adapters',
        'GET /admin/observations',
        'GET /admin/keys',
      ].map(async (target) => (await gateway.asAdmin(target, { body: BODIES[target] ?? undefined })).status),
    );

    for (const status of statuses) expect(status).toBeGreaterThanOrEqual(500);
    expect(gateway.log.failures.length).toBeGreaterThan(0);
  });
});
