/** `POST /admin/drain` with many streams under way in two gateway processes: every one ends in words, and what was answered is in the table. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { drainReply } from '../../../../shared/model/replies.ts';
import { SocketClient } from '../../../support/flow/socket.ts';
import { eventually, LocalProcess, makeHome } from '../../../support/local-process.ts';

const SOCKETS = 50;
const HOLDS_WITHIN_MS = 30_000;

describe('POST /admin/drain', () => {
  let home: ReturnType<typeof makeHome>;
  let runtime: LocalProcess;
  let clients: SocketClient[] = [];

  beforeEach(async () => {
    home = makeHome();
    runtime = await LocalProcess.start(home.data, ['--empty', '--quiet', '--workers', '2']);
  });
  afterEach(async () => {
    await runtime.stop();
    home.remove();
  });

  const asAdmin = (method: string, path: string, body?: unknown) =>
    runtime.request(method, path, runtime.first.admin_key, body);
  const drain = async (body: object) =>
    drainReply.parse(await (await asAdmin('POST', '/admin/drain', body)).json());

  const streaming = async (latencyMs: number): Promise<void> => {
    const simulated = { latency_ms: latencyMs, jitter: 0, chunks: 40, tokens_out: 200 };
    await asAdmin('POST', '/admin/adapters', { id: 'slow', cost_per_1k: 0.0001, simulated });
    const headers = { authorization: `Bearer ${runtime.first.tenant_key}` };
    clients = await Promise.all(
      Array.from({ length: SOCKETS }, () => SocketClient.open(runtime.first.ws_url, { headers })),
    );
    for (const client of clients)
      client.send({ type: 'ask', id: 'mine', prompt: 'Explain tides', stream: true });
    await Promise.all(clients.map((client) => client.frame('chunk')));
  };

  const outcomes = async (): Promise<Map<string, string>> => {
    const listed = await (await asAdmin('GET', '/admin/observations?limit=1000')).json();
    return new Map(
      (listed as { request_id: string; outcome: string }[]).map((one) => [one.request_id, one.outcome]),
    );
  };

  test(`lets ${SOCKETS} streams end, refuses what is new, and is lifted again`, {
    timeout: 240_000,
  }, async () => {
    await streaming(8_000);

    const draining = drain({ enabled: true, reason: 'a test', reconnect_after_ms: 3_000 });
    const refused = await eventually(async () => {
      const reply = await runtime.ask();
      return reply.status === 503 ? reply : undefined;
    }, HOLDS_WITHIN_MS);
    const headers = { 'x-api-key': runtime.first.tenant_key };
    const handshake = await eventually(
      () => SocketClient.refused(runtime.first.ws_url, { headers }).catch(() => undefined),
      HOLDS_WITHIN_MS,
    );
    const ends = await Promise.all(clients.map((client) => client.end('mine')));
    const { report, ...state } = await draining;
    await Promise.all(clients.map((client) => client.closed));

    expect([refused.headers.get('retry-after'), await refused.json()]).toMatchObject([
      '3',
      { code: 'draining' },
    ]);
    expect([handshake.status, handshake.headers['retry-after']]).toEqual([503, '3']);
    expect(state).toMatchObject({ enabled: true, reason: 'a test', reconnect_after_ms: 3_000 });
    expect(report).toMatchObject({ unreachable: 0, abandoned: 0 });
    expect((report?.closed ?? 0) + (report?.gone ?? 0)).toBeGreaterThanOrEqual(SOCKETS);
    for (const client of clients)
      expect(await client.frame('closing')).toMatchObject({ reason: 'draining', reconnect_after_ms: 3_000 });
    expect(new Set(ends.map(({ type }) => type))).toEqual(new Set(['response']));
    const seen = await outcomes();
    expect(new Set(ends.map(({ request_id }) => seen.get(request_id)))).toEqual(new Set(['success']));
    expect((await runtime.request('GET', '/readyz', undefined)).status).toBe(503);

    expect(await drain({ enabled: false })).toEqual({ enabled: false });
    await eventually(async () => ((await runtime.ask()).status === 200 ? true : undefined), HOLDS_WITHIN_MS);
  });

  test('says what it abandoned, and the answers are there for who comes back', {
    timeout: 240_000,
  }, async () => {
    await streaming(20_000);

    const { report } = await drain({ enabled: true, patience_ms: 1_000 });
    await Promise.all(clients.map((client) => client.closed));

    expect(report).toMatchObject({ told: SOCKETS, closed: SOCKETS, abandoned: SOCKETS });
    const asked = clients.map((client) => client.chunks('mine')[0]?.request_id ?? '');
    const seen = await eventually(async () => {
      const found = await outcomes();
      return asked.every((id) => found.has(id)) ? found : undefined;
    }, 60_000);
    expect(new Set(asked.map((id) => seen.get(id)))).toEqual(new Set(['success']));
    await drain({ enabled: false });
  });
});
