#!/usr/bin/env node
/** `npm run rollback -- --stage S`: takes back what the last deployment did to the functions. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = resolve(import.meta.dirname, '..');
const STAGES = ['dev', 'staging', 'prod'];
const HELP = `npm run rollback -- --stage dev|staging|prod [--trial]

Leads each function that the last deployment changed back to the version before, within a minute or so. A deployment that is
still under way is stopped, which does the same. Tables, secrets and alarms stay as they are.
  --trial   says what it would do`;

const fail = (message) => {
  console.error(message);
  process.exit(1);
};

const options = () => {
  try {
    return parseArgs({
      options: {
        stage: { type: 'string' },
        trial: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    return fail(`${error.message}\n\n${HELP}`);
  }
};

/** By the CDK's own CLI: a template may be larger than CloudFormation takes in a call. */
const update = async (stage, stack, template) => {
  const home = mkdtempSync(join(tmpdir(), 'atp-rollback-'));
  const file = join(home, 'template.json');
  try {
    writeFileSync(file, JSON.stringify(template));
    execFileSync(
      'npx',
      [
        ...[
          'cdk',
          'deploy',
          stack,
          '--exclusively',
          '--require-approval',
          'never',
          '--output',
          join(home, 'out'),
        ],
        ...['--app', 'node infra/rollback/pinned-app.ts', '-c', `stack=${stack}`, '-c', `template=${file}`],
        ...(stage === 'prod' ? ['-c', 'keepsData=true'] : []),
      ],
      { cwd: ROOT, stdio: 'inherit' },
    );
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
};

const { stage, trial, help } = options();
if (help) {
  console.log(HELP);
  process.exit(0);
}
if (!STAGES.includes(stage)) fail(`--stage must be one of ${STAGES.join(', ')}.\n\n${HELP}`);
const { rollBack } = await import('./release/rollback.ts').catch(() => fail('Run npm ci first.'));
const { openCloud } = await import('./release/cloud.ts');
try {
  await rollBack(
    {
      cloud: openCloud(),
      update: (stack, template) => update(stage, stack, template),
      say: (line) => console.log(line),
    },
    stage,
    { isTrial: trial },
  );
} catch (error) {
  fail(
    `The stage ${stage} was not rolled back: ${error instanceof Error ? error.message : 'the reason is above'}`,
  );
}
