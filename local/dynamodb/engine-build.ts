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
const PROFILE = ['opt-level=2', 'lto=false', 'codegen-units=16'];

const targetOf = (root: string): string => join(engineBuild(root), 'target');

/** For cargo. Safe beside another build of the same: one waits for the other. A build that was ended goes on where it was. */
export const engineBuildArgs = (root: string): string[] => [
  ...['install', ENGINE_CRATE.name, '--version', `=${ENGINE_CRATE.version}`, '--locked', '--bin', 'dynoxide'],
  ...['--no-default-features', '--features', 'native-sqlite,http-server'],
  ...['--root', engineBuild(root), '--target-dir', targetOf(root)],
  ...PROFILE.flatMap((one) => ['--config', `profile.release.${one}`]),
];

/** What only the build itself needs. What cannot be removed, or is being removed by another, stays for the next start. */
export const clearEngineBuild = (root: string): Promise<void> =>
  rm(targetOf(root), { recursive: true, force: true }).catch(() => undefined);

export interface EngineBuilderOptions {
  root: string;
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
    const { root, logs, events, note, cargo } = this.#options;
    if (this.#stopped) return;
    // An end in between may have left it.
    if (existsSync(builtEngine(root))) return clearEngineBuild(root);
    const args = engineBuildArgs(root);
    const build = startCargo({ args, cwd: root, name: BUILD_LOG, logs, yielding: true, cargo });
    this.#build = build;
    if (build.pid !== undefined) events.up(build.pid);
    const outcome = await build.finished;
    events.down(build.pid);
    if (outcome === 'built') await clearEngineBuild(root);
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
