/** Puts the Rust functions where the CDK app expects them: `<out>/rust/<name>/bootstrap`. */
import { chmodSync, copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = resolve(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');
export const RUST_FUNCTIONS = ['select', 'learn'];

/** From cargo's own build for this machine: for synthesis and the emulator. Answers which are missing. */
export const stageHostBuild = (out = DIST) => {
  const built = (name) => join(ROOT, 'rust-selector/target/release', name);
  const missing = RUST_FUNCTIONS.filter((name) => !existsSync(built(name)));
  for (const name of RUST_FUNCTIONS) if (!missing.includes(name)) stageBinary(name, built(name), out);
  return missing;
};

export const stageBinary = (name, binary, out = DIST) => {
  const directory = join(out, 'rust', name);
  mkdirSync(directory, { recursive: true });
  copyFileSync(binary, join(directory, 'bootstrap'));
  chmodSync(join(directory, 'bootstrap'), 0o755);
};

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  const missing = stageHostBuild(values.out);
  if (missing.length > 0) {
    console.error(`Not built: ${missing.join(', ')}. Run cargo build --release in rust-selector.`);
    process.exitCode = 1;
  }
}
