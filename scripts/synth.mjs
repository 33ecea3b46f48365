#!/usr/bin/env node
/** `npm run synth`: the templates of a stage in cdk.out, offline and without credentials. */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleFunctions } from './bundle.mjs';
import { stageHostBuild } from './stage-rust.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const HELP = `npm run synth -- [--stage dev|staging|prod]

Writes the CloudFormation templates of a stage to cdk.out. Needs no credentials and no network.`;

const { values } = parseArgs({
  options: {
    stage: { type: 'string', default: 'dev' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
await bundleFunctions();
const missing = stageHostBuild();
if (missing.length > 0) {
  console.error(
    `The Rust functions are not built (${missing.join(', ')}): run cargo build --release in rust-selector.`,
  );
  process.exit(1);
}
execFileSync('npx', ['cdk', 'synth', '--quiet', '--all', '-c', `stage=${values.stage}`], {
  cwd: ROOT,
  stdio: 'inherit',
});
console.log('The templates are in cdk.out.');
