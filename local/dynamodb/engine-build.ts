/**
 * dynoxide built for this machine. The published binary is made to be small and to run on any Linux, and takes twice
 * the CPU time for an observation (`npm run bench:calls`).
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogDirectory } from '../processes/log-directory.ts';
import type { ProcessEvents } from '../processes/managed-process.ts';
import { type CargoRun, startCargo } from '../rust/cargo.ts';
import { builtEngine, ENGINE_CRATE, engineBuild } from './engine.ts';

const BUILD_LOG = 'store-build';

/** In place of the crate's profile: optimised for size, and linked as a whole, which takes longest. */
const PROFILE = {
  CARGO_PROFILE_RELEASE_OPT_LEVEL: '2',
  CARGO_PROFILE_RELEASE_LTO: 'false',
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
};

const targetOf = (builds: string): string => join(engineBuild(builds), 'target');

/** For cargo. Safe beside another build of the same: one waits for the other. A build that was ended goes on where it was. */
export const engineBuildArgs = (builds: string): string[] => [
  ...['install', ENGINE_CRATE.name, '--version', `=${ENGINE_CRATE.version}`, '--locked', '--bin', 'dynoxide'],
  ...['--no-default-features', '--features', 'native-sqlite,http-server'],
  ...['--root', engineBuild(builds), '--target-dir', targetOf(builds)],
];

/** For cargo: what is set for it already stays. */
export const engineBuildEnv = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({ ...PROFILE, ...env });

/** What only the build itself needs. What cannot be removed, or is being removed by another, stays for the next start. */
export const clearEngineBuild = (builds: string): Promise<void> =>
  rm(targetOf(builds), { recursive: true, force: true }).catch(() => undefined);

export interface EngineBuilderOptions {
  root: string;
  /** Where the build is put. */
  builds: string;
  logs: LogDirectory;
  events: ProcessEvents;
  note(text: string): void;
  cargo?: string;
}

/** Builds the store behind a gateway that runs on the published one; the next start takes it. */
export class EngineBuilder {
  readonly #options: EngineBuilderOptions;
  #build: CargoRun | undefined;
  #stopped = false;

  constructor(options: EngineBuilderOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { root, builds, logs, events, note, cargo } = this.#options;
    if (this.#stopped) return;
    // An end in between may have left it.
    if (existsSync(builtEngine(builds))) return clearEngineBuild(builds);
    const build = startCargo({
      args: engineBuildArgs(builds),
      env: engineBuildEnv(process.env),
      cwd: root,
      name: BUILD_LOG,
      logs,
      yielding: true,
      cargo,
    });
    this.#build = build;
    if (build.pid !== undefined) events.up(build.pid);
    const outcome = await build.finished;
    events.down(build.pid);
    if (outcome === 'built') await clearEngineBuild(builds);
    if (this.#stopped) return;
    if (outcome === 'built') note('A faster build of the local store is ready for the next start.');
    if (outcome === 'failed')
      note(`The local store could not be built anew, and stays as it is; see logs/${BUILD_LOG}.jsonl.`);
  }

  stop(): void {
    this.#stopped = true;
    this.#build?.stop();
  }
}
