/** The gateway's processes: they share one port, are started again when they die, and drain when told. */
import cluster, { type Worker } from 'node:cluster';
import { join } from 'node:path';
import type { ConsoleBuild } from '../console/build.ts';
import { StartError } from '../data-dir/layout.ts';
import { freePort } from '../free-port.ts';
import { isFromWorker, type ToWorker } from '../gateway/messages.ts';
import { YOUNG_GENERATION } from '../gateway/young-generation.ts';
import { MetricsOfAll } from '../metrics/metrics-of-all.ts';
import type { SeriesStore } from '../metrics/series-store.ts';
import { Backoff } from '../processes/backoff.ts';
import type { LogDirectory } from '../processes/log-directory.ts';
import type { ProcessEvents } from '../processes/managed-process.ts';
import { addresses } from './addresses.ts';

export interface GatewayWorkersOptions {
  count: number;
  host: string;
  port: number;
  environment: Readonly<Record<string, string>>;
  logs: LogDirectory;
  events: ProcessEvents;
  /** Takes what they count. */
  series: SeriesStore;
  console: ConsoleBuild;
}

/** Starts that may fail before the first success. */
const FIRST_ATTEMPTS = 2;
const EXIT_GRACE_MS = 2_000;

/** Nobody is told who has left meanwhile. */
const tell = (worker: Worker, message: ToWorker): void => {
  if (worker.isConnected()) worker.send(message, () => undefined);
};

export class GatewayWorkers {
  readonly #options: GatewayWorkersOptions;
  readonly #workers = new Set<Worker>();
  readonly #serving = new WeakSet<Worker>();
  readonly #metrics = new MetricsOfAll<Worker>();
  /** One number for every worker and every restart. */
  #port: number;
  #leaving = false;
  /** Until the first worker has served, start() itself decides whether to try again. */
  #started = false;

  constructor(options: GatewayWorkersOptions) {
    this.#options = options;
    this.#port = options.port;
    const output = options.logs.open('gateway');
    const profile = process.env.ATP_CPU_PROFILE_DIR;
    cluster.setupPrimary({
      exec: join(import.meta.dirname, '..', 'gateway', 'worker.ts'),
      args: [],
      execArgv: [
        ...YOUNG_GENERATION,
        // For `bench:gateway -- --profile`.
        ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]),
      ],
      stdio: ['ignore', output, output, 'ipc'],
    });
  }

  /** Answers the port once every worker serves. Throws StartError. */
  async start(): Promise<number> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        if (this.#options.port === 0) this.#port = await freePort(this.#options.host);
        await this.#spawn(new Backoff());
        this.#started = true;
        break;
      } catch (error) {
        if (attempt >= FIRST_ATTEMPTS || this.#leaving) throw error;
      }
    }
    const others = Array.from({ length: this.#options.count - 1 }, () => this.#spawn(new Backoff()));
    await Promise.all(others);
    return this.#port;
  }

  /** Resolves when all are gone; those that outlive `patienceMs` are killed. */
  async drain(patienceMs: number): Promise<void> {
    this.#leaving = true;
    const message: ToWorker = { kind: 'drain', patienceMs };
    const gone = [...this.#workers].map(
      (worker) =>
        new Promise<void>((resolve) => {
          const hard = setTimeout(() => worker.process.kill('SIGKILL'), patienceMs + EXIT_GRACE_MS);
          worker.once('exit', () => {
            clearTimeout(hard);
            resolve();
          });
          // One that does not serve yet has nothing to finish, and would not hear us.
          if (this.#serving.has(worker) && worker.isConnected()) tell(worker, message);
          else worker.process.kill('SIGKILL');
        }),
    );
    await Promise.all(gone);
  }

  async #report(asker: Worker, id: number): Promise<void> {
    const serving = [...this.#workers].filter((worker) => this.#serving.has(worker));
    const reports = await this.#metrics.gather(serving, (worker, id) => tell(worker, { kind: 'report', id }));
    tell(asker, { kind: 'metrics', id, reports });
  }

  #spawn(backoff: Backoff): Promise<void> {
    const { environment, host, logs, events, series } = this.#options;
    const startedAt = performance.now();
    const worker = cluster.fork({
      ...environment,
      ATP_LOCAL_HOST: host,
      ATP_LOCAL_PORT: String(this.#port),
      API_URL: addresses(host, this.#port).url,
      ATP_LOCAL_ACCESS_LOG: logs.file('access'),
    });
    this.#workers.add(worker);
    const { pid } = worker.process;
    if (pid !== undefined) events.up(pid);
    return new Promise((resolve, reject) => {
      let ready = false;
      let reason = 'it ended';
      worker.on('message', (message: unknown) => {
        if (!isFromWorker(message)) return;
        if (message.kind === 'failed') reason = message.reason;
        else if (message.kind === 'report') this.#metrics.take(worker, message.id, message.report);
        else if (message.kind === 'console')
          tell(worker, { kind: 'console', id: message.id, state: this.#options.console.state() });
        else if (message.kind === 'tally')
          series.take(Date.now(), worker.id, { level: message.connections, ...message });
        else if (message.kind === 'metrics') void this.#report(worker, message.id);
        else {
          ready = true;
          this.#serving.add(worker);
          resolve();
        }
      });
      worker.on('error', () => undefined);
      worker.once('exit', (code, signal) => {
        this.#workers.delete(worker);
        events.down(pid);
        if (!ready) reject(new StartError(`The gateway did not start: ${reason}. See logs/gateway.jsonl.`));
        if (this.#leaving || !this.#started) return;
        const delay = backoff.delay(performance.now() - startedAt);
        logs.write('supervisor', 'WARN', 'A gateway worker ended and is started again', {
          how: signal ?? `exit ${code}`,
          reason: ready ? undefined : reason,
          delay,
        });
        setTimeout(() => this.#leaving || void this.#spawn(backoff).catch(() => undefined), delay);
      });
    });
  }
}
