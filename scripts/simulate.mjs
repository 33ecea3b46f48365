/** `npm run simulate`: what decides in the gateway, driven by a clock of its own. Needs no network and no store. */
import { run } from './simulate/run.ts';

const EVERY_MS = 1_000;
let shownAt = performance.now();

const progress = (tenants, done, of) => {
  if (performance.now() - shownAt < EVERY_MS) return;
  shownAt = performance.now();
  const line = `${tenants} tenants: ${Math.floor((100 * done) / of)} % of ${of} requests`;
  process.stderr.write(process.stderr.isTTY ? `\r${line}` : `${line}\n`);
};

/** CPU time, so that a busy machine says little. */
const clock = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

const heapBytes = () => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

try {
  const { text, code } = run(process.argv.slice(2), { clock, heapBytes, progress });
  if (process.stderr.isTTY) process.stderr.write('\r');
  process.stdout.write(text);
  process.exitCode = code;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
  process.exitCode = 1;
}
