/** `npm run bench:cold`: size and cold start of every function, interleaved over rounds; see --help. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleRuntime } from './bundle-runtime.ts';
import { type Ground, startGround } from './ground.ts';
import { type Row, summary, table } from './report.ts';
import { Sandbox, type SandboxSpec } from './sandbox.ts';
import {
  BASELINE,
  bundleOf,
  makeSubjects,
  nodeSpec,
  rustSpec,
  type Subject,
  writeBaseline,
} from './subjects.ts';

const ATTEMPTS = 3;
const ROOT = resolve(import.meta.dirname, '../..');
const HELP = `npm run bench:cold -- [options]

Starts a fresh process of each function in a Lambda host, once a round in turn, and measures from the start of the
process to its first complete, successful reply: minimum, median, 90th percentile, maximum; and the medians of
its parts, in milliseconds: start (of the process), load (of the module, with its clients), request.
The column failed counts starts that did not succeed and were repeated; a third failure in a row ends the run.
  --rounds N       rounds that count, after one that does not (15)
  --only a,b       these functions only
  --against DIR    measures another build beside this one, made by: npm run bundle -- --out DIR
  --rust-against DIR  the same for the Rust functions
  --no-cache       leaves the rows with a primed compile cache out
  --sampled        X-Ray samples each request, so that the tracer is loaded too
  --json FILE      writes the figures to FILE as well`;

interface Measured extends Row {
  subject: Subject;
  spec: SandboxSpec;
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    only: { type: 'string' },
    against: { type: 'string' },
    'rust-against': { type: 'string' },
    'no-cache': { type: 'boolean', default: false },
    sampled: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const codeBytes = (directory: string): number =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.mjs'))
    .reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);

const once = async (spec: SandboxSpec, subject: Subject) => {
  const { sandbox, reply, phases } = await Sandbox.start(spec, await subject.event());
  await sandbox.stop();
  subject.check(reply);
  return phases;
};

/** A machine that stands still for seconds runs into the functions' own time limits: such a start is counted and repeated. */
const started = async (row: Measured) => {
  for (let failures = 1; ; failures++) {
    try {
      return await once(row.spec, row.subject);
    } catch (error) {
      if (failures === ATTEMPTS) throw error;
      row.repeated += 1;
    }
  }
};

interface Sources {
  runtime: string;
  dists: { variant: string; dist: string }[];
  rusts: { variant: string; directory: string }[];
  withCache: boolean;
}

const variantsOf = async (subject: Subject, ground: Ground, sources: Sources): Promise<Measured[]> => {
  if (subject.kind === 'rust') {
    return sources.rusts.map(({ variant, directory }) => {
      const bytes = statSync(join(directory, subject.name)).size;
      const spec = rustSpec(subject.name, ground, directory);
      return { function: subject.name, variant, bytes, rounds: [], repeated: 0, subject, spec };
    });
  }
  const measured: Measured[] = [];
  for (const { variant, dist } of sources.dists) {
    const directory = bundleOf(dist, subject.name);
    if (directory === undefined) continue;
    const row = { function: subject.name, bytes: codeBytes(directory), subject };
    const spec = (cache?: string): SandboxSpec =>
      nodeSpec(subject.name, ground, sources.runtime, directory, cache, {
        ...subject.env,
        ...(values.sampled ? { BENCH_SAMPLED: 'true' } : {}),
      });
    measured.push({ ...row, variant, rounds: [], repeated: 0, spec: spec() });
    if (!sources.withCache) continue;
    const cache = join(ground.scratch, 'compile-cache', `${subject.name}-${variant}`);
    mkdirSync(cache, { recursive: true });
    await prime(spec(cache), subject);
    measured.push({ ...row, variant: `${variant}, cache`, rounds: [], repeated: 0, spec: spec(cache) });
  }
  return measured;
};

/** The runtime writes the cache when it has answered its first invocation, and before it takes the second. */
const prime = async (spec: SandboxSpec, subject: Subject): Promise<void> => {
  const { sandbox } = await Sandbox.start(spec, await subject.event());
  await sandbox.invoke(await subject.event());
  await sandbox.stop();
};

const measure = async (ground: Ground, rounds: number): Promise<Row[]> => {
  const runtime = await bundleRuntime(ground.scratch);
  const dist = join(ROOT, 'dist');
  const rust = join(ROOT, 'rust-selector/target/release');
  if (!existsSync(join(rust, 'select')))
    throw new Error('The Rust functions are not built: cargo build --release in rust-selector.');
  execFileSync(process.execPath, [join(ROOT, 'scripts/bundle.mjs')], { stdio: 'ignore' });
  const { subjects, stop } = await makeSubjects(ground, { dist, rust, runtime });
  writeBaseline(ground.scratch);
  const other = values.against === undefined ? [] : [{ variant: 'against', dist: resolve(values.against) }];
  const otherRust =
    values['rust-against'] === undefined
      ? []
      : [{ variant: 'against', directory: resolve(values['rust-against']) }];
  const sources = {
    runtime,
    dists: [...other, { variant: 'this', dist }],
    rusts: [...otherRust, { variant: 'this', directory: rust }],
    withCache: !values['no-cache'],
  };
  const only = values.only?.split(',');
  const rows: Measured[] = [];
  for (const subject of subjects) {
    if (only?.includes(subject.name) === false && subject.name !== BASELINE) continue;
    const own = subject.name === BASELINE ? [{ variant: 'this', dist: ground.scratch }] : sources.dists;
    rows.push(...(await variantsOf(subject, ground, { ...sources, dists: own })));
  }
  try {
    for (let round = 0; round <= rounds; round++) {
      process.stderr.write(`\rround ${round} of ${rounds} `);
      // Each round begins elsewhere, so that nobody always comes after the same neighbour.
      const turns = rows.map((_, index) => rows[(index + round) % rows.length]);
      for (const row of turns) {
        if (row === undefined) continue;
        const phases = await started(row);
        if (round > 0) row.rounds.push(phases);
      }
    }
    process.stderr.write('\n');
  } finally {
    await stop();
  }
  return rows;
};

const loadAverage = (): string =>
  existsSync('/proc/loadavg') ? (readFileSync('/proc/loadavg', 'utf8').split(' ')[0] ?? '?') : '?';

const main = async (): Promise<void> => {
  if (values.help) return console.log(HELP);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds is a whole number, at least 1');
  const before = loadAverage();
  const ground = await startGround();
  try {
    const rows = await measure(ground, rounds);
    console.log(
      `\n${availableParallelism()} cores, Node ${process.version}, ${rounds} rounds, load ${before} before and ${loadAverage()} after; milliseconds\n`,
    );
    for (const line of table(rows)) console.log(line);
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(summary(rows), null, 2)}\n`);
  } finally {
    await ground.stop();
  }
};

await main();
