/** `npm run audit:verify`: is every entry of the audit log as it was written. Reads only. */
import { run } from './audit/run.ts';

try {
  const { text, ok } = await run(process.argv.slice(2));
  process.stdout.write(text);
  process.exitCode = ok ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
  process.exitCode = 2;
}
