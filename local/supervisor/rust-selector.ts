/** The two Rust functions, and getting them built while the TypeScript selector serves. */
import type { LambdaFunction } from '../aws/lambda-function.ts';
import { LEARN_FUNCTION, SELECT_FUNCTION } from '../environment.ts';
import type { LogDirectory } from '../processes/log-directory.ts';
import type { ProcessEvents } from '../processes/managed-process.ts';
import { buildState, type RustCrate, startBuild } from '../rust/build.ts';
import type { CargoRun } from '../rust/cargo.ts';
import type { InvokeAddress } from '../rust/invoke-address.ts';
import { InvokedFunction } from '../rust/invoked-function.ts';
import { RustFunction } from '../rust/rust-function.ts';

const LEARN_TIMEOUT_MS = 5_000;

export interface RustSelectorOptions {
  crate: RustCrate;
  logs: LogDirectory;
  events: ProcessEvents;
  note(text: string): void;
}

export interface RustStart {
  /** Where `select` is to be invoked. */
  at: InvokeAddress;
  environment: Readonly<Record<string, string>>;
}

export class RustSelectorHost {
  readonly #options: RustSelectorOptions;
  #select: InvokedFunction | undefined;
  readonly #learn: RustFunction;
  #build: CargoRun | undefined;
  #built: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: RustSelectorOptions) {
    this.#options = options;
    const { crate, logs, events } = options;
    this.#learn = new RustFunction({
      name: LEARN_FUNCTION,
      binary: crate.binary(LEARN_FUNCTION),
      timeoutMs: LEARN_TIMEOUT_MS,
      logs,
      events,
    });
  }

  get learn(): LambdaFunction {
    return this.#learn.lambda;
  }

  get pids(): { select: number | null; learn: number | null } {
    return { select: this.#select?.pid ?? null, learn: this.#learn.pid };
  }

  /** Resolves when nothing is being built, or any more. */
  get built(): Promise<void> {
    return this.#built;
  }

  /** Returns at once when there is something to build; the functions start when that is done. */
  async start({ at, environment }: RustStart): Promise<void> {
    const { crate, logs, events, note } = this.#options;
    const state = buildState(crate, [SELECT_FUNCTION, LEARN_FUNCTION]);
    const run = (): Promise<void> => this.#run(at, environment);
    if (state === 'ready') return run();
    note(`Building the Rust selector (${state}); until then the TypeScript selector decides.`);
    const startedAt = performance.now();
    const build = startBuild(crate, logs);
    this.#build = build;
    if (build.pid !== undefined) events.up(build.pid);
    this.#built = build.finished.then(async (outcome) => {
      events.down(build.pid);
      if (this.#stopped) return;
      if (outcome === 'built') {
        await run();
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
    await Promise.all([this.#select?.stop(), this.#learn.stop()]);
  }

  async #run(at: InvokeAddress, environment: Readonly<Record<string, string>>): Promise<void> {
    const { crate, logs, events } = this.#options;
    const binary = crate.binary(SELECT_FUNCTION);
    this.#select = new InvokedFunction({ name: SELECT_FUNCTION, binary, at, logs, events });
    this.#select.start(environment);
    await this.#learn.start(environment);
  }
}
