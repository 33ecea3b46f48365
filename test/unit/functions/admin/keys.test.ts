import { beforeEach, describe, expect, it } from 'vitest';
import { FakeGateway } from '../../../support/fakes/gateway.ts';

describe('/admin/keys', () => {
  let gateway: FakeGateway;

  beforeEach(() => {
    gateway = new FakeGateway();
  });

  const post = (body: object) => gateway.asAdmin('POST /admin/keys', { body });
  const list = async () => (await gateway.asAdmin('GET /admin/keys')).text;
  const revoke = (id: string) => gateway.asAdmin('DELETE /admin/keys/{id}', { path: { id } });

  it('makes a key that works at once, for a caller where no role is named', async () => {
    const { status, json } = await post({ tenant_id: 'acme' });

    expect(status).toBe(201);
    expect(json).toEqual({
      id: expect.stringMatching(/^[0-9a-z]{16}$/),
      tenant_id: 'acme',
      roles: ['caller'],
      key: expect.stringMatching(/^atp_test_/),
      created_at: '2026-01-05T12:00:00.000Z',
    });
    expect((await gateway.call('GET /v1/models', { key: String(json.key) })).status).toBe(200);
  });

  it('shows the key this once, and its hash never', async () => {
    const { json } = await post({ tenant_id: 'acme', name: 'build' });
    const secret = String(json.key).split('_').at(-1) ?? '';

    const listed = await list();

    expect(JSON.parse(listed)).toEqual([
      { id: json.id, tenant_id: 'acme', roles: ['caller'], name: 'build', created_at: json.created_at },
    ]);
    expect(listed).not.toContain(secret);
    expect(JSON.stringify(await gateway.keys.list())).not.toContain(secret);
  });

  it('keeps roles once each, an expiry in UTC and a redacted name', async () => {
    const { json } = await post({
      tenant_id: 'acme',
      roles: ['owner', 'auditor', 'owner'],
      name: 'of john.doe@example.com',
      expires_at: '2026-02-01T00:00:00+02:00',
    });

    expect(json).toMatchObject({
      roles: ['owner', 'auditor'],
      name: 'of [REDACTED:EMAIL]',
      expires_at: '2026-01-31T22:00:00.000Z',
    });
  });

  it.each<[string, object]>([
    ['/tenant_id', {}],
    ['/tenant_id', { tenant_id: '-x' }],
    ['/tenant_id', { tenant_id: '123-45-6789' }],
    ['/tenant_id', { tenant_id: 'x'.repeat(129) }],
    ['/roles', { tenant_id: 'acme', roles: [] }],
    ['/roles/0', { tenant_id: 'acme', roles: ['god'] }],
    ['/expires_at', { tenant_id: 'acme', expires_at: 'tomorrow' }],
    ['/expires_at', { tenant_id: 'acme', expires_at: '2026-01-05T12:00:00Z' }],
    ['/name', { tenant_id: 'acme', name: '' }],
    ['/secret', { tenant_id: 'acme', secret: 'mine' }],
  ])('names %s in %j', async (path, body) => {
    const { status, json } = await post(body);

    expect([status, json.errors?.map((error) => error.path)]).toEqual([400, [path]]);
    expect(await list()).toBe('[]');
  });

  it('answers 503 where keys cannot be hashed', async () => {
    await gateway.secrets.delete('pepper');

    expect((await post({ tenant_id: 'acme' })).status).toBe(503);
  });

  it('revokes a key within 30 s', async () => {
    const { json } = await post({ tenant_id: 'acme' });
    const key = String(json.key);
    await gateway.call('GET /v1/models', { key });

    expect((await revoke(String(json.id))).status).toBe(204);
    await gateway.clock.advance(25_001);

    expect((await gateway.call('GET /v1/models', { key })).status).toBe(401);
    expect((await revoke(String(json.id))).status).toBe(404);
  });

  it.each(['', 'admin', 'a b', 'UPPER', 'x'.repeat(33)])('knows no key %j', async (id) => {
    expect((await revoke(id)).status).toBe(404);
  });
});
