/**
 * `npm test`: sets up what is missing, then runs every check, and ends with how many passed and failed.
 * Plain JavaScript with builtins only, since it runs before anything is installed.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureNodeModules } from './setup/node-modules.mjs';
import { ensurePythonVenv } from './setup/python-venv.mjs';
import { buildRust, hasCargo } from './setup/rust-build.mjs';
import { elapsed, paint } from './setup/terminal.mjs';
import { compileBeside } from './test/compile-beside.mjs';
import { runVitest } from './test/vitest.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const results = join(root, '.cache/test-results');

const HELP = `Usage: npm test -- [--only <step>[,<step>…]]

Sets up what is missing and runs everything: format, lint, types, architecture, unit, contract, property, chaos, infra and
integration tests with coverage, and the Rust checks.

Steps: biome, types, architecture, vitest, fmt, clippy, cargo;
or one part of vitest without coverage: unit, contract, property, chaos, infra, integration, console
`;

const { values } = parseArgs({
  options: { only: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
});

const bin = (name) => join(root, 'node_modules/.bin', name);
const env = {
  ...process.env,
  PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
  ATP_TEST_DYNAMODB: join(root, 'node_modules/@dynoxide/linux-x64/dynoxide'),
};

/** Runs a command with its output shown; answers its exit code and what it printed. */
const run = (command, args, cwd = root) =>
  new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        process.stdout.write(text);
      });
    }
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });

/** A check that counts as one. */
const check = (command, args, cwd) => async () => {
  const { code } = await run(command, args, cwd);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
};

const thresholds = JSON.parse(readFileSync(join(root, 'scripts/test/coverage-thresholds.json'), 'utf8'));

/** `scope`: arguments that choose the tests, or the measuring of coverage over all of them. */
const vitest = (scope) => () =>
  runVitest({ run: (args) => run(bin('vitest'), args), scope, results, root, thresholds });

const cargoTest = async () => {
  const { code, output } = await run('cargo', CARGO_TEST, rust);
  let passed = 0;
  let failed = 0;
  for (const match of output.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed/gm)) {
    passed += Number(match[1]);
    failed += Number(match[2]);
  }
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed };
};

const rust = join(root, 'rust-selector');
const CLIPPY = ['clippy', '--all-targets', '--locked', '--', '-D', 'warnings'];
const CARGO_TEST = ['test', '--locked'];
const STEPS = {
  biome: ['Format and lint', check(bin('biome'), ['ci', '.'])],
  types: ['Types', check('npm', ['run', '--silent', 'typecheck'])],
  architecture: ['Architecture', check('npm', ['run', '--silent', 'architecture'])],
  vitest: ['Unit, contract, property, chaos, infra, integration and console tests', vitest(['--coverage'])],
  fmt: ['cargo fmt', check('cargo', ['fmt', '--check'], rust)],
  clippy: ['cargo clippy', check('cargo', CLIPPY, rust)],
  cargo: ['cargo test', cargoTest],
};

const PARTS = Object.fromEntries(
  ['unit', 'contract', 'property', 'chaos', 'infra', 'integration', 'console'].map((name) => [
    name,
    [`${name[0].toUpperCase()}${name.slice(1)} tests`, vitest(['--project', name])],
  ]),
);

/** These need nothing but the npm packages. */
const LIGHT = new Set(['biome', 'types', 'architecture', 'unit', 'fmt']);

const setUp = async (chosen) => {
  if (chosen.every((name) => LIGHT.has(name))) return ensureNodeModules(root);
  if (!hasCargo()) throw new Error('cargo was not found; the tests need it.');
  // None needs what another makes.
  await Promise.all([ensureNodeModules(root), ensurePythonVenv(root), buildRust(root)]);
  const { code } = await run(bin('node'), ['scripts/bundle.mjs']);
  if (code !== 0) throw new Error('the functions could not be bundled.');
  const { stageHostBuild } = await import('./stage-rust.mjs');
  stageHostBuild();
};

const COMPILED = { clippy: CLIPPY, cargo: [...CARGO_TEST, '--no-run'] };

/** Where no browser is installed, the console is not looked at. */
const skippedOf = (count) => (count === 0 ? '' : `, ${count} skipped`);

const main = async () => {
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const chosen = values.only?.split(',') ?? Object.keys(STEPS);
  const unknown = chosen.filter((name) => !(name in STEPS || name in PARTS));
  if (unknown.length > 0) {
    process.stderr.write(`There is no step ${unknown.join(', ')}.\n\n${HELP}`);
    return 2;
  }
  await setUp(chosen);
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  const beside = Object.keys(COMPILED).filter((name) => chosen.includes(name));
  const compiled = compileBeside(chosen.includes('vitest') ? beside.map((name) => COMPILED[name]) : [], rust);
  const total = { passed: 0, failed: 0, skipped: 0 };
  const summary = [];
  for (const name of chosen) {
    const [title, step] = STEPS[name] ?? PARTS[name];
    process.stdout.write(`\n${paint('1', `== ${title}`, process.stdout)}\n`);
    const startedAt = Date.now();
    if (name in COMPILED) await compiled;
    const { passed, failed, skipped = 0, failures = [], flaky = [] } = await step();
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    summary.push(
      `${failed === 0 ? 'ok    ' : 'FAILED'} ${title}: ${passed} passed, ${failed} failed${skippedOf(skipped)} (${elapsed(startedAt)})`,
      ...failures.map(({ file, name }) => `         failed: ${file}: ${name}`),
      ...flaky.map(({ file, name }) => `         passed at the second try only: ${file}: ${name}`),
    );
  }
  process.stdout.write(
    `\n${summary.join('\n')}\n\n${total.passed} passed, ${total.failed} failed${skippedOf(total.skipped)}\n`,
  );
  return total.failed === 0 ? 0 : 1;
};

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    process.stderr.write(`${error.message}\n\n0 passed, 1 failed\n`);
    process.exitCode = 1;
  },
);
