/** A Rust Lambda that answers Invoke by itself, at an address of its own: nothing of ours stands between it and its callers. */
import { request } from 'node:http';
import type { LogDirectory } from '../processes/log-directory.ts';
import { ManagedProcess, type ProcessEvents } from '../processes/managed-process.ts';
import type { InvokeAddress } from './invoke-address.ts';

export interface InvokedFunctionOptions {
  name: string;
  binary: string;
  at: InvokeAddress;
  logs: LogDirectory;
  events: ProcessEvents;
}

const PING_MS = 1_000;
/** A process that is given this long and says nothing hangs. */
const PATIENCE_MS = 2_000;

export class InvokedFunction {
  readonly #options: InvokedFunctionOptions;
  #process: ManagedProcess | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: InvokedFunctionOptions) {
    this.#options = options;
  }

  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  start(environment: Readonly<Record<string, string>>): void {
    const { name, binary, at, logs, events } = this.#options;
    const env = { ...environment, ATP_INVOKE_ADDRESS: at.address };
    const spec = { name, command: binary, args: [], env, holdStdin: true, printsJsonLines: true };
    this.#process = new ManagedProcess(spec, logs, events);
    this.#process.start();
    this.#watch();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    const process = this.#process;
    this.#process = undefined;
    await process?.stop();
  }

  #watch(): void {
    this.#timer = setTimeout(async () => {
      const pid = this.pid;
      const hangs = pid !== null && (await this.#saysNothing());
      if (hangs && pid === this.pid) {
        this.#options.logs.write('supervisor', 'WARN', 'A function did not answer in time and is killed', {
          process: this.#options.name,
        });
        this.#process?.kill();
      }
      if (this.#process !== undefined) this.#watch();
    }, PING_MS).unref();
  }

  /** A refused connection is no silence: the process is starting or has just ended. */
  #saysNothing(): Promise<boolean> {
    return new Promise((resolve) => {
      const { target } = this.#options.at;
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const asked = request({ ...target, path: '/ping', agent: false, signal }, (response) => {
        response.resume();
        resolve(false);
      });
      asked.on('error', () => resolve(signal.aborted));
      asked.end();
    });
  }
}
