/** The Rust functions' release build; cargo itself knows whether anything is to be done. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { step } from './terminal.mjs';

export const hasCargo = () => spawnSync('cargo', ['--version'], { stdio: 'ignore' }).status === 0;

/** Throws SetupError where cargo is missing or the build fails. */
export const buildRust = (root) =>
  step('Building the Rust functions', 'cargo', ['build', '--release', '--locked', '--quiet'], {
    cwd: join(root, 'rust-selector'),
  });
