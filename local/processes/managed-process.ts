/** A child that is started again whenever it ends, until it is stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { Backoff } from './backoff.ts';
import { copyLines } from './json-lines.ts';
import type { LogDirectory } from './log-directory.ts';

export interface ProcessSpec {
  /** Also the name of its log. */
  name: string;
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Keep its standard input open, so that it can notice our end. */
  holdStdin?: boolean;
  /** What it prints is JSON lines: they go into the log without passing through us. */
  printsJsonLines?: boolean;
}

export interface ProcessEvents {
  up(pid: number): void;
  /** `pid` is missing where it could not even be started. */
  down(pid: number | undefined): void;
}

const TERM_GRACE_MS = 3_000;

export class ManagedProcess {
  readonly #spec: ProcessSpec;
  readonly #events: ProcessEvents;
  readonly #logs: LogDirectory;
  readonly #backoff = new Backoff();
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(spec: ProcessSpec, logs: LogDirectory, events: ProcessEvents) {
    this.#spec = spec;
    this.#logs = logs;
    this.#events = events;
  }

  get name(): string {
    return this.#spec.name;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  start(): void {
    const { name, command, args, env, holdStdin, printsJsonLines } = this.#spec;
    const startedAt = performance.now();
    const descriptor = this.#logs.open(name);
    // A session of its own: Ctrl-C is for the supervisor alone, which ends its children in order.
    const child = spawn(command, args, {
      env: { ...env },
      stdio: [holdStdin === true ? 'pipe' : 'ignore', printsJsonLines === true ? descriptor : 'pipe', 'pipe'],
      detached: true,
    });
    this.#child = child;
    if (child.stdout !== null) copyLines(child.stdout, descriptor, name);
    if (child.stderr !== null) copyLines(child.stderr, descriptor, name);
    child.stdin?.on('error', () => undefined);
    let ended = false;
    const end = (how: string): void => {
      if (ended) return;
      ended = true;
      this.#child = undefined;
      this.#events.down(child.pid);
      if (this.#stopped) return;
      const delay = this.#backoff.delay(performance.now() - startedAt);
      this.#logs.write('supervisor', 'WARN', 'A process ended and is started again', {
        process: name,
        how,
        delay,
      });
      this.#timer = setTimeout(() => this.start(), delay);
    };
    child.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'error'));
    child.on('exit', (code, signal) => end(signal ?? `exit ${code}`));
    if (child.pid !== undefined) this.#events.up(child.pid);
  }

  /** Ends it the hard way; it comes back. */
  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  /** Ends it for good: SIGTERM, then SIGKILL. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined) return;
    await new Promise<void>((resolve) => {
      const hard = setTimeout(() => child.kill('SIGKILL'), TERM_GRACE_MS);
      child.once('exit', () => {
        clearTimeout(hard);
        resolve();
      });
      child.stdin?.end();
      child.kill('SIGTERM');
    });
  }
}
