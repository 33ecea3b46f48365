#!/usr/bin/env node
/** `npm run console:build`: the console's types out of the API's description, its pages, and of which sources they are. */
import { execFileSync } from 'node:child_process';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { distOf, hashSources, STAMP } from '../local/console/sources.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { resolve } = createRequire(import.meta.url);

/** The program of a package, run by this very Node. */
const run = (name, program, args) => {
  const manifest = resolve(`${name}/package.json`);
  execFileSync(process.execPath, [join(dirname(manifest), program), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
};

const sources = hashSources(root);
if (sources === undefined) throw new Error('console/ is not there');
run('openapi-typescript', 'bin/cli.js', ['docs/api/openapi.yaml', '-o', 'console/src/api/schema.gen.d.ts']);
// Beside what is served meanwhile and what another build makes, and put in its place as a whole.
const next = join(root, 'console', `dist.next-${process.pid}`);
process.on('exit', () => rmSync(next, { recursive: true, force: true }));
run('vite', 'bin/vite.js', ['build', 'console', '--outDir', next, '--emptyOutDir']);
writeFileSync(join(next, STAMP), `${JSON.stringify({ sources })}\n`);
const place = () => {
  rmSync(distOf(root), { recursive: true, force: true });
  renameSync(next, distOf(root));
};
try {
  place();
} catch {
  // Another build was put there in between.
  place();
}
