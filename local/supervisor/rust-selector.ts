/** The two Rust functions, and getting them built while the TypeScript selector serves. */
import type { LambdaFunction } from '../aws/lambda-function.ts';
import { LEARN_FUNCTION, SELECT_FUNCTION } from '../environment.ts';
import type { LogDirectory } from '../processes/log-directory.ts';
import type { ProcessEvents } from '../processes/managed-process.ts';
import { type Build, buildState, type RustCrate, startBuild } from '../rust/build.ts';
import { RustFunction } from '../rust/rust-function.ts';

const SELECT_TIMEOUT_MS = 2_000;
const LEARN_TIMEOUT_MS = 5_000;
const SELECT_CONCURRENCY = 4;

export interface RustSelectorOptions {
  crate: RustCrate;
  logs: LogDirectory;
  events: ProcessEvents;
  note(text: string): void;
}

export class RustSelectorHost {
  readonly #options: RustSelectorOptions;
  readonly #select: RustFunction;
  readonly #learn: RustFunction;
  #build: Build | undefined;
  #stopped = false;

  constructor(options: RustSelectorOptions) {
    this.#options = options;
    const { crate, logs, events } = options;
    const make = (name: string, timeoutMs: number, concurrency: number): RustFunction =>
      new RustFunction({ name, binary: crate.binary(name), timeoutMs, concurrency, logs, events });
    this.#select = make(SELECT_FUNCTION, SELECT_TIMEOUT_MS, SELECT_CONCURRENCY);
    this.#learn = make(LEARN_FUNCTION, LEARN_TIMEOUT_MS, 1);
  }

  get functions(): ReadonlyMap<string, LambdaFunction> {
    return new Map([
      [SELECT_FUNCTION, this.#select.lambda],
      [LEARN_FUNCTION, this.#learn.lambda],
    ]);
  }

  get learn(): LambdaFunction {
    return this.#learn.lambda;
  }

  get pids(): { select: number | null; learn: number | null } {
    return { select: this.#select.pid, learn: this.#learn.pid };
  }

  /** Returns at once when there is something to build; the functions start when that is done. */
  async start(environment: Readonly<Record<string, string>>): Promise<void> {
    const { crate, logs, events, note } = this.#options;
    const state = buildState(crate, [SELECT_FUNCTION, LEARN_FUNCTION]);
    if (state === 'ready') return this.#run(environment);
    note(`Building the Rust selector (${state}); until then the TypeScript selector decides.`);
    const startedAt = performance.now();
    const build = startBuild(crate, logs);
    this.#build = build;
    if (build.pid !== undefined) events.up(build.pid);
    void build.finished.then(async (outcome) => {
      events.down(build.pid);
      if (this.#stopped) return;
      if (outcome === 'built') {
        await this.#run(environment);
        note(`Rust selector took over (built in ${Math.round((performance.now() - startedAt) / 1000)} s).`);
      } else if (outcome === 'no_cargo') {
        note('There is no cargo, so the TypeScript selector goes on deciding, and nothing is learnt.');
      } else {
        note(
          'The Rust build failed, so the TypeScript selector goes on deciding; see logs/rust-build.jsonl.',
        );
      }
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#build?.stop();
    await Promise.all([this.#select.stop(), this.#learn.stop()]);
  }

  async #run(environment: Readonly<Record<string, string>>): Promise<void> {
    await Promise.all([this.#select.start(environment), this.#learn.start(environment)]);
  }
}
