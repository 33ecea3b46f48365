/** `npm run load`: sets up what is missing, then asks a gateway for as long as was said. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureNodeModules } from './setup/node-modules.mjs';

const EVERY_MS = 5_000;
let shownAt = -EVERY_MS;

/** Each line on a terminal; elsewhere what repeats itself comes seldom. */
const note = (text) => {
  const repeats = / s: /.test(text);
  if (repeats && !process.stderr.isTTY && performance.now() - shownAt < EVERY_MS) return;
  if (repeats) shownAt = performance.now();
  process.stderr.write(`${text}\n`);
};

try {
  await ensureNodeModules(dirname(dirname(fileURLToPath(import.meta.url))));
  const { run } = await import('./load/run.ts');
  const { text, code } = await run(process.argv.slice(2), process.env, note);
  process.stdout.write(text);
  process.exitCode = code;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
  process.exitCode = error?.constructor?.name === 'UsageError' ? 2 : 1;
}
