/** What was answered and is not in the store yet, when processes die. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childrenOf, eventually, isAlive, LocalProcess, makeHome } from '../../support/local-process.ts';

const MODEL_MS = 600;
const ASKS = 5;

describe('what was answered while the store hung', () => {
  const home = makeHome();
  let runtime: LocalProcess;

  const waiting = (): string[] => {
    const directory = join(home.data, 'journal');
    return existsSync(directory) ? readdirSync(directory) : [];
  };

  const listed = async (): Promise<string[]> => {
    const list = await runtime.request('GET', '/admin/observations?limit=1000', runtime.first.admin_key);
    return ((await list.json()) as { request_id: string }[]).map(({ request_id: id }) => id);
  };

  /** The ids of asks that were answered while the store stood still; it still does. */
  const answered = async (): Promise<string[]> => {
    // Whatever is read now and then was read just now.
    expect((await runtime.ask()).status).toBe(200);
    const asks = Array.from({ length: ASKS }, () => runtime.ask());
    await sleep(MODEL_MS / 2);
    process.kill(runtime.runtime().processes.dynamodb ?? 0, 'SIGSTOP');
    const replies = await Promise.all(asks);
    expect(replies.map(({ status }) => status)).toEqual(asks.map(() => 200));
    const bodies = await Promise.all(replies.map((reply) => reply.json() as Promise<{ request_id: string }>));
    return bodies.map(({ request_id: id }) => id);
  };

  const killAll = async (): Promise<void> => {
    const { pid } = runtime.first;
    const family = [pid, ...childrenOf(pid)];
    for (const member of family) process.kill(member, 'SIGKILL');
    await runtime.ended;
    await eventually(() => (family.some(isAlive) ? undefined : true));
  };

  beforeAll(async () => {
    runtime = await LocalProcess.start(home.data, ['--empty']);
    const simulated = { latency_ms: MODEL_MS, jitter: 0 };
    const model = { id: 'slow', provider: 'simulated', cost_per_1k: 0.001, simulated };
    expect((await runtime.request('POST', '/admin/adapters', runtime.first.admin_key, model)).status).toBe(
      200,
    );
  });

  afterAll(async () => {
    await runtime.stop();
    home.remove();
  });

  it('is in the list when the gateway was killed and started again', async () => {
    const ids = await answered();
    for (const worker of runtime.workers()) process.kill(worker, 'SIGKILL');
    process.kill(runtime.runtime().processes.dynamodb ?? 0, 'SIGCONT');

    expect(await eventually(() => listed().catch(() => undefined))).toEqual(expect.arrayContaining(ids));
  });

  it('is in the list when all was killed and started again', async () => {
    const ids = await answered();
    await killAll();
    runtime = await LocalProcess.start(home.data);

    expect(await listed()).toEqual(expect.arrayContaining(ids));
  });

  it('is in the list when all was killed and starts again with several gateways', async () => {
    const ids = await answered();
    await killAll();
    runtime = await LocalProcess.start(home.data, ['--workers', '2']);

    expect(await listed()).toEqual(expect.arrayContaining(ids));
    await runtime.stop();
    runtime = await LocalProcess.start(home.data);
  });

  it('leaves nothing behind in an orderly end', async () => {
    const replies = await Promise.all(Array.from({ length: ASKS }, () => runtime.ask()));
    await runtime.stop();

    expect(waiting()).toEqual([]);
    runtime = await LocalProcess.start(home.data);
    expect(await listed()).toEqual(
      expect.arrayContaining(replies.map((reply) => reply.headers.get('x-request-id'))),
    );
  });
});
