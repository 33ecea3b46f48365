/** A gateway process: one of those that share the port. Started by the supervisor, ends with it. */
import { randomUUID } from 'node:crypto';
import { openSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { lend } from '../../shared/adapters/runtime/host.ts';
import { ROUTES } from '../../shared/config/routes.ts';
import { ConsoleStates } from '../console/ask-supervisor.ts';
import { signInOf } from '../console/sign-in.ts';
import { ConsoleSite } from '../console/site.ts';
import { IN_MEMORY, type JournalData } from '../journal/messages.ts';
import { openJournal } from '../journal/thread-journal.ts';
import { installAwslambda } from '../lambda/awslambda-global.ts';
import { watchOutput } from '../metrics/watch-output.ts';
import { WorkerMetrics } from '../metrics/worker-metrics.ts';
import { AskQueue } from '../sockets/ask-queue.ts';
import { ASK_QUEUE_PATH, CallbackServer } from '../sockets/callback-server.ts';
import { OpenSockets } from '../sockets/open-sockets.ts';
import { socketFunctions } from '../sockets/socket-functions.ts';
import { SocketGateway, type SocketGatewayDeps } from '../sockets/socket-gateway.ts';
import { AccessLog } from './access-log.ts';
import { BatchedOutput } from './batched-output.ts';
import { loadFunctions } from './functions.ts';
import { Gateway } from './gateway.ts';
import { drainServer, makeServer } from './http-server.ts';
import { type FromWorker, isToWorker } from './messages.ts';
import { Router } from './router.ts';
import { CallerCheck } from './who-may-call.ts';
import { leaveThreadsTheirs } from './young-generation.ts';

const DEFAULT_PATIENCE_MS = 25_000;
/** For which a line of the log may wait for others. */
const OUTPUT_MS = 20;

const environment = {
  host: process.env.ATP_LOCAL_HOST ?? '127.0.0.1',
  port: Number(process.env.ATP_LOCAL_PORT ?? 0),
  accessLog: process.env.ATP_LOCAL_ACCESS_LOG ?? '/dev/null',
  functions: process.env.ATP_LOCAL_FUNCTIONS ?? join(import.meta.dirname, '..', '..', 'functions'),
  console: join(import.meta.dirname, '..', '..', 'console', 'dist'),
  signIn: signInOf(process.env),
  journal: process.env.ATP_LOCAL_JOURNAL,
};

const tell = (message: FromWorker): void => {
  if (process.connected) process.send?.(message);
};

/** An error's message may quote what a caller sent; its name and places cannot. */
const logError = (message: string, error: unknown, fields: Record<string, unknown> = {}): void => {
  const known = error instanceof Error ? error : undefined;
  const frames = known?.stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim());
  const line = { timestamp: new Date().toISOString(), level: 'ERROR', source: 'gateway', message, ...fields };
  process.stderr.write(
    `${JSON.stringify({ ...line, error: known?.name ?? typeof error, stack: frames?.slice(0, 12) })}\n`,
  );
};

/** Lent to the functions, which are loaded later. */
const lentJournal = (): ReturnType<typeof openJournal> | undefined => {
  const { journal: where } = environment;
  if (where === undefined) return undefined;
  const data: JournalData = {
    environment: Object.fromEntries(
      Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    ...(where === IN_MEMORY ? {} : { directory: where }),
  };
  const lent = openJournal(data, (error) => {
    logError('The journal ended', error);
    // Started again, this process books what it has.
    process.exit(1);
  });
  lend({ journal: lent.journal });
  return lent;
};

const openSockets = async (
  shared: Pick<SocketGatewayDeps, 'callers' | 'log' | 'onHandlerError'>,
  sockets: OpenSockets,
): Promise<SocketGateway> => {
  const functions = socketFunctions(environment.functions);
  const queue = new AskQueue({
    worker: async () => (await functions()).worker,
    onFailure: (error) => shared.onHandlerError('ws-worker', error),
  });
  const callbacks = new CallbackServer(sockets, queue);
  await callbacks.listen();
  // For the functions, which are loaded later.
  process.env.CONNECTIONS_URL = callbacks.url;
  process.env.ASK_QUEUE_URL = callbacks.url + ASK_QUEUE_PATH;
  return new SocketGateway({ ...shared, functions, sockets, queue, port: () => callbacks.port });
};

const main = async (): Promise<void> => {
  // Each look into the real one asks the operating system, and libraries look several times a request.
  process.env = { ...process.env };
  leaveThreadsTheirs();
  installAwslambda();
  const lent = lentJournal();
  const log = new AccessLog(openSync(environment.accessLog, 'a', 0o600));
  const callers = new CallerCheck(environment.host);
  const onHandlerError = (functionName: string, error: unknown): void =>
    logError('A handler failed', error, { function: functionName });
  const metrics = new WorkerMetrics(tell);
  const output = new BatchedOutput(process.stdout.fd, OUTPUT_MS);
  process.on('exit', () => output.flush());
  watchOutput(
    process.stdout,
    (line) => metrics.take(line),
    (text) => output.write(text),
  );
  const states = new ConsoleStates(tell);
  const { console: directory, signIn } = environment;
  const site = new ConsoleSite({ directory, state: () => states.ask(), signIn });
  const open = new OpenSockets();
  // First, since the functions that are loaded then read where it listens.
  const sockets = await openSockets({ callers, log, onHandlerError }, open);
  const gateway = new Gateway({
    router: new Router(ROUTES),
    functions: await loadFunctions(environment.functions, ROUTES),
    callers,
    log,
    newId: randomUUID,
    onHandlerError,
    metrics: () => metrics.page(),
    site,
  });
  metrics.gauge('atp_active_requests', 'Requests that are not answered in full.', () => gateway.underway);
  metrics.gauge('atp_active_connections', 'Open WebSockets.', () => open.size);
  metrics.gauge('process_resident_memory_bytes', 'Of all gateway processes.', process.memoryUsage.rss);
  metrics.tellEachSecond(() => open.size);
  const server = makeServer(gateway, randomUUID, sockets);
  let leaving = false;
  const leave = async (patienceMs: number): Promise<void> => {
    if (leaving) return;
    leaving = true;
    await Promise.all([drainServer(server, gateway, patienceMs), sockets.drain(patienceMs)]);
    await Promise.all([metrics.printed(), lent?.journal.close()]);
    log.flush();
    process.exit(0);
  };
  process.on('message', (message) => {
    if (!isToWorker(message)) return;
    if (message.kind === 'drain') void leave(message.patienceMs);
    else {
      metrics.heard(message);
      states.heard(message);
    }
  });
  process.on('disconnect', () => {
    // Mid-drain the supervisor may close the channel; otherwise it is gone, and so are the store and the selector.
    if (leaving) return;
    log.flush();
    process.exit(1);
  });
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => void leave(DEFAULT_PATIENCE_MS));
  server.on('error', (error: NodeJS.ErrnoException) => {
    tell({
      kind: 'failed',
      reason: `cannot listen on ${environment.host}:${environment.port} (${error.code ?? 'error'})`,
    });
    process.exit(1);
  });
  await lent?.opened;
  // What a former process answered counts for the limits that the first request meets.
  await lent?.journal.booked();
  server.listen(environment.port, environment.host, () => {
    tell({ kind: 'ready', port: (server.address() as AddressInfo).port });
  });
};

process.on('uncaughtException', (error) => {
  logError('An error was caught by nobody', error);
  process.exit(1);
});

main().catch((error: unknown) => {
  logError('The gateway could not start', error);
  // Only our own modules have run: the message names a file or a variable.
  const reason = error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : 'unknown error';
  tell({ kind: 'failed', reason });
  process.exit(1);
});
