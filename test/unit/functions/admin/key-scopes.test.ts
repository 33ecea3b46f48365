import { beforeEach, describe, expect, it } from 'vitest';
import { FakeGateway } from '../../../support/fakes/gateway.ts';
import type { Reply } from '../../../support/fakes/http.ts';

describe('scopes of keys', () => {
  let gateway: FakeGateway;
  beforeEach(() => {
    gateway = new FakeGateway();
  });

  const post = (body: object, key?: string): Promise<Reply> =>
    key === undefined
      ? gateway.asAdmin('POST /admin/keys', { body })
      : gateway.call('POST /admin/keys', { body, key });
  const make = async (body: object): Promise<string> =>
    String((await post({ tenant_id: 'acme', ...body })).json.key);

  it('are kept once each and shown', async () => {
    const { status, json } = await post({ tenant_id: 'acme', scopes: ['plan', 'ask', 'plan'] });

    expect([status, json.scopes]).toEqual([201, ['plan', 'ask']]);
  });

  it.each([
    [['nothing'], '/scopes/0'],
    [['ask', 'keys:write'], '/scopes/1'],
    [[], '/scopes'],
    ['ask', '/scopes'],
  ])('%j are refused by the name of the field', async (scopes, path) => {
    const { status, json } = await post({ tenant_id: 'acme', scopes });

    expect([status, json.errors?.[0]?.path]).toEqual([400, path]);
  });

  it('permit of the roles what they name, and nothing else', async () => {
    const key = await make({ roles: ['operator'], scopes: ['adapters:read'] });
    const statuses = await Promise.all(
      ['GET /admin/adapters', 'GET /v1/models', 'GET /admin/keys'].map((route) =>
        gateway.call(route, { key }),
      ),
    );

    expect(statuses.map(({ status }) => status)).toEqual([200, 403, 403]);
  });

  it('do not let a narrowed operator make a wider key, nor get one by rotation', async () => {
    const key = await make({ roles: ['operator'], scopes: ['keys:write', 'ask'] });
    const wide = await post({ tenant_id: 'acme' });
    const rotate = (id: unknown) =>
      gateway.call('POST /admin/keys/{id}/rotate', { key, path: { id: String(id) }, body: {} });

    const replies = [
      await post({ tenant_id: 'acme', roles: ['operator'] }, key),
      await post({ tenant_id: 'acme', roles: ['operator'], scopes: ['flags:write'] }, key),
      await rotate(wide.json.id),
      await post({ tenant_id: 'acme', scopes: ['ask'] }, key),
    ];

    expect(replies.map(({ status }) => status)).toEqual([403, 403, 403, 201]);
    expect((await rotate(replies[3]?.json.id)).status).toBe(201);
  });
});

describe('the last use of a key', () => {
  let gateway: FakeGateway;
  beforeEach(() => {
    gateway = new FakeGateway();
  });

  const uses = async (): Promise<unknown[]> =>
    ((await gateway.asAdmin('GET /admin/keys')).json as unknown as { last_used_at?: string }[]).map(
      ({ last_used_at }) => last_used_at,
    );

  it('is written when the reply is there, and at most every five minutes', async () => {
    const key = await gateway.keyOf('acme');
    const unused = await uses();
    await gateway.call('GET /v1/models', { key });
    const first = await uses();
    await gateway.clock.advance(299_000);
    await gateway.call('GET /v1/models', { key });
    const second = await uses();
    await gateway.clock.advance(1_000);
    await gateway.call('GET /v1/models', { key });

    expect([unused, first, second, await uses()]).toEqual([
      [undefined],
      ['2026-01-05T12:00:00.000Z'],
      ['2026-01-05T12:00:00.000Z'],
      ['2026-01-05T12:05:00.000Z'],
    ]);
  });

  it('that cannot be written costs no reply, is told, and is tried again', async () => {
    const key = await gateway.keyOf('acme');
    const { note } = gateway.keys;
    gateway.keys.note = () => Promise.reject(new Error('the table is away'));
    const { status } = await gateway.call('GET /v1/models', { key });
    gateway.keys.note = note;
    await gateway.clock.advance(10_000);
    await gateway.call('GET /v1/models', { key });

    expect(status).toBe(200);
    expect(gateway.log.failures.map(({ cause }) => (cause as Error).message)).toEqual(['the table is away']);
    expect(await uses()).toEqual(['2026-01-05T12:00:10.000Z']);
  });

  it('is not that of a key that was refused', async () => {
    const key = await gateway.keyOf('acme', ['caller'], '2026-01-05T12:00:00.000Z');

    expect((await gateway.call('GET /v1/models', { key })).status).toBe(401);
    expect(await uses()).toEqual([undefined]);
  });
});
