import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.ts';
import {
  adapterTestReply,
  auditVerificationReply,
  meReply,
} from '../../../../shared/model/console-replies.ts';
import { FakeGateway } from '../../../support/fakes/gateway.ts';

const SECRET = 'sk-live-0123456789';

describe('POST /admin/adapters/{id}/test', () => {
  const test = async (gateway: FakeGateway) => {
    const { status, text } = await gateway.asAdmin('POST /admin/adapters/{id}/test', {
      path: { id: 'm' },
      body: {},
    });
    expect(status).toBe(200);
    return adapterTestReply.parse(JSON.parse(text));
  };

  it('says how one call went, writes it down, and charges nobody', async () => {
    const gateway = new FakeGateway();
    await gateway.withModel('m');

    const trial = await test(gateway);

    expect(trial).toMatchObject({ ok: true, model: 'm', error: null });
    expect(trial.tokens_out).toBeGreaterThan(0);
    expect((await gateway.observations.list({ limit: 9 })).items).toEqual([]);
    const audited = (await gateway.auditStore.list({ limit: 9 })).items.map(({ action }) => action);
    expect(audited).toContain('POST /admin/adapters/{id}/test');
  });

  it.each([
    ['key_refused', new AppError('upstream_error', SECRET, { fault: 'key_refused' }), 'refuses the key'],
    ['timeout', new AppError('upstream_timeout', SECRET), 'in time'],
    ['internal', new Error(SECRET), 'could not be made'],
  ])('says in words of its own what is wrong: %s', async (code, error, words) => {
    const gateway = new FakeGateway({
      client: {
        // biome-ignore lint/correctness/useYield: it fails before it says anything.
        async *call() {
          throw error;
        },
      },
    });
    await gateway.withModel('m');

    const trial = await test(gateway);

    expect(trial).toMatchObject({ ok: false, tokens_in: null, first_byte_ms: null, error: { code } });
    expect(trial.error?.message).toContain(words);
    expect(JSON.stringify(trial)).not.toContain(SECRET);
  });

  it('is not found where there is no such model', async () => {
    const call = { path: { id: 'nobody' }, body: {} };
    expect((await new FakeGateway().asAdmin('POST /admin/adapters/{id}/test', call)).status).toBe(404);
  });
});

describe('GET /admin/audit/verify', () => {
  const verify = async (gateway: FakeGateway, query: Record<string, string> = {}) => {
    const { status, text } = await gateway.asAdmin('GET /admin/audit/verify', { query });
    expect(status).toBe(200);
    return auditVerificationReply.parse(JSON.parse(text));
  };

  it("verifies all, or one tenant's, and names what is broken", async () => {
    const gateway = new FakeGateway();
    for (const tenant_id of ['acme', 'globex'])
      await gateway.asAdmin('POST /admin/quotas', { body: { tenant_id, rate_limit: { rps: 9 } } });

    const all = await verify(gateway);
    const one = await verify(gateway, { tenant_id: 'acme' });

    expect(all).toMatchObject({ ok: true, complete: true, broken: [] });
    expect(one).toMatchObject({ ok: true, complete: true, chains: 2 });
    expect(all.chains).toBeGreaterThan(one.chains);
    expect(all).not.toHaveProperty('anchors');

    const entries = gateway.auditStore.entries.bind(gateway.auditStore);
    gateway.auditStore.entries = async (chain, ...rest) =>
      (await entries(chain, ...rest)).map((entry) =>
        chain.endsWith('acme') ? { ...entry, document: entry.document.replace('9', '10') } : entry,
      );

    expect((await verify(gateway, { tenant_id: 'globex' })).ok).toBe(true);
    expect(await verify(gateway)).toMatchObject({ ok: false, first_broken: { seq: 1, fault: 'edited' } });
  });

  it('says where time was over before the end', async () => {
    const gateway = new FakeGateway();
    await gateway.asAdmin('POST /admin/quotas', { body: { tenant_id: 'acme', rate_limit: { rps: 9 } } });
    const head = gateway.auditStore.head.bind(gateway.auditStore);
    gateway.auditStore.head = async (chain) => {
      await gateway.clock.advance(21_000);
      return head(chain);
    };

    expect(await verify(gateway)).toMatchObject({ complete: false, entries: 0 });
  });
});

describe('GET /admin/me', () => {
  it('says whose key it is, and no more', async () => {
    const gateway = new FakeGateway();
    const { text } = await gateway.call('GET /admin/me', { key: await gateway.keyOf('acme', ['auditor']) });

    expect(meReply.parse(JSON.parse(text))).toMatchObject({
      tenant_id: 'acme',
      roles: ['auditor'],
      stage: 'test',
    });
  });
});
