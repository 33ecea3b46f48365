/** `npm run evaluate-policy`: what a policy would have earned on an export of the Observations table. Reads files, sends nothing. */
import { run } from './evaluation/run.ts';

try {
  process.stdout.write(await run(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
  process.exitCode = 1;
}
