import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

// Plain JavaScript, since it runs before anything is installed.
const { runVitest } = await import(new URL('../../../scripts/test/vitest.mjs', import.meta.url).href);

type Outcome = Record<string, 'passed' | 'failed'>;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'atp-verdict-'));
  await mkdir(join(root, 'coverage'));
});
afterEach(() => rm(root, { recursive: true }));

const reportOf = (files: Record<string, Outcome>) => {
  const all = Object.values(files).flatMap((outcome) => Object.values(outcome));
  return {
    numPassedTests: all.filter((status) => status === 'passed').length,
    numPendingTests: 0,
    testResults: Object.entries(files).map(([file, outcome]) => ({
      name: join(root, file),
      message: 'Error: hook timed out\n  at line 1',
      status:
        Object.values(outcome).includes('failed') || Object.keys(outcome).length === 0 ? 'failed' : 'passed',
      assertionResults: Object.entries(outcome).map(([fullName, status]) => ({ fullName, status })),
    })),
  };
};

/** Runs against a vitest that reports these tries, one after the other, and tells with what it was called. */
const judged = async (
  tries: Record<string, Outcome>[],
  { scope = ['--project', 'unit'], firstCode = 1, lines = 95 } = {},
) => {
  await writeFile(
    join(root, 'coverage/coverage-summary.json'),
    JSON.stringify({ total: { lines: { pct: lines }, branches: { pct: 95 } } }),
  );
  const calls: string[][] = [];
  const run = async (args: string[]) => {
    const outcome = tries[calls.length];
    calls.push(args);
    const path = args.find((arg) => arg.startsWith('--outputFile.json='))?.split('=')[1];
    if (outcome !== undefined) await writeFile(String(path), JSON.stringify(reportOf(outcome)));
    return { code: calls.length === 1 ? firstCode : 0 };
  };
  const thresholds = { lines: 90, branches: 90 };
  return { verdict: await runVitest({ run, scope, results: root, root, thresholds }), calls };
};

describe('the verdict over the tests', () => {
  it('is good at the first try', async () => {
    const { verdict, calls } = await judged([{ 'a.test.ts': { one: 'passed' } }], { firstCode: 0 });
    expect(verdict).toMatchObject({ passed: 1, failed: 0, flaky: [] });
    expect(calls).toHaveLength(1);
  });

  it('names what the second try cleared, and counts it as passed', async () => {
    const { verdict, calls } = await judged([
      { 'a.test.ts': { one: 'passed', slow: 'failed' }, 'b.test.ts': { two: 'passed' } },
      { 'a.test.ts': { one: 'passed', slow: 'passed' } },
    ]);
    expect(verdict).toMatchObject({
      passed: 3,
      failed: 0,
      failures: [],
      flaky: [{ file: 'a.test.ts', name: 'slow' }],
    });
    expect(calls[1]).toContain('a.test.ts');
    expect(calls[1]).not.toContain('b.test.ts');
  });

  it('fails what fails twice', async () => {
    const wrong = { 'a.test.ts': { wrong: 'failed', slow: 'failed' } } as const;
    const { verdict } = await judged([wrong, { 'a.test.ts': { wrong: 'failed', slow: 'passed' } }]);
    expect(verdict).toMatchObject({
      failed: 1,
      failures: [{ file: 'a.test.ts', name: 'wrong' }],
      flaky: [{ name: 'slow' }],
    });
  });

  it('fails what fails at the second try only', async () => {
    const { verdict } = await judged([
      { 'a.test.ts': { slow: 'failed', other: 'passed' } },
      { 'a.test.ts': { slow: 'passed', other: 'failed' } },
    ]);
    expect(verdict).toMatchObject({ failed: 1, failures: [{ name: 'other' }] });
  });

  it('fails where the second try says nothing', async () => {
    const { verdict } = await judged([{ 'a.test.ts': { slow: 'failed' } }]);
    expect(verdict).toMatchObject({ failed: 1, flaky: [] });
  });

  it('names a file that broke outside its tests', async () => {
    const { verdict } = await judged([{ 'a.test.ts': {} }, { 'a.test.ts': {} }]);
    expect(verdict.failures).toEqual([{ file: 'a.test.ts', name: 'Error: hook timed out' }]);
  });

  it('tries no second time where much is wrong', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => [`${index}.test.ts`, { t: 'failed' as const }]),
    );
    const { verdict, calls } = await judged([many]);
    expect(verdict.failed).toBe(9);
    expect(calls).toHaveLength(1);
  });

  it('fails where the run ended badly and no test did', async () => {
    const { verdict } = await judged([{ 'a.test.ts': { one: 'passed' } }]);
    expect(verdict).toMatchObject({ passed: 1, failed: 1 });
  });

  it('fails where too little is covered, beside tests that the second try cleared', async () => {
    const tries: Record<string, Outcome>[] = [
      { 'a.test.ts': { slow: 'failed' } },
      { 'a.test.ts': { slow: 'passed' } },
    ];
    const { verdict } = await judged(tries, { scope: ['--coverage'], lines: 89 });
    expect(verdict).toMatchObject({
      failed: 1,
      failures: [{ file: 'coverage', name: '89 % of lines, at least 90 %' }],
    });
    expect((await judged(tries, { scope: ['--coverage'] })).verdict.failed).toBe(0);
  });

  it('fails where there is no report', async () => {
    expect((await judged([])).verdict).toMatchObject({ failed: 1 });
  });
});
