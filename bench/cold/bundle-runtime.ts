/** The runtime's own module is bundled, so that reading TypeScript is no part of what is measured. */
import { join } from 'node:path';
import { build } from 'esbuild';

/** Answers the bundle's path. */
export const bundleRuntime = async (directory: string): Promise<string> => {
  const outfile = join(directory, 'runtime.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'managed-runtime.ts')],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    logLevel: 'warning',
  });
  return outfile;
};
