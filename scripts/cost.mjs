/** `npm run cost`: a month's AWS bill for a load, beside the same load on containers. Sends nothing. */
import { run } from './cost/run.ts';

try {
  process.stdout.write(run(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
  process.exitCode = 1;
}
