/**
 * Vitest with its verdict: what passed, what failed and where. A file that failed is run a second time, alone, so that
 * a test which ran out of time on a busy machine is told from one that is wrong; both are named at the end.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** More files than this are no accident of a busy machine. */
const MOST_FILES_TRIED_AGAIN = 8;

/** `{file, name}` of each failed test of a JSON report; a file that broke outside its tests is one by itself. */
const failuresOf = (report, root) =>
  report.testResults.flatMap(({ name: path, status, message, assertionResults }) => {
    const file = relative(root, path);
    const failed = assertionResults.filter((result) => result.status === 'failed');
    if (failed.length > 0) return failed.map(({ fullName }) => ({ file, name: fullName }));
    return status === 'failed' ? [{ file, name: message.split('\n', 1)[0] }] : [];
  });

/** Vitest leaves its own exit code unjudged where tests failed: what it wrote of the coverage is judged here. */
const coverageFailures = (path, thresholds) => {
  if (!existsSync(path)) return [{ file: 'coverage', name: 'nothing was measured' }];
  const { total } = JSON.parse(readFileSync(path, 'utf8'));
  return Object.entries(thresholds)
    .filter(([what, least]) => total[what].pct < least)
    .map(([what, least]) => ({
      file: 'coverage',
      name: `${total[what].pct} % of ${what}, at least ${least} %`,
    }));
};

/**
 * @param {object} options
 * @param {(args: string[]) => Promise<{code: number}>} options.run vitest with these arguments
 * @param {string[]} options.scope arguments that choose the tests, or `--coverage`
 * @param {string} options.results folder for the reports
 * @param {Record<string, number>} options.thresholds least percentages, where coverage is measured
 * @returns passed and failed in numbers, `failures` of both tries, and `flaky`: those that the second try cleared
 */
export const runVitest = async ({ run, scope, results, root, thresholds }) => {
  const attempt = async (name, args) => {
    const path = join(results, `${name}.json`);
    const { code } = await run([
      'run',
      ...args,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${path}`,
    ]);
    return { code, report: existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined };
  };
  const first = await attempt('vitest', scope);
  if (first.report === undefined) return failedAsOne('vitest wrote no report');
  const counts = { passed: first.report.numPassedTests, skipped: first.report.numPendingTests };
  const failures = failuresOf(first.report, root);
  if (failures.length === 0) {
    if (first.code === 0) return { ...counts, failed: 0, failures, flaky: [] };
    // A threshold of coverage or an error outside a test fails the run without failing a test.
    return {
      ...counts,
      ...failedAsOne('an error outside the tests, or too little coverage'),
      passed: counts.passed,
    };
  }
  const files = [...new Set(failures.map(({ file }) => file))];
  if (files.length > MOST_FILES_TRIED_AGAIN)
    return { ...counts, failed: failures.length, failures, flaky: [] };
  const second = await attempt('vitest-again', [...files, '--no-file-parallelism']);
  const still = second.report === undefined ? failures : failuresOf(second.report, root);
  const covered = scope.includes('--coverage')
    ? coverageFailures(join(root, 'coverage/coverage-summary.json'), thresholds)
    : [];
  const left = [...still, ...covered];
  const key = ({ file, name }) => `${file} ${name}`;
  const stillFailing = new Set(still.map(key));
  const flaky = failures.filter((failure) => !stillFailing.has(key(failure)));
  return { ...counts, passed: counts.passed + flaky.length, failed: left.length, failures: left, flaky };
};

const failedAsOne = (name) => ({
  passed: 0,
  skipped: 0,
  failed: 1,
  failures: [{ file: 'vitest', name }],
  flaky: [],
});
