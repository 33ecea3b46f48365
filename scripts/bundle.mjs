#!/usr/bin/env node
/** `npm run bundle`: every function as minified ES modules, with source maps and esbuild's report beside them. */
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '..');
const HELP = `npm run bundle -- [--out DIR] [--prelude FILE]

Bundles every folder of functions/ into DIR/functions/<name>/ (dist by default): index.mjs, and what it loads only
when wanted. Prints the size of index.mjs and of all code together.
  --prelude FILE  a module that each bundle runs before anything else`;

/**
 * Node's own modules are taken as they are, also by `import`: imported, Node would read every export of theirs at
 * once, and some of `node:http` load its whole built-in fetch.
 */
const builtinsAsTheyAre = {
  name: 'builtins-as-they-are',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path, importer }) =>
      isBuiltin(path)
        ? {
            path: path.replace(/^(?!node:)/, 'node:'),
            namespace: 'builtin',
            // One for each importer: shared, each would be a file of its own, and a file costs a start more than a line.
            suffix: `?${importer}`,
          }
        : undefined,
    );
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/** The AWS SDK's parser of browsers' names, which only a browser would load (34 KB). */
const withoutBowser = {
  name: 'without-bowser',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^bowser$/ }, ({ path }) => ({ path, namespace: 'nothing' }));
    onLoad({ filter: /./, namespace: 'nothing' }, () => ({ contents: 'export default {};' }));
  },
};

/** What the X-Ray SDK needs for calls of the AWS SDK, which nobody lets it capture (40 KB). */
const withoutCapturedCalls = {
  name: 'without-captured-calls',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^semver$/ }, ({ path, importer }) =>
      importer.includes('aws-xray-sdk-core') ? { path, namespace: 'nothing' } : undefined,
    );
    onLoad({ filter: /aws-xray-sdk-core\/.*\/aws_whitelist\.json$/ }, () => ({
      contents: '{"services":{}}',
      loader: 'json',
    }));
  },
};

// What the functions use of undici; the package's entry would bring 500 KB more. Anything else fails the build.
const UNDICI = `
import Agent from 'undici/lib/dispatcher/agent.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import request from 'undici/lib/api/api-request.js';
import errors from 'undici/lib/core/errors.js';
Object.assign(Dispatcher.prototype, { request });
export { Agent, Pool, errors };
`;

// Its HTTP/2 client loads node:http2, which only a server that chooses HTTP/2 needs.
const LAZY_H2 = `module.exports = (...made) => require('undici/lib/dispatcher/client-h2.js')(...made);`;

const partsOfUndici = {
  name: 'parts-of-undici',
  setup({ onResolve, onLoad }) {
    const resolveDir = dirname(createRequire(import.meta.url).resolve('undici'));
    // Its parsers for processors without SIMD: Lambda has none.
    onResolve({ filter: /\/(no-simd|llhttp-wasm)\.js$/ }, ({ path, resolveDir: from }) => ({
      path: resolve(from, path.replace('no-simd', 'simd').replace('llhttp-wasm', 'llhttp_simd-wasm')),
    }));
    const virtual = (filter, path, contents) => {
      onResolve({ filter }, () => ({ path, namespace: 'undici' }));
      onLoad({ filter: new RegExp(`^${path}$`), namespace: 'undici' }, () => ({ contents, resolveDir }));
    };
    virtual(/^undici$/, 'parts', UNDICI);
    virtual(/^\.\/client-h2\.js$/, 'lazy-h2', LAZY_H2);
  },
};

const bundle = async (name, directory, prelude) => {
  const { metafile } = await build({
    entryPoints: [join(ROOT, 'functions', name, 'index.ts')],
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // undici's own switch, made for Node's core: without its second, experimental HTTP parser (90 KB).
    define: { esbuildDetection: 'true' },
    // What a dynamic import() brings is then neither read nor parsed before it is wanted.
    splitting: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // Half of what escapes would weigh.
    charset: 'utf8',
    mainFields: ['module', 'main'],
    conditions: ['module'],
    sourcemap: 'external',
    metafile: true,
    inject: prelude === undefined ? [] : [resolve(prelude)],
    plugins: [builtinsAsTheyAre, withoutBowser, withoutCapturedCalls, partsOfUndici],
    legalComments: 'none',
    logLevel: 'warning',
  });
  writeFileSync(join(directory, 'meta.json'), JSON.stringify(metafile));
};

const sizes = (name, directory) => {
  const code = readdirSync(directory).filter((file) => file.endsWith('.mjs'));
  const bytes = (file) => statSync(join(directory, file)).size;
  return { name, entry: bytes('index.mjs'), total: code.reduce((sum, file) => sum + bytes(file), 0) };
};

/** Resolves with each function's name, and bytes of its entry and of all its code. */
export const bundleFunctions = async ({ out = join(ROOT, 'dist'), prelude } = {}) => {
  const target = join(resolve(out), 'functions');
  rmSync(target, { recursive: true, force: true });
  const names = readdirSync(join(ROOT, 'functions')).filter((name) =>
    existsSync(join(ROOT, 'functions', name, 'index.ts')),
  );
  await Promise.all(names.map((name) => bundle(name, join(target, name), prelude)));
  return names.map((name) => sizes(name, join(target, name)));
};

const kib = (bytes) => (bytes / 1024).toFixed(0);

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      prelude: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) console.log(HELP);
  else
    for (const { name, entry, total } of await bundleFunctions(values))
      console.log(`${name.padEnd(12)} ${kib(entry)} KiB of ${kib(total)} KiB`);
}
