/** Puts the Rust functions where the CDK app expects them: dist/rust/<name>/bootstrap. */
import { chmodSync, copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
export const RUST_FUNCTIONS = ['select', 'learn'];

/** From cargo's own build for this machine: for synthesis and the emulator. Answers which are missing. */
export const stageHostBuild = () => {
  const missing = [];
  for (const name of RUST_FUNCTIONS) {
    const binary = join(ROOT, 'rust-selector/target/release', name);
    if (existsSync(binary)) stageBinary(name, binary);
    else missing.push(name);
  }
  return missing;
};

export const stageBinary = (name, binary) => {
  const directory = join(ROOT, 'dist/rust', name);
  mkdirSync(directory, { recursive: true });
  copyFileSync(binary, join(directory, 'bootstrap'));
  chmodSync(join(directory, 'bootstrap'), 0o755);
};
