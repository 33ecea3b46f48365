/** SIGTERM with many streams under way: every one ends in words, and everything that was answered is in the table. */
import { describe, expect, test } from 'vitest';
import { SocketClient } from '../../../support/flow/socket.ts';
import { LocalProcess, makeHome } from '../../../support/local-process.ts';

const SOCKETS = 50;
const ENDED_WITHIN_MS = 30_000;

interface Observed {
  request_id: string;
  outcome: string;
}

/** All of a runtime's observations. */
const observed = async (runtime: LocalProcess): Promise<Map<string, string>> => {
  const reply = await runtime.request('GET', '/admin/observations?limit=1000', runtime.first.admin_key);
  return new Map(
    ((await reply.json()) as Observed[]).map(({ request_id, outcome }) => [request_id, outcome]),
  );
};

const openAll = (runtime: LocalProcess): Promise<SocketClient[]> => {
  const headers = { authorization: `Bearer ${runtime.first.tenant_key}` };
  return Promise.all(
    Array.from({ length: SOCKETS }, () => SocketClient.open(runtime.first.ws_url, { headers })),
  );
};

describe('SIGTERM', () => {
  test.each([
    ['that can still end', 3_000, 'response', 'success'],
    ['that cannot', 45_000, 'error', 'aborted'],
  ])(`with ${SOCKETS} streams under way %s`, async (_, latencyMs, type, outcome) => {
    const home = makeHome();
    const runtime = await LocalProcess.start(home.data, ['--empty', '--quiet']);
    const simulated = { latency_ms: latencyMs, jitter: 0, chunks: 60, tokens_out: 300 };
    const model = { id: 'slow', cost_per_1k: 0.0001, simulated };
    expect((await runtime.request('POST', '/admin/adapters', runtime.first.admin_key, model)).status).toBe(
      200,
    );
    const clients = await openAll(runtime);
    for (const client of clients)
      client.send({ type: 'ask', id: 'mine', prompt: 'Explain tides', stream: true });
    await Promise.all(clients.map((client) => client.frame('chunk')));

    const startedAt = performance.now();
    const { code } = await runtime.stop();
    const tookMs = performance.now() - startedAt;
    const ends = await Promise.all(clients.map((client) => client.end('mine')));
    const closed = await Promise.all(clients.map((client) => client.closed));

    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(ENDED_WITHIN_MS);
    for (const client of clients) {
      expect(await client.frame('closing')).toMatchObject({ reason: 'shutdown' });
      const end = await client.end('mine');
      if (end.type === 'response')
        expect(
          client
            .chunks('mine')
            .map(({ text }) => text)
            .join(''),
        ).toBe(end.text);
    }
    expect(new Set(ends.map((end) => end.type))).toEqual(new Set([type]));
    expect(new Set(closed.map((close) => close.code))).toEqual(new Set([1001]));
    const again = await LocalProcess.start(home.data, ['--empty', '--quiet']);
    const outcomes = await observed(again);
    await again.stop();
    home.remove();
    expect(ends.map(({ request_id }) => outcomes.get(request_id))).toEqual(ends.map(() => outcome));
  });
});
