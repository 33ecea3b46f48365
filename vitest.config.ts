import { defineConfig } from 'vitest/config';
import thresholds from './scripts/test/coverage-thresholds.json' with { type: 'json' };
import { LongestFirst } from './test/support/longest-first.ts';

/** No module keeps state, so files share their worker and what it has loaded: a third of the CPU of one worker a file. */
const project = (name: string, testTimeout: number, extra: object = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, isolate: false, ...extra },
});

export default defineConfig({
  test: {
    // Vitest itself leaves one core free; with two that is half of them.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    projects: [
      project('unit', 5_000),
      project('contract', 30_000, { hookTimeout: 60_000 }),
      project('property', 60_000),
      // Each file runs the functions in its own process, with what they keep in their instance; alone, since it judges times.
      project('chaos', 60_000, { hookTimeout: 120_000, isolate: true, fileParallelism: false }),
      project('infra', 120_000),
      project('integration', 120_000, { hookTimeout: 180_000 }),
      project('console', 60_000, { hookTimeout: 240_000 }),
    ],
    coverage: {
      provider: 'v8',
      include: ['shared/**/*.ts', 'functions/**/*.ts'],
      exclude: ['**/index.ts'],
      reporter: ['text-summary', 'json-summary', 'lcovonly'],
      // So that too little of it is seen beside a test that failed.
      reportOnFailure: true,
      thresholds,
    },
  },
});
