#!/usr/bin/env node
/** `npm run deploy -- --stage S`: build, synthesise, deploy, and ask the deployed gateway how it is. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleFunctions } from './bundle.mjs';
import { RUST_FUNCTIONS, stageBinary } from './stage-rust.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const STAGES = ['dev', 'staging', 'prod'];
const CARGO_LAMBDA = 'cargo-lambda==1.9.2';
const HELP = `npm run deploy -- --stage dev|staging|prod [--yes] [--alarm-email ADDRESS]

Builds the functions (Rust with cargo-lambda for provided.al2023, x86_64), deploys the stage's stacks with the AWS
credentials of your environment, and asks /readyz. --yes answers CDK's question about changed permissions.
An account is prepared once by: npx cdk bootstrap`;

const fail = (message) => {
  console.error(message);
  process.exit(1);
};
const run = (command, args, options = {}) =>
  execFileSync(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
const step = (title) => console.log(`\n== ${title}`);

let values;
try {
  ({ values } = parseArgs({
    options: {
      stage: { type: 'string' },
      yes: { type: 'boolean', default: false },
      'alarm-email': { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  }));
} catch (error) {
  fail(`${error.message}\n\n${HELP}`);
}
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
if (!STAGES.includes(values.stage)) fail(`--stage must be one of ${STAGES.join(', ')}.\n\n${HELP}`);

const buildRust = () => {
  const bin = join(ROOT, '.venv/bin');
  if (!existsSync(join(bin, 'cargo-lambda'))) {
    if (!existsSync(join(bin, 'python'))) run('python3', ['-m', 'venv', '.venv']);
    // It brings zig, which links against the C library of provided.al2023 whatever this machine has.
    run(join(bin, 'python'), ['-m', 'pip', 'install', '--quiet', CARGO_LAMBDA, 'ziglang==0.17.1']);
  }
  run(
    join(bin, 'cargo-lambda'),
    ['lambda', 'build', '--profile', 'deploy', '--locked', '--target', 'x86_64-unknown-linux-gnu.2.34'],
    { cwd: join(ROOT, 'rust-selector'), env: { ...process.env, PATH: `${bin}:${process.env.PATH}` } },
  );
  for (const name of RUST_FUNCTIONS)
    stageBinary(name, join(ROOT, 'rust-selector/target/lambda', name, 'bootstrap'));
};

step('Functions');
await bundleFunctions();
step('Rust functions');
buildRust();
step(`Stacks of ${values.stage}`);
const outputs = join(ROOT, 'cdk.out', 'outputs.json');
const context = ['-c', `stage=${values.stage}`];
if (values['alarm-email'] !== undefined) context.push('-c', `alarmEmail=${values['alarm-email']}`);
const approval = values.yes ? ['--require-approval', 'never'] : [];
run('npx', ['cdk', 'deploy', '--all', ...context, ...approval, '--outputs-file', outputs]);

step('Smoke test');
const gateway = JSON.parse(readFileSync(outputs, 'utf8'))[`atp-${values.stage}-gateway`];
const url = gateway.Url.replace(/\/$/, '');
const response = await fetch(`${url}/readyz`);
console.log(`${url}/readyz: ${response.status} ${await response.text()}`);
if (!response.ok) fail('The stage is deployed but not ready.');
console.log(`
The gateway is at ${url}
The first operator key is atp_${values.stage}_admin_SECRET, where SECRET is the value of the secret ${gateway.AdminKeySecret}:
  aws secretsmanager get-secret-value --secret-id ${gateway.AdminKeySecret} --query SecretString --output text`);
