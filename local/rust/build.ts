/** The Rust binaries: whether they are there and newer than their sources, and how they are built behind a running gateway. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LogDirectory } from '../processes/log-directory.ts';
import { type CargoRun, startCargo } from './cargo.ts';

export interface RustCrate {
  directory: string;
  binary(name: string): string;
  /** False where the binaries were given from elsewhere. */
  buildable: boolean;
}

export const rustCrate = (root: string, binaries: string | undefined): RustCrate => {
  const directory = join(root, 'rust-selector');
  const place = binaries ?? join(directory, 'target/release');
  return { directory, binary: (name) => join(place, name), buildable: binaries === undefined };
};

const newestIn = (directory: string): number =>
  Math.max(
    0,
    ...readdirSync(directory, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );

/** `ready`, or why there is something to build. */
export const buildState = (crate: RustCrate, names: readonly string[]): 'ready' | string => {
  if (!crate.buildable) return 'ready';
  const binaries = names.map((name) => crate.binary(name));
  if (!binaries.every((binary) => existsSync(binary))) return 'about a minute, once';
  const newest = Math.max(
    newestIn(join(crate.directory, 'src')),
    statSync(join(crate.directory, 'Cargo.lock')).mtimeMs,
  );
  return binaries.every((binary) => statSync(binary).mtimeMs >= newest) ? 'ready' : 'its sources changed';
};

/** Cargo's own words go to `rust-build.jsonl`. */
export const startBuild = (crate: RustCrate, logs: LogDirectory): CargoRun =>
  startCargo({ args: ['build', '--release', '--locked'], cwd: crate.directory, name: 'rust-build', logs });
