import { beforeEach, describe, expect, it } from 'vitest';
import { FakeGateway } from '../../../support/fakes/gateway.ts';
import type { Reply } from '../../../support/fakes/http.ts';

const DAY_S = 86_400;

describe('POST /admin/keys/{id}/rotate', () => {
  let gateway: FakeGateway;
  beforeEach(() => {
    gateway = new FakeGateway();
  });

  const make = async (fields: object = {}): Promise<Reply['json']> =>
    (await gateway.asAdmin('POST /admin/keys', { body: { tenant_id: 'acme', ...fields } })).json;
  const rotate = (id: unknown, body: object = {}): Promise<Reply> =>
    gateway.asAdmin('POST /admin/keys/{id}/rotate', { path: { id: String(id) }, body });
  const statusOf = async (key: unknown): Promise<number> =>
    (await gateway.call('GET /v1/models', { key: String(key) })).status;

  it('shows a new key like the old one, and says of each which the other is', async () => {
    const old = await make({ roles: ['developer'], scopes: ['plan', 'models:read'], name: 'build' });
    const { status, json } = await rotate(old.id);
    const listed = (await gateway.asAdmin('GET /admin/keys')).json as unknown as Record<string, unknown>[];

    expect(status).toBe(201);
    expect(json).toMatchObject({
      tenant_id: 'acme',
      roles: ['developer'],
      scopes: ['plan', 'models:read'],
      name: 'build',
      rotated_from: old.id,
      key: expect.stringMatching(/^atp_test_/),
    });
    expect(json.key).not.toBe(old.key);
    expect(json).not.toHaveProperty('hash');
    expect(listed.find(({ id }) => id === old.id)).toMatchObject({
      replaced_by: json.id,
      expires_at: '2026-01-06T12:00:00.000Z',
    });
  });

  it('keeps both good until the overlap ends, then the new one alone', async () => {
    const old = await make();
    const { json } = await rotate(old.id, { overlap_seconds: 600 });
    const during = [await statusOf(old.key), await statusOf(json.key)];
    await gateway.clock.advance(600_000);

    expect(during).toEqual([200, 200]);
    expect([await statusOf(old.key), await statusOf(json.key)]).toEqual([401, 200]);
  });

  it('ends the old one within 30 s where there is no overlap', async () => {
    const old = await make();
    await statusOf(old.key);
    await rotate(old.id, { overlap_seconds: 0 });
    await gateway.clock.advance(25_001);

    expect(await statusOf(old.key)).toBe(401);
  });

  it('gives the new key the lifetime of the old one, and never lengthens that', async () => {
    const old = await make({ expires_at: '2026-01-05T14:00:00Z' });
    await gateway.clock.advance(3_600_000);
    const { json } = await rotate(old.id, { overlap_seconds: DAY_S });
    const kept = await gateway.keys.get(String(old.id));

    expect([json.expires_at, kept?.expires_at]).toEqual([
      '2026-01-05T15:00:00.000Z',
      '2026-01-05T14:00:00.000Z',
    ]);
  });

  it('takes another end for the new key', async () => {
    const old = await make();

    const { json } = await rotate(old.id, { expires_at: '2026-02-01T00:00:00+01:00' });

    expect(json.expires_at).toBe('2026-01-31T23:00:00.000Z');
  });

  it('refuses what it cannot do', async () => {
    const rotated = await make();
    await rotate(rotated.id);
    const expired = await make({ expires_at: '2026-01-05T12:00:01Z' });
    await gateway.clock.advance(1_000);
    const good = await make();

    const replies = await Promise.all([
      rotate(rotated.id),
      rotate(expired.id),
      rotate('0000000000'),
      rotate('../keys'),
      rotate('admin'),
      rotate(good.id, { overlap_seconds: -1 }),
      rotate(good.id, { overlap_seconds: 31 * DAY_S }),
      rotate(good.id, { overlap_seconds: '5' }),
      rotate(good.id, { expires_at: '2026-01-05T12:00:00Z' }),
    ]);

    expect(replies.map(({ status }) => status)).toEqual([409, 409, 404, 404, 404, 400, 400, 400, 400]);
    expect(replies.at(-1)?.json.errors).toEqual([{ path: '/expires_at', message: 'must be in the future' }]);
  });

  it('is repeated, not done twice, with an idempotency key', async () => {
    const old = await make();
    const again = () =>
      gateway.asAdmin('POST /admin/keys/{id}/rotate', {
        path: { id: String(old.id) },
        body: {},
        headers: { 'idempotency-key': 'rotation 1' },
      });

    const [first, second] = [await again(), await again()];

    expect(second.json).toEqual(first.json);
    expect(await gateway.keys.list()).toHaveLength(2);
  });
});
