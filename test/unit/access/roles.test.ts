/** Who may do what: every cell of role by route, through the handlers. A new route is a new row. */
import { beforeAll, describe, expect, it } from 'vitest';
import { ROUTES, type Route } from '../../../shared/config/routes.ts';
import { SCOPE_NAMES, scopeOf } from '../../../shared/config/scopes.ts';
import { ROLES, type Role } from '../../../shared/model/tenant.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { FakeSocketGateway } from '../../support/fakes/socket-gateway.ts';

const nameOf = ({ method, resource }: Route): string => `${method} ${resource}`;
const GUARDED = ROUTES.filter(({ access }) => access !== 'public').map(
  (route) => [nameOf(route), route] as const,
);
const PUBLIC = ROUTES.filter(({ access }) => access === 'public').map(nameOf);

/** As little as gets past the checks of the caller. */
const callOf = ({ maxBody, resource }: Route) => ({
  ...(maxBody === 0 ? {} : { body: {} }),
  path: Object.fromEntries([...resource.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, 'nobody'])),
});

const isRefused = (status: number): boolean => status === 401 || status === 403;

describe.each(GUARDED)('%s', (name, route) => {
  /** Asking changes nothing here: there is nobody that a call could be about. */
  let gateway: FakeGateway;
  beforeAll(() => {
    gateway = new FakeGateway();
  });

  it.each(ROLES)('to %s', async (role) => {
    const key = await gateway.keyOf('acme', [role]);
    const { status } = await gateway.call(name, { ...callOf(route), key });

    if (route.access !== 'public' && route.access.includes(role)) expect(isRefused(status)).toBe(false);
    else expect(status).toBe(403);
  });

  it('to nobody without a role, and nobody without a key', async () => {
    const key = await gateway.keyOf('acme', []);
    const call = callOf(route);
    const replies = [await gateway.call(name, { ...call, key }), await gateway.call(name, call)];

    expect(replies.map(({ status }) => status)).toEqual([403, 401]);
    expect(replies[1]?.headers['www-authenticate']).toBe('Bearer realm="atp-router"');
  });

  it('to a narrowed key with its scope, and with no other', async () => {
    const statusWith = async (scopes: string[]): Promise<number> => {
      const key = await gateway.keyOf('acme', [...ROLES]);
      const record = (await gateway.keys.list()).find(
        ({ roles, scopes }) => roles.length === ROLES.length && scopes === undefined,
      );
      if (record === undefined) throw new Error('it was made');
      await gateway.keys.delete(record.id);
      await gateway.keys.create({ ...record, scopes });
      return (await gateway.call(name, { ...callOf(route), key })).status;
    };
    const scope = scopeOf(route);
    const others = SCOPE_NAMES.filter((other) => other !== scope);

    expect(isRefused(await statusWith([scope]))).toBe(false);
    expect(await statusWith(others)).toBe(403);
  });
});

describe('the table', () => {
  const TENANTS_ROLES: readonly Role[] = ['owner', 'developer', 'caller'];

  it('shows nothing of the administration to tenants', () => {
    const open = ROUTES.filter(({ resource }) => resource.startsWith('/admin'));

    expect(open.length).toBeGreaterThan(20);
    for (const { access } of open) {
      expect(access).not.toBe('public');
      expect(TENANTS_ROLES.filter((role) => (access as readonly Role[]).includes(role))).toEqual([]);
    }
  });

  it('lets auditors read and change nothing', () => {
    const asked = ROUTES.filter(({ method, access }) => method !== 'GET' && access.includes('auditor'));

    // A text is looked at, and nothing of it is kept.
    expect(asked.map(nameOf)).toEqual(['POST /admin/privacy/preview']);
  });

  it('is public where nothing of anybody is shown', async () => {
    expect(
      PUBLIC.filter((name) => !/^GET \/(healthz|livez|readyz|startupz|openapi\.json)$/.test(name)),
    ).toEqual([]);
    const statuses = await Promise.all(
      PUBLIC.map(async (name) => (await new FakeGateway().call(name)).status),
    );
    expect(statuses.filter(isRefused)).toEqual([]);
  });
});

describe('a WebSocket', () => {
  it.each(ROLES)('to %s', async (role) => {
    const sockets = new FakeSocketGateway();
    const key = await sockets.gateway.keyOf('acme', [role]);
    const { statusCode } = await sockets.connect('c', { 'x-api-key': key });

    expect(statusCode).toBe(role === 'auditor' ? 403 : 200);
  });

  it.each([
    ['ask', undefined, 200],
    ['plan', undefined, 403],
    ['mcp', undefined, 403],
    ['mcp', 'mcp', 200],
    ['ask', 'mcp', 403],
  ])('to a key narrowed to %s that speaks %s', async (scope, protocol, expected) => {
    const sockets = new FakeSocketGateway();
    const body = { tenant_id: 'acme', scopes: [scope] };
    const { json } = await sockets.gateway.asAdmin('POST /admin/keys', { body });
    const spoken: Record<string, string> =
      protocol === undefined ? {} : { 'sec-websocket-protocol': protocol };
    const reply = await sockets.connect('c', { 'x-api-key': String(json.key), ...spoken });

    expect(reply.statusCode).toBe(expected);
  });

  it('lets a narrowed key call the tools of its scopes only', async () => {
    const sockets = new FakeSocketGateway();
    await sockets.gateway.withModel('small');
    const body = { tenant_id: 'acme', scopes: ['mcp', 'plan'] };
    const { json } = await sockets.gateway.asAdmin('POST /admin/keys', { body });
    await sockets.connect('c', { 'x-api-key': String(json.key), 'sec-websocket-protocol': 'mcp' });
    for (const [id, tool] of ['plan', 'ask'].entries()) {
      const params = { name: tool, arguments: { prompt: 'hello' }, _meta: { progressToken: id } };
      await sockets.send('c', { jsonrpc: '2.0', id, method: 'tools/call', params });
      await sockets.work();
    }
    const [plan, ask] = sockets.sockets.received('c').map((text) => JSON.parse(text));

    expect(plan.result.isError).toBeUndefined();
    expect(ask.result).toMatchObject({ isError: true });
    expect(ask.result.content[0].text).toContain('"code":"forbidden"');
  });
});
