import { defineConfig } from 'vitest/config';

const project = (name: string, testTimeout: number, extra: object = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, ...extra },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', 5_000),
      project('contract', 30_000, { hookTimeout: 60_000 }),
      project('property', 60_000),
      project('chaos', 30_000, { hookTimeout: 60_000, fileParallelism: false }),
      project('infra', 120_000, { isolate: false }),
      project('integration', 120_000, { hookTimeout: 180_000, fileParallelism: false }),
      project('console', 60_000, { hookTimeout: 240_000, fileParallelism: false }),
    ],
    coverage: {
      provider: 'v8',
      include: ['shared/**/*.ts', 'functions/**/*.ts'],
      exclude: ['**/index.ts'],
      reporter: ['text-summary', 'json-summary', 'lcovonly'],
      thresholds: { lines: 90, branches: 90 },
    },
  },
});
