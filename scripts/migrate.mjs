#!/usr/bin/env node
/** `npm run migrate`: brings what tables hold into the form that this release writes. */
import { run } from './migrate/run.ts';

try {
  await run(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
  process.exitCode = 1;
}
