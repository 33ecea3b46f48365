import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { faultsOf, loadParser } from '../../support/workflow-faults.ts';

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, string>;
  'working-directory'?: string;
}

interface Workflow {
  permissions?: Record<string, string>;
  jobs: Record<string, { 'timeout-minutes'?: number; steps: Step[] }>;
}

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const FILES = globSync('.github/workflows/*.yml').sort();
const textOf = (file: string): string => readFileSync(file, 'utf8');
const stepsOf = (name: string): Step[] =>
  Object.values((parse(textOf(`.github/workflows/${name}.yml`)) as Workflow).jobs).flatMap(
    ({ steps }) => steps,
  );

const parser = await loadParser();

describe.each(FILES)('%s', (file) => {
  const text = textOf(file);
  const { permissions, jobs } = parse(text) as Workflow;

  it('is a workflow to GitHub', async () => {
    expect(await faultsOf(parser, file, text)).toEqual([]);
  });

  it('pins every action by its commit, and names the version beside it', () => {
    for (const line of text.split('\n').filter((one) => /\buses:/.test(one))) {
      expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it('writes nothing into the repository, and ends', () => {
    expect(permissions?.contents).toBe('read');
    for (const job of Object.values(jobs)) expect(job['timeout-minutes']).toBeLessThanOrEqual(90);
  });

  it('runs commands that there are', () => {
    for (const [, name = ''] of text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)) {
      expect(scripts).toHaveProperty([name]);
    }
  });

  it('takes no word of a pull request into a shell', () => {
    for (const { steps } of Object.values(jobs)) {
      for (const { run = '' } of steps) expect(run).not.toMatch(/\$\{\{\s*(github\.event|inputs)\b/);
    }
  });

  it('installs exact versions of what it installs beside the lock files', () => {
    for (const [line] of text.matchAll(/cargo install .*/g))
      expect(line).toMatch(/--locked --version \d+\.\d+\.\d+$/);
  });
});

describe("GitHub's parser", () => {
  it.each([
    ['a key that there is none of', 'on: push\njobs: {a: {runs_on: x, steps: [{run: y}]}}'],
    ['an expression that does not end', `on: push\njobs: {a: {runs-on: x, steps: [{run: "\${{ 1 + }}"}]}}`],
    ['a name that no step knows', `on: push\njobs: {a: {runs-on: x, steps: [{run: "\${{ nobody.x }}"}]}}`],
  ])('finds %s', async (_what, content) => {
    expect(await faultsOf(parser, 'x.yml', content)).not.toEqual([]);
  });
});

describe('the workflows together', () => {
  it.each([
    ['test', /^npm test$/],
    ['synth-diff', /npm run synth -- --stage prod/],
    ['deploy', /^npm run deploy -- --stage "\$STAGE" --yes$/],
    ['supply-chain', /^npm run licences$/],
    ['supply-chain', /^npm run --silent sbom > /],
    ['supply-chain', /^cargo deny --locked check$/],
    ['supply-chain', /^cargo cyclonedx --format json /],
  ])('%s runs %s', (name, command) => {
    expect(stepsOf(name).filter(({ run = '' }) => command.test(run))).toHaveLength(1);
  });

  it.each(['test:chaos', 'load -- --steady 10m', 'load -- --chaos', 'simulate'])(
    'each night there is npm run %s',
    (command) => {
      expect(textOf('.github/workflows/nightly.yml')).toContain(`run: npm run ${command}`);
    },
  );

  it('look up what is known of each lock file', () => {
    const audited = stepsOf('supply-chain')
      .filter(({ run = '' }) => run.startsWith('npm audit --audit-level=high'))
      .map((step) => step['working-directory'] ?? '.');
    const locks = globSync('{.,scripts/*}/package-lock.json').map(dirname);

    expect(audited.sort()).toEqual(locks.sort());
  });

  it('deploy by a role that a token may take, and hold no key', () => {
    const { permissions } = parse(textOf('.github/workflows/deploy.yml')) as Workflow;
    const [credentials] = stepsOf('deploy').filter(({ uses = '' }) => /configure-aws-credentials/.test(uses));

    expect(permissions?.['id-token']).toBe('write');
    expect(Object.keys(credentials?.with ?? {})).toEqual(['role-to-assume', 'aws-region']);
    expect(FILES.map(textOf).join()).not.toMatch(/secrets\.|aws-access-key/i);
  });
});
