/**
 * `npm start`: sets up what is missing, then runs the local runtime on the pinned Node, whatever Node this is.
 * Plain JavaScript with builtins only, since it runs before anything is installed.
 */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureNodeModules, pinnedNode } from './setup/node-modules.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const HELP = `Usage: npm start -- [options]

Runs the router on this machine: gateway, selector, learner and store.

  --port <n>      port of the gateway; 0 picks a free one        (8787)
  --host <addr>   address to listen on                           (127.0.0.1)
  --data <dir>    where everything is kept                       (.atp)
  --identity <file>  issuers whose tokens are good
  --workers <n>   gateway processes that share the port          (1)
  --fresh         throw away what the data directory holds
  --empty         register no models
  --quiet         print nothing but the URL
  --help          this text

Environment: OPENAI_API_KEY and ANTHROPIC_API_KEY register those vendors' models at the first start;
DYNOXIDE_PATH names another dynoxide binary; ATP_STORE_BUILD=off builds none for the next start,
ATP_STORE_BUILD_DIR says where builds of it are kept (.cache); NO_COLOR turns colours off.
`;

const main = async () => {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(HELP);
    return;
  }
  try {
    await ensureNodeModules(root);
  } catch (error) {
    process.stderr.write(`The set-up failed: ${error.message}\n`);
    process.exitCode = 1;
    return;
  }
  const env = { ...process.env, NODE_COMPILE_CACHE: join(root, '.cache', 'node'), ATP_PARENT_FD: '3' };
  // Descriptor 3 tells the runtime when this process is gone, however it ended.
  const child = spawn(pinnedNode(root), [join(root, 'local', 'main.ts'), ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    detached: true,
    env,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event !== undefined) endWithParent(() => child.kill('SIGTERM'));
  child.on('error', (error) => {
    process.stderr.write(`Node could not be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 1;
    if (signal !== null) process.stderr.write(`The runtime ended by ${signal}.\n`);
  });
};

/** A signal to npm ends npm and its shell without reaching us: being handed to another parent tells as much. */
const endWithParent = (onGone) => {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, 200);
  timer.unref();
};

await main();
