import { beforeEach, describe, expect, it } from 'vitest';
import { observationDetailReply } from '../../../../shared/model/console-replies.ts';
import { FakeGateway } from '../../../support/fakes/gateway.ts';

describe('GET /admin/observations/{request_id}', () => {
  let gateway: FakeGateway;
  let requestId: string;

  beforeEach(async () => {
    gateway = new FakeGateway();
    await gateway.withModel('cheap');
    await gateway.withModel('dear', { cost_per_1k: 5 });
    await gateway.withModel('off', { enabled: false });
    const { json } = await gateway.call('POST /v1/ask', {
      key: await gateway.keyOf('acme'),
      body: { prompt: 'Mail john.doe@example.com' },
    });
    requestId = String(json.request_id);
  });

  const look = (tenant_id?: string, id = requestId) =>
    gateway.asAdmin('GET /admin/observations/{request_id}', {
      path: { request_id: id },
      ...(tenant_id === undefined ? {} : { query: { tenant_id } }),
    });

  it('shows the decision, who was out and why, and the redacted prompt', async () => {
    const { status, text } = await look('acme');

    const found = observationDetailReply.parse(JSON.parse(text));
    expect([status, found.prompt]).toEqual([200, 'Mail [REDACTED:EMAIL]']);
    const by = new Map(found.candidates.map((candidate) => [candidate.id, candidate]));
    expect([...by.keys()].sort()).toEqual(['cheap', 'dear', 'off']);
    expect(by.get('off')).toMatchObject({ eligible: false, reason: 'disabled', quality: null });
    expect(by.get('dear')?.cost_usd).toBeGreaterThan(by.get('cheap')?.cost_usd ?? Number.NaN);
    expect(found.candidates.at(-1)?.id).toBe('off');
  });

  it('shows its steps in order, the last of which is the writing', async () => {
    const { text } = await look('acme');

    const { steps } = observationDetailReply.parse(JSON.parse(text));
    expect(steps.map(({ name }) => name)).toEqual(['admit', 'choose', 'call', 'settle']);
    expect(steps.at(-1)?.duration_ms).toBeNull();
  });

  it.each([
    ['another tenant', 'globex', undefined],
    ["the key's own tenant", undefined, undefined],
    ['an id that is none', 'acme', '../..'],
  ])('is not found for %s', async (_, tenant, id) => {
    expect((await look(tenant, id)).status).toBe(404);
  });
});
