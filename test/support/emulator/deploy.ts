/** Builds the functions and deploys the app's own stacks into an emulator, with the plain `cdk` command. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { AWSLAMBDA_SHIM, CREDENTIALS, type Emulator } from './ministack.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const STAGE = 'dev';
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const execute = promisify(execFile);

export interface Deployed {
  stage: string;
  /** Without a slash at its end. */
  url: string;
  wsUrl: string;
  /** Name of the secret that holds the secret part of the bootstrap key. */
  adminKeySecret: string;
}

type StackOutputs = Record<string, Record<string, string> | undefined>;

/** Throws with the failed command's last words. */
const node = async (args: string[], env: NodeJS.ProcessEnv = process.env): Promise<void> => {
  try {
    await execute(process.execPath, args, { cwd: ROOT, env, maxBuffer: MAX_OUTPUT_BYTES });
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : String(cause);
    const lines = said.split('\n').filter((line) => !/DELETE_|IN_PROGRESS|_COMPLETE/.test(line));
    throw new Error(`${args.join(' ')} failed:\n${lines.slice(-40).join('\n')}`, { cause });
  }
};

export const deployInto = async (emulator: Emulator): Promise<Deployed> => {
  const scratch = mkdtempSync(join(tmpdir(), 'atp-deploy-'));
  const dist = join(scratch, 'dist');
  try {
    // Another emulator's Node cannot be wrapped, so there each bundle brings the shim along.
    const prelude = emulator.isExternal ? ['--prelude', AWSLAMBDA_SHIM] : [];
    await node(['scripts/bundle.mjs', '--out', dist, ...prelude]);
    await node(['scripts/stage-rust.mjs', '--out', dist]);
    const outputs = await deployStacks(emulator, scratch, dist);
    const gateway = outputs[`atp-${STAGE}-gateway`];
    return {
      stage: STAGE,
      url: urlBelow(emulator.endpoint, gateway?.Url ?? ''),
      wsUrl: wsUrlBelow(emulator.endpoint, gateway?.WebSocketUrl ?? ''),
      adminKeySecret: gateway?.AdminKeySecret ?? '',
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

const deployStacks = async (emulator: Emulator, scratch: string, dist: string): Promise<StackOutputs> => {
  const env = {
    ...process.env,
    ...CREDENTIALS,
    AWS_ENDPOINT_URL: emulator.endpoint,
    AWS_ENDPOINT_URL_S3: emulator.endpoint,
    // The app's own `node` is the pinned one.
    PATH: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
  };
  const outputsFile = join(scratch, 'outputs.json');
  const context = [
    '-c',
    `stage=${STAGE}`,
    '-c',
    'emulated=true',
    '-c',
    `dist=${dist}`,
    '-c',
    `emulator=${emulator.endpoint}`,
  ];
  const cdk = (...args: string[]): Promise<void> =>
    node([join(ROOT, 'node_modules/aws-cdk/bin/cdk'), ...args, ...context], env);
  await cdk('bootstrap', 'aws://000000000000/us-east-1', '--output', join(scratch, 'bootstrap'));
  await cdk(
    ...['deploy', '--all', '--require-approval', 'never'],
    ...['--output', join(scratch, 'out'), '--outputs-file', outputsFile],
  );
  return JSON.parse(readFileSync(outputsFile, 'utf8')) as StackOutputs;
};

/** An emulator serves `https://{api}.execute-api…/{stage}/` below its own endpoint. */
const urlBelow = (endpoint: string, url: string): string => {
  const { hostname, pathname } = new URL(url);
  const [api] = hostname.split('.');
  return `${endpoint}/restapis/${api}/${pathname.replaceAll('/', '')}/_user_request_`;
};

/** And a WebSocket API, which echoes no subprotocol there. */
const wsUrlBelow = (endpoint: string, url: string): string => {
  const { hostname, pathname } = new URL(url);
  const [api] = hostname.split('.');
  return `${endpoint.replace(/^http/, 'ws')}/_aws/execute-api/${api}/${pathname.replaceAll('/', '')}`;
};
