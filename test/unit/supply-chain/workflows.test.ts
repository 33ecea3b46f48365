import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Workflow {
  permissions?: Record<string, string>;
  jobs: Record<string, { 'timeout-minutes'?: number; steps: { uses?: string; run?: string }[] }>;
}

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const FILES = globSync('.github/workflows/*.yml').sort();

describe.each(FILES)('%s', (file) => {
  const text = readFileSync(file, 'utf8');
  const { permissions, jobs } = parse(text) as Workflow;

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
});
