import { beforeEach, describe, expect, it } from 'vitest';
import { TELLINGS } from '../../../../functions/admin/routes/events.ts';
import { ROUTES } from '../../../../shared/config/routes.ts';
import { eventsReply } from '../../../../shared/model/admin-replies.ts';
import { FakeGateway } from '../../../support/fakes/gateway.ts';

describe('GET /admin/events', () => {
  let gateway: FakeGateway;
  beforeEach(() => {
    gateway = new FakeGateway();
  });

  const events = async (query: Record<string, string> = {}) => {
    const { text } = await gateway.asAdmin('GET /admin/events', { query });
    return eventsReply.parse(JSON.parse(text));
  };

  it('tells of every change that an operator made, newest first, and by which key', async () => {
    const id = { id: 'p' };
    await gateway.withModel('m');
    await gateway.asAdmin('DELETE /admin/adapters/{id}', { path: { id: 'm' } });
    const made = await gateway.asAdmin('POST /admin/keys', { body: { tenant_id: 'acme' } });
    await gateway.asAdmin('DELETE /admin/keys/{id}', { path: { id: String(made.json.id) } });
    await gateway.asAdmin('POST /admin/quotas', { body: { tenant_id: 'acme' } });
    await gateway.asAdmin('PUT /admin/flags', { body: { selector: { rust_percent: 5 } } });
    await gateway.asAdmin('POST /admin/drain', { body: { enabled: true, patience_ms: 0 } });
    await gateway.asAdmin('POST /admin/drain', { body: { enabled: false } });
    await gateway.asAdmin('PUT /admin/policies/{id}', { path: id, body: { strategy: 'greedy' } });
    await gateway.asAdmin('DELETE /admin/policies/{id}', { path: id });

    const told = await events();

    expect(told.map(({ type, subject }) => [type, subject]).reverse()).toEqual([
      ['adapter.registered', 'm'],
      ['adapter.removed', 'm'],
      ['key.created', made.json.id],
      ['key.revoked', made.json.id],
      ['quota.set', 'acme'],
      ['flags.changed', undefined],
      ['drain.began', undefined],
      ['drain.ended', undefined],
      ['policy.changed', 'p'],
      ['policy.removed', 'p'],
    ]);
    expect(new Set(told.map(({ by }) => by))).toEqual(new Set(['admin']));
    expect((await events({ tenant_id: 'acme' })).map(({ type }) => type)).toEqual([
      'quota.set',
      'key.created',
    ]);
    expect(JSON.stringify(told)).not.toContain(String(made.json.key).split('_').at(-1));
  });

  it('has an event for every route that changes something', () => {
    const changing = ROUTES.filter(({ function: fn, method }) => fn === 'admin' && method !== 'GET');
    const untold = changing
      .map(({ method, resource }) => `${method} ${resource}`)
      .filter((key) => !(key in TELLINGS));
    expect(untold).toEqual([]);
  });

  it('tells nothing of what was refused', async () => {
    await gateway.asAdmin('PUT /admin/flags', { body: {} });
    await gateway.asAdmin('DELETE /admin/adapters/{id}', { path: { id: 'nothing' } });

    expect(await events()).toEqual([]);
  });

  it('fails no change while it cannot be kept', async () => {
    gateway.events.append = () => Promise.reject(new Error('away'));

    expect(
      (await gateway.asAdmin('PUT /admin/flags', { body: { selector: { enabled: false } } })).status,
    ).toBe(200);
  });

  it('tells once of a breaker that opens, and once of its closing', async () => {
    await gateway.withModel('m');
    const adapter = await gateway.config.getAdapter('m');
    if (adapter === undefined) throw new Error('the model is missing');
    const health = gateway.adapterHealth;
    for (let call = 0; call < 7; call++)
      health.record(adapter, { result: 'failed', probe: false, error: 'timeout' });
    await health.flush();
    await gateway.clock.advance(60_000);
    expect(await health.claim(adapter, 1_000)).toBe(true);
    health.record(adapter, { result: 'ok', probe: true });
    await health.flush();

    const told = (await events()).filter(({ type }) => type.startsWith('adapter.breaker'));
    expect(told.map(({ type, subject, by }) => [type, subject, by])).toEqual([
      ['adapter.breaker_closed', 'm', undefined],
      ['adapter.breaker_opened', 'm', undefined],
    ]);
  });
});
