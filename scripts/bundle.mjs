#!/usr/bin/env node
/** `npm run bundle`: every function as one minified ES module in dist/functions, with its source map beside it. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '..');
const OUT = join(ROOT, 'dist/functions');

// Some packages still call require() for Node's own modules.
const BANNER =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

export const bundleFunctions = async () => {
  rmSync(OUT, { recursive: true, force: true });
  const names = readdirSync(join(ROOT, 'functions'));
  await Promise.all(
    names.map((name) =>
      build({
        entryPoints: [join(ROOT, 'functions', name, 'index.ts')],
        outfile: join(OUT, name, 'index.mjs'),
        bundle: true,
        minify: true,
        keepNames: true,
        platform: 'node',
        target: 'node24',
        format: 'esm',
        mainFields: ['module', 'main'],
        conditions: ['module'],
        sourcemap: 'external',
        banner: { js: BANNER },
        legalComments: 'none',
        logLevel: 'warning',
      }),
    ),
  );
  return names.map((name) => ({ name, bytes: statSync(join(OUT, name, 'index.mjs')).size }));
};

if (process.argv[1] === import.meta.filename) {
  for (const { name, bytes } of await bundleFunctions())
    console.log(`${name.padEnd(12)} ${(bytes / 1024).toFixed(0)} KiB`);
}
