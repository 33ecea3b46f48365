/** A tenant with another's ids, on every route: nothing of the other is shown, and nothing is changed. A new route is tried too. */
import { beforeEach, describe, expect, it } from 'vitest';
import { ROUTES, type Route } from '../../../shared/config/routes.ts';
import type { Role } from '../../../shared/model/tenant.ts';
import type { Call } from '../../support/fakes/http.ts';
import { FakeSocketGateway } from '../../support/fakes/socket-gateway.ts';

const THEIRS = 'acme';
const SECRET = 'the-price-of-tin';
const SESSION = 'their-session';
const AGAIN = 'their-idempotency-key';
const ROLES_OF_TENANTS: readonly Role[] = ['owner', 'developer', 'caller'];

const GUARDED = ROUTES.filter(({ access }) => access !== 'public').map(
  (route) => [`${route.method} ${route.resource}`, route] as const,
);

/** What gets past each route's schema, with the other tenant's ids wherever it takes some. */
const BODIES: Readonly<Record<string, (requestId: string) => object>> = {
  'POST /v1/ask': () => ({ prompt: 'mine', session_id: SESSION }),
  'POST /v1/plan': () => ({ prompt: 'mine', session_id: SESSION }),
  'POST /v1/chat/completions': () => ({
    model: 'auto',
    messages: [{ role: 'user', content: 'mine' }],
    user: THEIRS,
  }),
  'POST /v1/responses': () => ({ model: 'auto', input: 'mine' }),
  'POST /v1/embeddings': () => ({ model: 'vectors', input: 'mine' }),
  'POST /v1/messages': () => ({
    model: 'auto',
    max_tokens: 9,
    messages: [{ role: 'user', content: 'mine' }],
  }),
  'POST /v1/observe': (request_id) => ({ request_id, quality_score: 0 }),
  'POST /mcp': (request_id) => ({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'observe', arguments: { request_id, quality_score: 0 } },
  }),
  'POST /admin/quotas': () => ({ tenant_id: THEIRS, rate_limit: { rps: 1 } }),
  'POST /admin/keys': () => ({ tenant_id: THEIRS, roles: ['operator'] }),
};

describe('a tenant with the ids of another', () => {
  let sockets: FakeSocketGateway;
  let requestId = '';
  let keyId = '';

  beforeEach(async () => {
    sockets = new FakeSocketGateway();
    const { gateway } = sockets;
    const echo = { simulated: { latency_ms: 0, jitter: 0, echo: true } };
    await gateway.withModel('small', echo);
    await gateway.withModel('vectors', { capabilities: ['embeddings'] });
    await gateway.asAdmin('POST /admin/quotas', { body: { tenant_id: THEIRS, rate_limit: { rps: 77 } } });
    const { json } = await gateway.asAdmin('POST /admin/keys', { body: { tenant_id: THEIRS, name: SECRET } });
    keyId = String(json.id);
    const asked = await gateway.call('POST /v1/ask', {
      key: String(json.key),
      body: { prompt: SECRET, session_id: SESSION },
      headers: { 'idempotency-key': AGAIN },
    });
    requestId = String(asked.json.request_id);
    expect(asked.text).toContain(SECRET);
  });

  /** All that is known of the other tenant. */
  const theirs = async (): Promise<unknown> => {
    const { gateway } = sockets;
    const { items } = await gateway.observations.list({ limit: 99, tenant_id: THEIRS });
    const keys = await gateway.keys.list();
    return {
      items,
      keys: keys.filter(({ tenant_id }) => tenant_id === THEIRS),
      quota: (await gateway.asAdmin('GET /admin/quotas/{tenant}', { path: { tenant: THEIRS } })).json,
      flags: await gateway.config.getFlags(),
      drain: await gateway.config.getDrain(),
      adapters: await gateway.config.listAdapters(),
    };
  };

  const callOf = (name: string, { method, resource, maxBody }: Route): Call => {
    const names = [...resource.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => String(parameter));
    const isOfKeys = resource.startsWith('/admin/keys');
    const value = (parameter: string): string =>
      isOfKeys ? keyId : parameter === 'tenant' || resource.includes('tenants') ? THEIRS : 'small';
    return {
      path: Object.fromEntries(names.map((parameter) => [parameter, value(parameter)])),
      headers: { 'idempotency-key': AGAIN, accept: 'application/json, text/event-stream' },
      ...(method === 'GET' ? { query: { tenant_id: THEIRS } } : {}),
      ...(maxBody === 0 ? {} : { body: BODIES[name]?.(requestId) ?? { tenant_id: THEIRS } }),
    };
  };

  it.each(GUARDED)('on %s, in every role', async (name, route) => {
    const before = await theirs();
    const call = callOf(name, route);
    for (const role of ROLES_OF_TENANTS) {
      const key = await sockets.gateway.keyOf('globex', [role]);
      const own = await sockets.gateway.call(name, { ...call, key });
      const named = await sockets.gateway.call(name, {
        ...call,
        key,
        headers: { ...call.headers, 'x-tenant-id': THEIRS },
      });

      expect(named.status, role).toBe(403);
      // What is refused for its form would prove nothing.
      if (name in BODIES) expect([200, 403, 404], role).toContain(own.status);
      for (const told of [own, named]) {
        const text = told.text + JSON.stringify(told.headers);
        expect(text, role).not.toContain(SECRET);
        expect(text, role).not.toMatch(/acme|"rps":77/);
      }
    }
    expect(await theirs()).toEqual(before);
  });

  it('is told of an answer of theirs that there is none', async () => {
    const key = await sockets.gateway.keyOf('globex');
    const scored = await sockets.gateway.call('POST /v1/observe', {
      key,
      body: { request_id: requestId, quality_score: 0 },
    });
    const unknown = await sockets.gateway.call('POST /v1/observe', {
      key,
      body: { request_id: '0197a000-0000-7000-8000-000000000000', quality_score: 0 },
    });

    expect([scored.status, unknown.status]).toEqual([404, 404]);
    expect(scored.json.detail).toBe(unknown.json.detail);
  });

  it('gets its own answer under an idempotency key of theirs', async () => {
    const key = await sockets.gateway.keyOf('globex');
    const { status, json, headers } = await sockets.gateway.call('POST /v1/ask', {
      key,
      body: { prompt: SECRET.toUpperCase(), session_id: SESSION },
      headers: { 'idempotency-key': AGAIN },
    });

    expect([status, headers['idempotent-replayed']]).toEqual([200, undefined]);
    expect(json.request_id).not.toBe(requestId);
  });

  it('neither takes up nor cancels an answer of theirs on a socket', async () => {
    await sockets.open('theirs', THEIRS);
    await sockets.open('mine', 'globex');
    await sockets.send('theirs', { type: 'ask', id: 'one', prompt: SECRET });
    await sockets.send('mine', { type: 'cancel', id: 'one' });
    await sockets.work();
    const answer = sockets.frames('theirs').at(-1);
    const request_id = (answer as { request_id?: string }).request_id;
    await sockets.send('mine', { type: 'resume', request_id, after_seq: -1 });

    expect(answer).toMatchObject({ type: 'response', id: 'one' });
    expect(sockets.frames('mine')).toMatchObject([{ type: 'error', code: 'not_found' }]);
    expect(JSON.stringify(sockets.sockets.received('mine'))).not.toContain(SECRET);
  });
});
