import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completion, FakeUpstream, sendJson } from '../../contract/providers/fake-upstream.ts';
import { eventually, isAlive, LocalProcess, makeHome, readRuntime } from '../../support/local-process.ts';

interface Reply {
  status: number | undefined;
  connection: string | undefined;
  body: string;
}

const get = (url: string, agent: Agent): Promise<Reply> =>
  new Promise((resolve, reject) => {
    request(url, { agent }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode, connection: response.headers.connection, body }),
      );
    })
      .on('error', reject)
      .end();
  });

describe('SIGTERM', () => {
  const home = makeHome();
  const provider = new FakeUpstream();
  let runtime: LocalProcess;

  beforeAll(async () => {
    const base_url = await provider.start();
    runtime = await LocalProcess.start(home.data, ['--empty', '--quiet']);
    const slow = { id: 'slow', provider: 'openai-compatible', base_url, cost_per_1k: 0.001 };
    const reply = await runtime.request('POST', '/admin/adapters', runtime.first.admin_key, slow);
    expect(reply.status).toBe(200);
  });

  afterAll(async () => {
    await provider.stop();
    home.remove();
  });

  it('lets what is under way finish, turns new work away, and ends with 0', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const health = `${runtime.first.url}/healthz`;
    await get(health, agent);
    const watching = await runtime.request('GET', '/admin/stream', runtime.first.admin_key);
    const called = Promise.withResolvers<() => void>();
    provider.behave((...call) => called.resolve(() => sendJson(completion('fine'))(...call)));
    const underWay = runtime.ask();
    const answerIt = await called.promise;
    runtime.child.kill('SIGTERM');

    const late = await eventually(async () => {
      const reply = await get(health, agent);
      return reply.status === 200 ? undefined : reply;
    });
    answerIt();
    const [answer, { code, stdout }] = [await underWay, await runtime.ended];

    expect(late).toMatchObject({ status: 503, connection: 'close' });
    expect(JSON.parse(late.body)).toMatchObject({ code: 'draining', status: 503 });
    expect(answer.status).toBe(200);
    expect([code, stdout]).toEqual([0, `${runtime.first.url}\n`]);
    // Whoever watches is told, and holds nothing up.
    expect(await watching.text()).toContain('event: closing\ndata: {"reason":"draining"}');
    expect(existsSync(join(home.data, 'runtime.json'))).toBe(false);
    agent.destroy();
  });

  it('reaches the runtime through npm', async () => {
    const other = makeHome();
    const npm = spawn('npm', ['start', '--silent', '--', '--port', '0', '--data', other.data], {
      stdio: 'ignore',
    });
    const { pid } = await eventually(() => readRuntime(other.data), 120_000);

    npm.kill('SIGTERM');

    await eventually(() => (isAlive(pid) ? undefined : true));
    expect(existsSync(join(other.data, 'runtime.json'))).toBe(false);
    other.remove();
  });
});
