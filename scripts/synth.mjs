#!/usr/bin/env node
/** `npm run synth`: the templates of a stage in cdk.out, offline and without credentials. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = resolve(import.meta.dirname, '..');
const STAGES = ['dev', 'staging', 'prod'];
const HELP = `npm run synth -- [--stage dev|staging|prod] [--identity FILE] [--compute on-demand|managed-instances]

Writes the CloudFormation templates of a stage (dev) to cdk.out and checks them with cdk-nag. Needs no credentials and
no network.`;

const fail = (message) => {
  console.error(message);
  process.exit(1);
};

const options = () => {
  try {
    return parseArgs({
      options: {
        stage: { type: 'string', default: 'dev' },
        identity: { type: 'string' },
        compute: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    return fail(`${error.message}\n\n${HELP}`);
  }
};

const { stage, identity, compute, help } = options();
if (help) {
  console.log(HELP);
  process.exit(0);
}
if (!STAGES.includes(stage)) fail(`--stage must be one of ${STAGES.join(', ')}.\n\n${HELP}`);

if (![undefined, 'on-demand', 'managed-instances'].includes(compute))
  fail(`--compute must be on-demand or managed-instances.\n\n${HELP}`);

const { bundleFunctions } = await import('./bundle.mjs').catch(() => fail('Run npm ci first.'));
const { stagePiiLayer } = await import('./pii-layer.mjs');
const { stageHostBuild } = await import('./stage-rust.mjs');
await bundleFunctions();
stagePiiLayer();
rmSync(join(ROOT, 'dist/rust'), { recursive: true, force: true });
const missing = stageHostBuild();
if (missing.length > 0)
  console.error(
    `Warning: ${missing.join(' and ')} are not built (cargo build --release in rust-selector). Their code is left open in these templates, which cannot be deployed.`,
  );
const context = [
  ...['-c', `stage=${stage}`],
  ...(compute === undefined ? [] : ['-c', `compute=${compute}`]),
  ...(identity === undefined ? [] : ['-c', `identity=${resolve(identity)}`]),
  ...(missing.length > 0 ? ['-c', 'rust=absent'] : []),
];
try {
  execFileSync('npx', ['cdk', 'synth', '--quiet', ...context], { cwd: ROOT, stdio: 'inherit' });
} catch {
  fail('The templates could not be made; the reason is above.');
}
console.log(`The templates of ${stage} are in cdk.out.`);
