import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childrenOf, eventually, isAlive, LocalProcess, makeHome } from '../../support/local-process.ts';
import { ownTime } from '../../support/own-time.ts';

const kill = (pid: number | null | undefined, signal: NodeJS.Signals = 'SIGKILL'): void => {
  if (typeof pid !== 'number') throw new Error('there is no such process');
  process.kill(pid, signal);
};

describe('a runtime that loses its processes', () => {
  const home = makeHome();
  let runtime: LocalProcess;

  const rustPid = (other: number | null) =>
    eventually(() => {
      const { select } = runtime.runtime().processes;
      return select === null || select === other ? undefined : select;
    });

  const decidedBy = async (): Promise<string | null> => (await runtime.ask()).headers.get('x-atp-selector');

  const rustDecides = () => eventually(async () => ((await decidedBy()) === 'rust' ? true : undefined));

  beforeAll(async () => {
    runtime = await LocalProcess.start(home.data);
    await rustDecides();
  });

  afterAll(async () => {
    await runtime.stop();
    home.remove();
  });

  it('answers while the selector is dead, and gets it back', async () => {
    const { select } = runtime.runtime().processes;
    kill(select);

    const answers = await Promise.all(Array.from({ length: 5 }, () => runtime.ask()));

    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200]);
    expect(await rustPid(select)).not.toBe(select);
    await rustDecides();
  });

  it('answers in time while the selector hangs, and replaces it', async () => {
    const { select } = runtime.runtime().processes;
    kill(select, 'SIGSTOP');
    const taken = ownTime();

    const answer = await runtime.ask();
    const ms = taken();

    const { latency_ms: modelMs } = (await answer.json()) as { latency_ms: number };
    expect(answer.status).toBe(200);
    expect(ms).toBeLessThan(2_500 + modelMs);
    expect(await rustPid(select)).not.toBe(select);
    await rustDecides();
  });

  it('gets its store back with all that was in it', async () => {
    const { dynamodb } = runtime.runtime().processes;
    const id = ((await (await runtime.ask()).json()) as { request_id: string }).request_id;
    kill(dynamodb);

    const ids = await eventually(async () => {
      const list = await runtime.request('GET', '/admin/observations?limit=100', runtime.first.admin_key);
      return list.ok
        ? ((await list.json()) as { request_id: string }[]).map((one) => one.request_id)
        : undefined;
    });

    expect(ids).toContain(id);
    expect(runtime.runtime().processes.dynamodb).not.toBe(dynamodb);
  });

  it('gets its gateway back on the same port', async () => {
    const [worker] = runtime.workers();
    kill(worker);

    const status = await eventually(() =>
      runtime
        .request('GET', '/healthz', undefined)
        .then((reply) => reply.status)
        .catch(() => undefined),
    );

    expect(status).toBe(200);
    expect(runtime.workers()).not.toContain(worker);
  });

  it('leaves nothing behind when the supervisor is killed, and starts again with its data', async () => {
    const { pid, tenant_key: key } = runtime.first;
    const family = childrenOf(pid);
    kill(pid);
    await runtime.ended;

    await eventually(() => (family.some(isAlive) ? undefined : true));
    runtime = await LocalProcess.start(home.data);

    expect(runtime.first.tenant_key).toBe(key);
    expect((await runtime.ask()).status).toBe(200);
  });

  it('starts again after all of it was killed at once', async () => {
    const { pid } = runtime.first;
    for (const member of [pid, ...childrenOf(pid)]) kill(member);
    await runtime.ended;

    runtime = await LocalProcess.start(home.data);

    expect((await runtime.ask()).status).toBe(200);
  });

  it('ends when what started it is killed', async () => {
    const { pid } = runtime.first;
    kill(runtime.child.pid);

    await eventually(() => (isAlive(pid) ? undefined : true));
    runtime = await LocalProcess.start(home.data, ['--fresh', '--empty']);

    const adapters = await runtime.request('GET', '/admin/adapters', runtime.first.admin_key);
    expect(await adapters.json()).toEqual([]);
  });
});
