import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import thresholds from './scripts/test/coverage-thresholds.json' with { type: 'json' };
import { LongestFirst } from './test/support/longest-first.ts';

const HOOK_MS = 300_000;

/** No module keeps state, so files share their worker and what it has loaded: a third of the CPU of one worker a file. */
const project = (name: string, testTimeout: number, extra: object = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    // A machine may be ten times as slow as this one when it is busy; these only end what hangs.
    testTimeout,
    hookTimeout: HOOK_MS,
    expect: { poll: { timeout: 60_000, interval: 20 } },
    isolate: false,
    // Node runs the code here as it does everywhere: an eighth of the CPU went into transforming it. No `vi.mock` comes of it.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    ...extra,
  },
});

export default defineConfig({
  test: {
    // Half of the time the tests wait: for a stage that is deployed, a drain, a lease that ends. Three for each core began to fail.
    maxWorkers: 2 * availableParallelism(),
    sequence: { sequencer: LongestFirst },
    projects: [
      project('unit', 60_000),
      project('contract', 120_000),
      project('property', 240_000),
      // Each file runs the functions in its own process, with what they keep in their instance; alone, since it judges times.
      project('chaos', 240_000, { isolate: true, fileParallelism: false }),
      project('infra', 240_000),
      project('integration', 240_000),
      project('console', 240_000),
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
