/** The console's built files in memory, as one build left them: read when they are first wanted, packed once. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { STAMP } from './sources.ts';

export interface SiteFile {
  type: string;
  body: Buffer;
  /** Where that is smaller. */
  packed?: Buffer;
}

export const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const PACKABLE = new Set(['.css', '.html', '.js', '.json', '.svg', '.webmanifest']);

export class SiteFiles {
  readonly #directory: string;
  /** Only what is there is served, whatever a path says. */
  readonly #names: ReadonlySet<string>;
  readonly #read = new Map<string, SiteFile>();

  constructor(directory: string) {
    this.#directory = directory;
    this.#names = new Set(
      readdirSync(directory, { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
        .filter((name) => name !== STAMP && Object.hasOwn(TYPES, extname(name))),
    );
  }

  /** `name` is relative, with slashes. */
  get(name: string): SiteFile | undefined {
    if (!this.#names.has(name)) return undefined;
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const body = readFileSync(join(this.#directory, name));
    const packed = PACKABLE.has(extname(name)) ? gzipSync(body) : undefined;
    const file: SiteFile = {
      type: TYPES[extname(name)] ?? 'application/octet-stream',
      body,
      ...(packed === undefined || packed.length >= body.length ? {} : { packed }),
    };
    this.#read.set(name, file);
    return file;
  }
}
