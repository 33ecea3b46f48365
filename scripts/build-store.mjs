/** `npm run build:store`: builds the local store for this machine, where that was not done yet. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { builtEngine, engineBuilds } from '../local/dynamodb/engine.ts';
import { clearEngineBuild, engineBuildArgs, engineBuildEnv } from '../local/dynamodb/engine-build.ts';
import { SetupError, step } from './setup/terminal.mjs';

const ROOT = join(import.meta.dirname, '..');
const BUILDS = engineBuilds(ROOT, process.env.ATP_STORE_BUILD_DIR);

if (existsSync(builtEngine(BUILDS))) console.error('The local store is built already.');
else
  try {
    const options = { cwd: ROOT, env: engineBuildEnv(process.env) };
    await step('Building the local store', 'cargo', engineBuildArgs(BUILDS), options);
    await clearEngineBuild(BUILDS);
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : 'The local store could not be built.');
    process.exitCode = 1;
  }
