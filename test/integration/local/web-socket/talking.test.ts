/** A real client on the local runtime's `/ws`: keys, asks, cancellation, and a key that is revoked. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newKeyReply, observationsReply, problemReply } from '../../../../shared/model/replies.ts';
import { bearer, expectReply } from '../../../support/flow/client.ts';
import { type LocalTarget, openLocalTarget } from '../../../support/flow/local-target.ts';
import { type ModelSpec, Setting } from '../../../support/flow/setting.ts';
import { SocketClient } from '../../../support/flow/socket.ts';

const OPENED_WITHIN_MS = 300_000;
const KNOWN_WITHIN_MS = 4_200;
const REVOKED_WITHIN_MS = 30_000;

const FAST = { id: 'fast', cost_per_1k: 0.001, simulated: { latency_ms: 20, jitter: 0, chunks: 5 } };
const SLOW = {
  id: 'slow',
  cost_per_1k: 0.001,
  simulated: { latency_ms: 4_000, jitter: 0, chunks: 40, tokens_out: 400 },
};

describe('/ws of the local runtime', () => {
  let target: LocalTarget;
  let setting: Setting;

  beforeAll(async () => {
    target = await openLocalTarget();
    setting = new Setting(target);
    await setting.useModels([FAST]);
  }, OPENED_WITHIN_MS);

  afterAll(() => target?.stop(), OPENED_WITHIN_MS);

  const url = (): string => target.runtime().ws_url;
  const open = (key = target.tenantKey): Promise<SocketClient> =>
    SocketClient.open(url(), { headers: bearer(key) });

  /** The worker has a copy of the models of its own, which may be 4 s old. */
  const useModels = async (models: readonly ModelSpec[]): Promise<void> => {
    await setting.useModels(models);
    await sleep(KNOWN_WITHIN_MS);
  };

  const observationsOf = async (tenant: string) =>
    expectReply(
      await setting.admin.get(`/admin/observations?tenant_id=${tenant}&limit=100`),
      observationsReply,
    );

  test.each([
    ['Authorization', () => ({ headers: bearer(target.tenantKey) }), ''],
    ['x-api-key', () => ({ headers: { 'x-api-key': target.tenantKey } }), ''],
    ['a subprotocol', () => ({ protocols: ['atp.v1', `atp.key.${target.tenantKey}`] }), 'atp.v1'],
    ['the same in another order', () => ({ protocols: [`atp.key.${target.tenantKey}`, 'atp.v1'] }), 'atp.v1'],
  ])('takes the key by %s', async (_, handshake, protocol) => {
    const client = await SocketClient.open(url(), handshake());
    client.send({ type: 'ping' });

    expect(await client.frame('pong')).toEqual({ type: 'pong' });
    expect(client.socket.protocol).toBe(protocol);
    await client.close();
  });

  test('works with the client that Node and browsers bring', async () => {
    const socket = new WebSocket(url(), ['atp.v1', `atp.key.${target.tenantKey}`]);
    const answer = new Promise((resolve) => {
      socket.onmessage = ({ data }) => resolve(JSON.parse(String(data)));
    });
    socket.onopen = () => socket.send('{"type":"ping"}');

    expect(await answer).toEqual({ type: 'pong' });
    socket.close();
  });

  test.each([
    ['no key', {}, 401, 'unauthenticated'],
    ['a wrong key', { headers: { authorization: 'Bearer atp_local_nobody_x' } }, 401, 'unauthenticated'],
    ['a wrong key by subprotocol', { protocols: ['atp.v1', 'atp.key.nonsense'] }, 401, 'unauthenticated'],
    ['a foreign origin', { headers: { origin: 'https://evil.example' } }, 403, 'forbidden'],
    ['a foreign host', { headers: { host: 'evil.example' } }, 403, 'forbidden'],
  ])('refuses the handshake with %s', async (_, handshake, status, code) => {
    const refusal = await SocketClient.refused(url(), handshake);

    expect(refusal.status).toBe(status);
    expect(refusal.headers['content-type']).toBe('application/problem+json');
    const problem = problemReply.parse(JSON.parse(refusal.body));
    expect(problem.code).toBe(code);
    expect(refusal.headers['x-request-id']).toBe(problem.request_id);
  });

  test('lets a tenant not act for another, nor an auditor ask', async () => {
    const auditor = expectReply(
      await setting.admin.post('/admin/keys', { tenant_id: 'acme', roles: ['auditor'] }),
      newKeyReply,
      201,
    );
    const other = { headers: { ...bearer(target.tenantKey), 'x-tenant-id': 'another' } };

    expect((await SocketClient.refused(url(), other)).status).toBe(403);
    expect((await SocketClient.refused(url(), { headers: bearer(auditor.key) })).status).toBe(403);
  });

  test("an operator's key acts for the tenant that it names", async () => {
    const tenant = setting.unique('tenant');
    const headers = { ...bearer(target.adminKey), 'x-tenant-id': tenant };
    const client = await SocketClient.open(url(), { headers });
    client.send({ type: 'ask', id: 'one', prompt: 'Explain tides' });

    const end = await client.end('one');

    expect(end.type).toBe('response');
    expect((await observationsOf(tenant)).map(({ request_id }) => request_id)).toEqual([end.request_id]);
    await client.close();
  });

  test('answers a plain ask with one response, by the request id where it has no id', async () => {
    const client = await open();
    client.send({ type: 'ask', prompt: 'Explain tides', quality: 'fast' });

    const response = await client.frame('response');

    expect(response).toMatchObject({ id: response.request_id, seq: 0, model_used: 'fast' });
    expect(client.frames).toHaveLength(1);
    await client.close();
  });

  test('streams chunks whose texts add up, in order, and then the response', async () => {
    const client = await open();
    client.send({ type: 'ask', id: 'mine', prompt: 'Explain tides', stream: true });

    const end = await client.end('mine');
    const chunks = client.chunks('mine');

    expect(chunks.length).toBeGreaterThan(1);
    expect(chunks.map(({ seq }) => seq)).toEqual(chunks.map((_, index) => index));
    expect(end).toMatchObject({
      type: 'response',
      seq: chunks.length,
      text: chunks.map(({ text }) => text).join(''),
    });
    expect(new Set(client.frames.map((frame) => 'request_id' in frame && frame.request_id)).size).toBe(1);
    await client.close();
  });

  test('answers many asks on one connection at once, each observed', async () => {
    const tenant = await setting.tenant();
    const client = await open(tenant.key);
    const ids = Array.from({ length: 20 }, (_, index) => `ask ${index}`);
    for (const id of ids) client.send({ type: 'ask', id, prompt: `Question ${id}`, stream: true });

    const ends = await Promise.all(ids.map((id) => client.end(id)));

    for (const [index, end] of ends.entries()) {
      const text = client
        .chunks(ids[index] ?? '')
        .map((chunk) => chunk.text)
        .join('');
      expect(end).toMatchObject({ type: 'response', text });
    }
    const observed = (await observationsOf(tenant.id)).map(({ request_id }) => request_id).sort();
    expect(observed).toEqual(ends.map(({ request_id }) => request_id).sort());
    await client.close();
  });

  test('says limits as the problem does, and goes on', async () => {
    const tenant = await setting.tenant({ rate_limit: { rpm: 1 } });
    const client = await open(tenant.key);
    client.send({ type: 'ask', id: 'first', prompt: 'Explain tides' });
    await client.end('first');
    client.send({ type: 'ask', id: 'second', prompt: 'Explain tides' });

    const refused = await client.end('second');
    client.send({ type: 'ping' });

    expect(refused).toMatchObject({ type: 'error', code: 'rate_limited', status: 429, window: 'minute' });
    expect(refused).toMatchObject({ limit: 1, reset_at: expect.any(String), detail: expect.any(String) });
    expect(await client.frame('pong')).toBeDefined();
    await client.close();
  });

  test('long texts come in chunks of at most 32 KB, and a text that no message holds in chunks alone', async () => {
    await useModels([
      {
        id: 'parrot',
        cost_per_1k: 0.001,
        context_window: 1_000_000,
        max_output_tokens: 500_000,
        simulated: { echo: true, latency_ms: 0, jitter: 0, chunks: 1 },
      },
    ]);
    const client = await open();
    const medium = 'Grüße 😀 '.repeat(7_000);
    const long = 'x'.repeat(131_000);
    client.send({ type: 'ask', id: 'medium', prompt: medium, stream: true });
    client.send({ type: 'ask', id: 'long', prompt: long });
    const ends = [await client.end('medium'), await client.end('long')] as const;
    await useModels([FAST]);

    expect(ends.map((end) => end.type)).toEqual(['response', 'response']);
    expect('text' in ends[0] && ends[0].text === medium).toBe(true);
    expect(ends[1]).not.toHaveProperty('text');
    for (const [id, text] of [
      ['medium', medium],
      ['long', long],
    ] as const) {
      const chunks = client.chunks(id);
      // No long diff where it fails.
      expect(chunks.map((chunk) => chunk.text).join('') === text).toBe(true);
      expect(
        Math.max(...chunks.map((chunk) => Buffer.byteLength(JSON.stringify(chunk)))),
      ).toBeLessThanOrEqual(32_768);
    }
    expect(Math.max(...client.sizes)).toBeLessThanOrEqual(131_072);
    await client.close();
  });

  test('cancels one ask and no other; what was used is settled', async () => {
    await useModels([SLOW]);
    const tenant = await setting.tenant();
    const client = await open(tenant.key);
    for (const id of ['kept', 'dropped'])
      client.send({ type: 'ask', id, prompt: 'Explain tides', stream: true });
    await client.frame('chunk', ({ id }) => id === 'dropped');
    client.send({ type: 'cancel', id: 'dropped' });

    const dropped = await client.end('dropped');
    const kept = await client.end('kept');
    await useModels([FAST]);

    expect(dropped).toMatchObject({ type: 'error', code: 'conflict', detail: 'The ask was cancelled.' });
    expect(kept.type).toBe('response');
    const outcomes = new Map(
      (await observationsOf(tenant.id)).map((observation) => [observation.request_id, observation]),
    );
    expect(outcomes.get(dropped.request_id)).toMatchObject({ outcome: 'aborted' });
    expect(outcomes.get(dropped.request_id)?.tokens_out).toBeGreaterThan(0);
    expect(outcomes.get(kept.request_id)).toMatchObject({ outcome: 'success' });
    await client.close();
  });

  test('a later ask of a cancelled id is answered', async () => {
    const client = await open();
    client.send({ type: 'cancel', id: 'again' });
    await sleep(50);
    client.send({ type: 'ask', id: 'again', prompt: 'Explain tides' });

    expect((await client.end('again')).type).toBe('response');
    await client.close();
  });

  test('a revoked key is refused on an open connection, which is closed', async () => {
    const key = expectReply(
      await setting.admin.post('/admin/keys', { tenant_id: setting.unique('tenant') }),
      newKeyReply,
      201,
    );
    const client = await open(key.key);
    client.send({ type: 'ask', id: '0', prompt: 'Explain tides' });
    expect((await client.end('0')).type).toBe('response');
    await setting.admin.delete(`/admin/keys/${key.id}`);
    const revokedAt = performance.now();
    let end = await client.end('0');
    for (let turn = 1; end.type === 'response'; turn++) {
      await sleep(1_000);
      expect(performance.now() - revokedAt).toBeLessThan(REVOKED_WITHIN_MS);
      client.send({ type: 'ask', id: String(turn), prompt: 'Explain tides' });
      end = await client.end(String(turn));
    }

    expect(end).toMatchObject({ type: 'error', code: 'unauthenticated', status: 401 });
    expect(await client.frame('closing')).toMatchObject({ reason: 'unauthenticated' });
    await client.closed;
  });
});
