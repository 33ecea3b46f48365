/**
 * Ends children that would outlive us. A tiny shell reads the list of their process ids from a pipe that only the
 * supervisor holds; when the supervisor is gone, even by kill -9, the pipe ends and the shell kills the last list.
 */
import { type ChildProcess, spawn } from 'node:child_process';

const SCRIPT =
  'trap "" INT TERM HUP; last=""; while read -r line; do last="$line"; done; ' +
  'for pid in $last; do kill -s TERM -- "$pid" 2>/dev/null; done; ' +
  '[ -z "$last" ] || sleep 1; for pid in $last; do kill -s KILL -- "$pid" 2>/dev/null; done';

export class Reaper {
  readonly #targets = new Set<number>();
  #shell: ChildProcess | undefined;
  #closed = false;

  start(): void {
    const shell = spawn('sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    this.#shell = shell;
    shell.stdin?.on('error', () => undefined);
    shell.on('error', () => undefined);
    shell.on('exit', () => {
      if (!this.#closed) setTimeout(() => this.#closed || this.start(), 1_000).unref();
    });
    this.#send();
  }

  get pid(): number | null {
    return this.#shell?.pid ?? null;
  }

  /** `pid` is the leader of its process group; the whole group is ended. */
  guard(pid: number): void {
    this.#targets.add(pid);
    this.#send();
  }

  forget(pid: number): void {
    this.#targets.delete(pid);
    this.#send();
  }

  /** Nothing is left to guard. */
  close(): void {
    this.#closed = true;
    this.#targets.clear();
    this.#send();
    this.#shell?.stdin?.end();
  }

  #send(): void {
    this.#shell?.stdin?.write(`${[...this.#targets].map((pid) => `-${pid}`).join(' ')}\n`);
  }
}
