/** The local runtime's entry: command line, data directory, supervisor, signals. `npm start` runs it on the pinned Node. */
import { readFileSync } from 'node:fs';
import { createServer, Socket } from 'node:net';
import { join } from 'node:path';
import { readJson } from './data-dir/files.ts';
import { claimDirectory, layout, StartError, wipeDirectory } from './data-dir/layout.ts';
import { acquireLock } from './data-dir/lock.ts';
import { ProcessRecords } from './data-dir/process-records.ts';
import { engineBuilds, findEngine } from './dynamodb/engine.ts';
import { bedrockEnvironment, scrubEnvironment } from './environment.ts';
import { localIdentity } from './identity.ts';
import { type Options, parseOptions } from './options.ts';
import { rustCrate } from './rust/build.ts';
import { makeAnnouncer } from './supervisor/announce.ts';
import { findPiiModel } from './supervisor/pii-model.ts';
import { Supervisor } from './supervisor/supervisor.ts';

const ROOT = join(import.meta.dirname, '..');
/** npm and a terminal both deliver one Ctrl-C; only a later one means: at once. */
const SAME_SIGNAL_MS = 700;
const INTERRUPTED = 130;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const versionOf = (root: string): string =>
  (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;

/** Throws StartError where somebody else listens there. */
const requireFreePort = ({ host, port }: Options): Promise<void> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be listened on (${error.code})`;
      reject(new StartError(`${host}:${port} ${reason}; --port 0 picks a free port.`));
    });
    probe.listen(port, host, () => probe.close(() => resolve()));
  });

const runningPid = (path: string): string => {
  const runtime = readJson(path) as { pid?: unknown } | undefined;
  return typeof runtime?.pid === 'number' ? ` (process ${runtime.pid})` : '';
};

const run = async (): Promise<void> => {
  const options = parseOptions(process.argv.slice(2));
  const identity = localIdentity(options.identity);
  const data = layout(options.data);
  const announcer = makeAnnouncer({
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    quiet: options.quiet,
  });
  claimDirectory(data);
  const lock = acquireLock(data.lock);
  if (lock === undefined)
    throw new StartError(`A runtime is running on ${data.root} already${runningPid(data.runtime)}.`);
  const records = new ProcessRecords(data.processes);
  records.killOrphans();
  if (options.fresh) wipeDirectory(data);
  if (options.port !== 0) await requireFreePort(options);
  if (options.host !== '127.0.0.1' && options.host !== 'localhost' && options.host !== '::1') {
    announcer.complain(`Warning: listening on ${options.host}; whoever can reach it and has a key can call.`);
  }
  const {
    DYNOXIDE_PATH,
    ATP_STORE_BUILD,
    ATP_STORE_BUILD_DIR,
    ATP_LOCAL_FUNCTIONS,
    ATP_RUST_BINARIES,
    ATP_PARENT_FD,
    ATP_ENCODER_DIR,
  } = process.env;
  const builds = engineBuilds(ROOT, ATP_STORE_BUILD_DIR);
  const personal = scrubEnvironment(process.env);
  const piiModel = await findPiiModel(process.env.ATP_PII_MODEL_DIR ?? join(ROOT, 'pii-model'));
  if ('missing' in piiModel)
    announcer.note(`Personal data is found by patterns alone, names are not: ${piiModel.missing}.`);
  const supervisor = new Supervisor({
    root: ROOT,
    options,
    data,
    records,
    announcer,
    engine: findEngine(ROOT, DYNOXIDE_PATH, builds),
    buildEngineIn: DYNOXIDE_PATH === undefined && ATP_STORE_BUILD !== 'off' ? builds : undefined,
    crate: rustCrate(ROOT, ATP_RUST_BINARIES),
    version: versionOf(ROOT),
    inMemory: process.env.ATP_STORE === 'memory',
    personal,
    workerEnvironment: {
      ...bedrockEnvironment(personal),
      ...identity,
      // Looked for only when a policy wants it.
      ENCODER_DIR: ATP_ENCODER_DIR ?? join(ROOT, '.cache', 'encoder'),
      ...('missing' in piiModel ? {} : { PII_MODEL_DIR: piiModel.directory }),
      ...(ATP_LOCAL_FUNCTIONS === undefined ? {} : { ATP_LOCAL_FUNCTIONS }),
    },
  });
  let stopping: number | undefined;
  const stop = (exitCode: number): void => {
    if (stopping !== undefined) {
      if (performance.now() - stopping < SAME_SIGNAL_MS) return;
      supervisor.abandon();
      process.exit(INTERRUPTED);
    }
    stopping = performance.now();
    announcer.note('Finishing what is under way …');
    supervisor.stop().then(
      () => {
        lock.release();
        process.exit(exitCode);
      },
      () => process.exit(1),
    );
  };
  for (const signal of SIGNALS) process.on(signal, () => stop(0));
  if (ATP_PARENT_FD !== undefined)
    watchParent(Number(ATP_PARENT_FD), () => stopping === undefined && stop(0));
  delete process.env.ATP_PARENT_FD;
  try {
    await supervisor.start();
  } catch (error) {
    if (stopping !== undefined) return;
    stopping = performance.now();
    announcer.complain(describe(error));
    await supervisor.stop();
    process.exit(1);
  }
};

/** The other end of this pipe is the process that started us; when that is gone, so are we. */
const watchParent = (descriptor: number, onGone: () => void): void => {
  const pipe = new Socket({ fd: descriptor });
  pipe.on('error', () => undefined);
  pipe.on('close', onGone);
  pipe.resume();
  pipe.unref();
};

const describe = (error: unknown): string => {
  if (error instanceof StartError) return error.message;
  return `The runtime could not start: ${error instanceof Error ? error.message : 'unknown error'}`;
};

run().catch((error: unknown) => {
  process.stderr.write(`${describe(error)}\n`);
  process.exit(error instanceof StartError ? error.exitCode : 1);
});
