/** Which sources a build of the console was made of. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Beside the built files. */
export const STAMP = 'built.json';
/** Made by a build, or of no weight for it. */
const NO_SOURCES = /(?:^|\/)(?:dist|dist\.next-\d+|node_modules)(?:\/|$)|schema\.gen\.d\.ts$/;
const BESIDE = ['package-lock.json', 'docs/api/openapi.yaml'];

export const distOf = (root: string): string => join(root, 'console', 'dist');

const sourcesIn = (root: string): string[] =>
  readdirSync(join(root, 'console'), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !NO_SOURCES.test(path.slice('console/'.length)));

/** Undefined where there are none to build. */
export const hashSources = (root: string): string | undefined => {
  if (!existsSync(join(root, 'console', 'index.html'))) return undefined;
  const hash = createHash('sha256');
  for (const path of [...sourcesIn(root), ...BESIDE].sort()) {
    hash.update(`${path}\0`);
    if (existsSync(join(root, path))) hash.update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
};

/** Of what is built; undefined where nothing is. */
export const builtHash = (root: string): string | undefined => {
  try {
    const { sources } = JSON.parse(readFileSync(join(distOf(root), STAMP), 'utf8')) as { sources?: unknown };
    return typeof sources === 'string' ? sources : undefined;
  } catch {
    return undefined;
  }
};
