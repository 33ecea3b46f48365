import { describe, expect, it } from 'vitest';
import { FakeGateway } from '../../support/fakes/gateway.ts';

const setUp = async () => {
  const gateway = new FakeGateway();
  await gateway.withModel('a');
  await gateway.withModel('off', { enabled: false });
  const key = await gateway.keyOf('acme');
  return { gateway, plan: () => gateway.call('POST /v1/plan', { key, body: { prompt: 'Explain' } }) };
};

describe('POST /v1/plan', () => {
  it('shows the decision, best first, and every reason', async () => {
    const { plan } = await setUp();

    const { status, headers, json } = await plan();

    expect([status, headers['x-atp-selector']]).toEqual([200, 'rust']);
    expect(json).toMatchObject({
      request_id: headers['x-request-id'],
      selector: 'rust',
      policy: 'default',
      state_version: 7,
      candidates: [
        { id: 'a', eligible: true, propensity: 1 },
        { id: 'off', eligible: false, reason: 'disabled' },
      ],
    });
  });

  it('calls nothing, stores nothing, and counts against no limit', async () => {
    const { gateway, plan } = await setUp();
    await gateway.asAdmin('POST /admin/quotas', { body: { tenant_id: 'acme', rate_limit: { rps: 1 } } });

    const statuses = [(await plan()).status, (await plan()).status, (await plan()).status];

    expect(statuses).toEqual([200, 200, 200]);
    expect((await gateway.observations.list({ limit: 1 })).items).toEqual([]);
  });
});
