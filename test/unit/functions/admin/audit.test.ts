import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryAuditStore } from '../../../../shared/adapters/memory/audit-store.ts';
import { auditReply } from '../../../../shared/model/audit-replies.ts';
import { verify } from '../../../support/fakes/audit.ts';
import { ADMIN_KEY, FakeGateway } from '../../../support/fakes/gateway.ts';

interface Entry {
  id: string;
  kind: string;
  action: string;
  outcome: string;
  tenant_id?: string;
  actor?: { key_id: string; tenant_id: string; roles: string[] };
  target?: Record<string, string>;
  change?: Record<string, unknown>;
  status?: number;
  request_id?: string;
  begun_by?: string;
  count?: number;
}

describe('the audit log of the admin routes', () => {
  let gateway: FakeGateway;
  beforeEach(() => {
    gateway = new FakeGateway();
  });

  const entries = async (query: Record<string, string> = {}): Promise<Entry[]> => {
    const { status, json } = await gateway.asAdmin('GET /admin/audit', { query });
    expect(status).toBe(200);
    auditReply.parse(json);
    return (json as unknown as Entry[]).filter(({ kind }) => kind !== 'system');
  };

  it('holds a change before and after it was made, by whom and for which tenant', async () => {
    const body = { tenant_id: 'acme', roles: ['caller'], name: 'Ada' };
    const made = await gateway.asAdmin('POST /admin/keys', {
      body,
      headers: { 'x-request-id': 'request-1' },
    });

    const [ended, begun, ...others] = await entries();

    expect(made.status).toBe(201);
    expect(others).toEqual([]);
    const known = {
      kind: 'change',
      action: 'POST /admin/keys',
      tenant_id: 'acme',
      actor: { key_id: 'admin', tenant_id: 'default', roles: ['operator'] },
      request_id: 'request-1',
    };
    expect(begun).toMatchObject({
      ...known,
      outcome: 'begun',
      change: { tenant_id: 'acme', roles: ['caller'], name: '[text]' },
    });
    expect(ended).toMatchObject({ ...known, outcome: 'succeeded', status: 201, begun_by: begun?.id });
    expect(await verify(gateway.auditStore)).toMatchObject({ ok: true });
  });

  it('holds a change that failed, and what was named', async () => {
    await gateway.asAdmin('DELETE /admin/adapters/{id}', { path: { id: 'no-such-model' } });

    const [ended, begun] = await entries();

    expect(ended).toMatchObject({ outcome: 'failed', status: 404 });
    expect(begun).toMatchObject({ outcome: 'begun', target: { id: 'no-such-model' } });
  });

  it('holds neither secrets nor personal data nor free text', async () => {
    const planted = [
      'sk-planted-secret-0123456789',
      'jane.doe@example.com',
      'atp_test_abcd_secretsecretsecret',
    ];
    const [secret = '', email = '', key = ''] = planted;
    const model = { id: 'm', cost_per_1k: 1, provider: 'openai' };
    await gateway.asAdmin('POST /admin/adapters', { body: { ...model, api_key: secret } });
    await gateway.asAdmin('POST /admin/adapters', { body: { ...model, model: email } });
    await gateway.asAdmin('POST /admin/adapters', { body: { ...model, model: key } });
    await gateway.asAdmin('POST /admin/drain', {
      body: { enabled: true, reason: 'ask Jane', patience_ms: 0 },
    });
    await gateway.asAdmin('DELETE /admin/keys/{id}', { path: { id: key } });
    await gateway.asAdmin('DELETE /admin/keys/{id}', { path: { id: email } });
    await gateway.asAdmin('POST /admin/quotas', { body: { tenant_id: '123-45-6789', rate_limit: {} } });
    await gateway.call('POST /v1/ask', {
      key: secret,
      headers: { 'x-request-id': 'sk-planted-secret-0123456789' },
      body: { prompt: email },
    });

    const written = JSON.stringify([...gateway.auditStore.chains]);

    for (const text of [...planted, '123-45-6789', 'Jane', 'Ada']) expect(written).not.toContain(text);
    expect(written).toContain('\\"api_key\\":\\"[secret]\\"');
    expect(written).toContain('[withheld]');
  });

  it('lets no change be made that cannot be written down', async () => {
    Object.assign(gateway.auditStore, { append: () => Promise.reject(new Error('away')) });

    const { status, json } = await gateway.asAdmin('POST /admin/adapters', {
      body: { id: 'm', cost_per_1k: 1 },
    });

    expect(status).toBe(503);
    expect(json).toMatchObject({
      code: 'unavailable',
      detail: expect.stringContaining('Nothing was changed'),
    });
    expect(await gateway.config.listAdapters()).toEqual([]);
  });

  it('answers as it would where only the end of a change cannot be written down', async () => {
    const append = MemoryAuditStore.prototype.append.bind(gateway.auditStore);
    let appends = 0;
    Object.assign(gateway.auditStore, {
      append: (...args: Parameters<typeof append>) => {
        appends += 1;
        return appends === 1 ? append(...args) : Promise.reject(new Error('away'));
      },
    });

    const { status } = await gateway.asAdmin('POST /admin/adapters', { body: { id: 'm', cost_per_1k: 1 } });

    expect(status).toBe(200);
    expect((await entries()).map(({ outcome }) => outcome)).toEqual(['begun']);
    expect(gateway.log.failures).toHaveLength(1);
  });

  it('writes a change down once where its reply is given again', async () => {
    const call = { body: { tenant_id: 'acme' }, headers: { 'idempotency-key': 'once' } };
    await gateway.asAdmin('POST /admin/keys', call);
    await gateway.asAdmin('POST /admin/keys', call);

    expect(await entries()).toHaveLength(2);
  });

  it('writes nothing for what only reads, nor for an ask', async () => {
    await gateway.withModel('m');
    const before = (await entries()).length;
    await gateway.asAdmin('GET /admin/adapters');
    await gateway.call('POST /v1/ask', { key: await gateway.keyOf('acme'), body: { prompt: 'Hello' } });

    expect(await entries()).toHaveLength(before);
  });

  it('holds who was refused: nobody known, and a key of another role', async () => {
    const key = await gateway.keyOf('acme');
    await gateway.call('GET /admin/keys', { key });
    await gateway.call('POST /v1/ask', { key, headers: { 'x-tenant-id': 'other' }, body: { prompt: 'x' } });
    await gateway.call('POST /v1/ask', { body: { prompt: 'Hello' } });

    const denied = (await entries({ kind: 'denied' })).reverse();

    expect(denied).toMatchObject([
      {
        action: 'GET /admin/keys',
        outcome: 'forbidden',
        status: 403,
        tenant_id: 'acme',
        actor: { tenant_id: 'acme', roles: ['caller'] },
      },
      { action: 'POST /v1/ask', outcome: 'forbidden', status: 403, tenant_id: 'acme' },
      { action: 'POST /v1/ask', outcome: 'unauthenticated', status: 401 },
    ]);
    expect(denied[2]).not.toHaveProperty('actor');
    expect(await entries({ tenant_id: 'acme', outcome: 'forbidden' })).toHaveLength(2);
  });

  it('goes on page by page, with the same filters', async () => {
    for (let index = 0; index < 4; index++)
      await gateway.asAdmin('POST /admin/keys', { body: { tenant_id: 'acme' } });

    const first = await gateway.asAdmin('GET /admin/audit', { query: { tenant_id: 'acme', limit: '5' } });
    const next = /<(.*)>; rel="next"/.exec(first.headers.link ?? '')?.[1] ?? '';
    const query = Object.fromEntries(new URL(next, 'http://x').searchParams);
    const second = await gateway.asAdmin('GET /admin/audit', { query });

    expect(query).toMatchObject({ tenant_id: 'acme', limit: '5' });
    expect([first.json, second.json].map((page) => (page as unknown as Entry[]).length)).toEqual([5, 3]);
    expect(second.headers.link).toBeUndefined();
  });

  it.each([
    ['limit', '0'],
    ['kind', 'other'],
    ['outcome', 'other'],
    ['action', 'drop table'],
    ['actor', 'a b'],
    ['since', 'yesterday'],
    ['cursor', 'x'],
    ['unknown', '1'],
  ])('refuses a %s that is not valid, and names it', async (name, value) => {
    const { status, json } = await gateway.asAdmin('GET /admin/audit', { query: { [name]: value } });

    expect(status).toBe(400);
    expect(JSON.stringify(json)).toContain('/query');
  });

  it.each([
    ['auditor', 200],
    ['operator', 200],
    ['owner', 403],
    ['caller', 403],
  ] as const)('answers the role %s with %i', async (role, status) => {
    const key = await gateway.keyOf('acme', [role]);

    expect((await gateway.call('GET /admin/audit', { key })).status).toBe(status);
    expect(ADMIN_KEY).not.toBe(key);
  });
});
