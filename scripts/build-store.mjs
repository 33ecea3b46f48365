/** `npm run build:store`: builds the local store for this machine, where that was not done yet. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { builtEngine } from '../local/dynamodb/engine.ts';
import { clearEngineBuild, engineBuildArgs } from '../local/dynamodb/engine-build.ts';
import { SetupError, step } from './setup/terminal.mjs';

const ROOT = join(import.meta.dirname, '..');

if (existsSync(builtEngine(ROOT))) console.error('The local store is built already.');
else
  try {
    await step('Building the local store', 'cargo', engineBuildArgs(ROOT), { cwd: ROOT });
    await clearEngineBuild(ROOT);
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : 'The local store could not be built.');
    process.exitCode = 1;
  }
