/** The supervisor's part of the console: built when somebody first looks at it, and again when its sources have changed. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { copyLines } from '../processes/json-lines.ts';
import type { LogDirectory } from '../processes/log-directory.ts';
import type { ProcessEvents } from '../processes/managed-process.ts';
import { builtHash, hashSources } from './sources.ts';

export type ConsoleState =
  /** `build` tells one build from another. */
  | { kind: 'ready'; build: string }
  | { kind: 'building'; seconds: number }
  | { kind: 'failed' }
  | { kind: 'absent' };

export interface ConsoleBuildOptions {
  root: string;
  logs: LogDirectory;
  events: ProcessEvents;
  note(text: string): void;
  /** Milliseconds, monotonic. */
  now(): number;
}

/** Sources are not looked at more often. */
const LOOK_MS = 2_000;

export class ConsoleBuild {
  readonly #options: ConsoleBuildOptions;
  #looked: { at: number; state: ConsoleState } | undefined;
  #building: { since: number; stop: () => void } | undefined;
  /** Sources whose build failed: not tried again. */
  #failed: string | undefined;

  constructor(options: ConsoleBuildOptions) {
    this.#options = options;
  }

  state(): ConsoleState {
    const now = this.#options.now();
    if (this.#building !== undefined)
      return { kind: 'building', seconds: Math.round((now - this.#building.since) / 1_000) };
    if (this.#looked === undefined || now - this.#looked.at >= LOOK_MS)
      this.#looked = { at: now, state: this.#look(now) };
    return this.#looked.state;
  }

  stop(): void {
    this.#building?.stop();
  }

  #look(now: number): ConsoleState {
    const { root } = this.#options;
    const sources = hashSources(root);
    const built = builtHash(root);
    if (built !== undefined && (sources === undefined || built === sources))
      return { kind: 'ready', build: built };
    if (sources === undefined) return { kind: 'absent' };
    if (sources === this.#failed) return { kind: 'failed' };
    this.#start(sources, now);
    return { kind: 'building', seconds: 0 };
  }

  #start(sources: string, since: number): void {
    const { root, logs, events, note, now } = this.#options;
    note('Building the console …');
    const child = spawn(process.execPath, [join(root, 'scripts', 'console-build.mjs')], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' },
    });
    copyLines(child.stdout, logs.open('console-build'), 'console-build');
    copyLines(child.stderr, logs.open('console-build'), 'console-build');
    const { pid } = child;
    if (pid !== undefined) events.up(pid);
    let isStopped = false;
    const ended = (isBuilt: boolean): void => {
      if (this.#building === undefined) return;
      events.down(pid);
      this.#building = undefined;
      this.#looked = undefined;
      if (isStopped) return;
      if (isBuilt) note(`The console is built (in ${Math.round((now() - since) / 1_000)} s).`);
      else {
        this.#failed = sources;
        note('The console could not be built; see logs/console-build.jsonl.');
      }
    };
    child.once('error', () => ended(false));
    child.once('exit', (code) => ended(code === 0));
    const stop = (): void => {
      isStopped = true;
      if (pid === undefined || child.exitCode !== null) return;
      try {
        process.kill(-pid, 'SIGTERM');
      } catch {
        // It ended in between.
      }
    };
    this.#building = { since, stop };
  }
}
