/** Other gateways, of the versions that are named here, installed under `.cache` when they are first measured. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, start, until } from '../support/processes.ts';
import { answers, chatBody, ROOT, type Target } from './targets.ts';

const PORTKEY = { package: '@portkey-ai/gateway', version: '1.15.2' };
const LITELLM = { package: 'litellm[proxy]', version: '1.106.2' };
/** It imports for some 15 s, longer on a busy machine. */
const LITELLM_READY_MS = 180_000;

export const portkeyTarget = async (upstreamPort: number): Promise<Target> => {
  const home = join(ROOT, `.cache/portkey-${PORTKEY.version}`);
  const entry = join(home, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  if (!existsSync(entry)) {
    mkdirSync(home, { recursive: true });
    const wanted = {
      private: true,
      dependencies: { [PORTKEY.package]: PORTKEY.version },
      // It streams with this version of its server only.
      overrides: { '@hono/node-server': '1.13.8' },
    };
    writeFileSync(join(home, 'package.json'), JSON.stringify(wanted));
    execFileSync('npm', ['install', '--prefix', home], { stdio: 'ignore' });
  }
  const port = await freePort();
  const started = start(
    process.execPath,
    ['--import', join(ROOT, 'bench/gateway/loopback-only.mjs'), entry, `--port=${port}`, '--headless'],
    { TRUSTED_CUSTOM_HOSTS: '127.0.0.1', NODE_ENV: 'production' },
  );
  await until('portkey', () => answers(port), 30_000);
  return {
    name: `portkey ${PORTKEY.version}`,
    port,
    path: '/v1/chat/completions',
    headers: {
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `http://127.0.0.1:${upstreamPort}/v1`,
      authorization: 'Bearer bench-key',
    },
    body: chatBody,
    pid: started.child.pid ?? 0,
    stop: started.stop,
  };
};

const litellm = (): string => {
  const home = join(ROOT, '.cache/litellm');
  const program = join(home, 'bin/litellm');
  if (!existsSync(program)) {
    process.stderr.write('installing LiteLLM, some minutes, once\n');
    execFileSync(process.env.PYTHON ?? 'python3', ['-m', 'venv', home], { stdio: 'inherit' });
    const spec = `${LITELLM.package}==${LITELLM.version}`;
    const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', spec];
    execFileSync(join(home, 'bin/python'), args, { stdio: 'inherit' });
  }
  return program;
};

/** One worker, no database: it then keeps nothing of a request. */
export const litellmTarget = async (upstreamPort: number): Promise<Target> => {
  const program = litellm();
  const directory = mkdtempSync(join(tmpdir(), 'atp-litellm-'));
  const config = join(directory, 'config.yaml');
  const params = {
    model: 'openai/bench',
    api_base: `http://127.0.0.1:${upstreamPort}/v1`,
    api_key: 'bench-key',
  };
  // JSON is YAML.
  writeFileSync(config, JSON.stringify({ model_list: [{ model_name: 'bench', litellm_params: params }] }));
  // It refuses to start without one.
  const key = `sk-${randomBytes(24).toString('hex')}`;
  const port = await freePort();
  const args = ['--config', config, '--host', '127.0.0.1', '--port', String(port)];
  const started = start(program, [...args, '--num_workers', '1', '--telemetry', 'False'], {
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
    LITELLM_LOG: 'ERROR',
    LITELLM_MASTER_KEY: key,
  });
  await until('litellm', () => answers(port), LITELLM_READY_MS);
  return {
    name: `litellm ${LITELLM.version}`,
    port,
    path: '/v1/chat/completions',
    headers: { authorization: `Bearer ${key}` },
    body: chatBody,
    pid: started.child.pid ?? 0,
    stop: async () => {
      await started.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};
