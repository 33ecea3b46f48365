/** `npm run bench:selector`: decisions a second and latency of the selectors and of a plain LinUCB in NumPy; see --help. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SELECT_STRATEGIES } from '../../shared/model/selection.ts';
import { tableOf } from '../routing/report/table.ts';
import { median } from '../support/load.ts';
import { byProcess, type Contender, type Measured, typescript } from './contenders.ts';
import { rustHost } from './host.ts';
import { pythonWithNumpy } from './python.ts';
import { makeWorkload, type Size } from './workload.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const CRATE = join(ROOT, 'rust-selector');
/** Taken in rotation, so that what slows the machine for seconds slows all of a round. */
const ROUNDS = 5;
const TURN = { ms: 100, minCalls: 1 };

const HELP = `npm run bench:selector -- [options]

Batches of 1, 16 and 256 requests with 3, 20 and 200 candidates and 8, 32 and 64 features, every arm learnt: decisions
a second, of the median batch, and milliseconds a batch, JSON parsed and serialised by everyone, each on one thread, in turn for each size:
  rust         the core in its own process (rust-selector/examples/batch.rs)
  rust, host   select behind the local Lambda host, its state in the local store, called by HTTP
  typescript   the fallback
  numpy        a plain LinUCB, an arm at a time; "batched": all arms of all requests by matrix products
The last columns say how many times as long as Rust the others take, in brackets without JSON: the median of ${ROUNDS} rounds.
  --strategy NAME  any that ${SELECT_STRATEGIES.join(', ')} names (linucb); NumPy knows linucb alone
  --sizes LIST     only those, e.g. 1x20x32,16x20x32: requests, candidates, features
  --quick          one round
  --json FILE      writes the figures to FILE as well
The first run builds the crate (about a minute) and a Python environment under .cache (needs python3 and PyPI).`;

interface Line {
  readonly size: Size;
  /** By contender, a figure a round. */
  readonly measured: ReadonlyMap<string, readonly Measured[]>;
}

const { values } = parseArgs({
  options: {
    strategy: { type: 'string', default: 'linucb' },
    sizes: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const progress = (text: string): void => void process.stderr.write(`${text}\n`);

const ALL_SIZES: readonly Size[] = [1, 16, 256].flatMap((requests) =>
  [3, 20, 200].flatMap((candidates) => [8, 32, 64].map((dimension) => ({ requests, candidates, dimension }))),
);
const nameOf = ({ requests, candidates, dimension }: Size): string =>
  `${requests}x${candidates}x${dimension}`;
const wanted = values.sizes?.split(',');
const SIZES = ALL_SIZES.filter((size) => wanted?.includes(nameOf(size)) !== false);

async function startContenders(scratch: string): Promise<Contender[]> {
  progress('building the crate');
  execFileSync('cargo', ['build', '--release', '--locked', '--bins', '--example', 'batch'], {
    cwd: CRATE,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const release = join(CRATE, 'target/release');
  const contenders = [
    byProcess('rust', { command: join(release, 'examples/batch'), args: [], scratch }),
    await rustHost(release),
    typescript(),
  ];
  if (values.strategy !== 'linucb') return contenders;
  const python = {
    command: pythonWithNumpy(ROOT, progress),
    args: [join(import.meta.dirname, 'linucb.py')],
    scratch,
  };
  const numpy = (name: string, way: string) => byProcess(name, { ...python, extra: { way } });
  return [...contenders, numpy('numpy', 'loop'), numpy('numpy, batched', 'batched')];
}

async function lineOf(size: Size, contenders: readonly Contender[]): Promise<Line> {
  const workload = makeWorkload(values.strategy, size);
  const measured = new Map<string, Measured[]>();
  progress(`${size.requests} x ${size.candidates}, ${size.dimension} features`);
  for (let round = 0; round < (values.quick ? 1 : ROUNDS); round += 1) {
    for (const contender of contenders) {
      if (round > 0 && contender.once === true) continue;
      const figures = await contender.measure(workload, TURN);
      if (figures !== undefined)
        measured.set(contender.name, [...(measured.get(contender.name) ?? []), figures]);
    }
  }
  const choices = new Set([...measured.values()].flat().map(({ chosen }) => chosen.join(' ')));
  if (choices.size > 1) throw new Error(`not all choose the same of ${workload.policy}`);
  return { size, measured };
}

/** Throughput and ratios are by median batches of median rounds, which a machine with other work disturbs least. */
function report(lines: readonly Line[], names: readonly string[]): string {
  const others = names.filter((name) => !name.startsWith('rust'));
  const head = ['requests', 'candidates', 'd'];
  const figures = ['decisions/s', 'p50 ms', 'p99 ms'].map((figure) => `rust: ${figure}`);
  const hostFigures = ['decisions/s', 'p50 ms', 'p99 ms'].map((figure) => `host: ${figure}`);
  const rows = lines.map(({ size, measured }) => {
    const rust = measured.get('rust') ?? [];
    const ratios = others.map((name) => {
      const rounds = (measured.get(name) ?? []).map((other, round) => [other, rust[round]] as const);
      const whole = median(rounds.map(([other, one]) => ratio(other.p50_ms, one?.p50_ms)));
      const decided = median(rounds.map(([other, one]) => ratio(other.decide_us, one?.decide_us)));
      return `${whole.toFixed(1)} (${decided.toFixed(1)})`;
    });
    const sizes = [size.requests, size.candidates, size.dimension].map(String);
    return [
      ...sizes,
      ...figuresOf(size, rust),
      ...figuresOf(size, measured.get('rust, host') ?? []),
      ...ratios,
    ];
  });
  return tableOf([...head, ...figures, ...hostFigures, ...others.map((name) => `x ${name}`)], rows);
}

function figuresOf({ requests }: Size, rounds: readonly Measured[]): string[] {
  if (rounds.length === 0) return ['', '', ''];
  const p50 = median(rounds.map((one) => one.p50_ms));
  const p99 = median(rounds.map((one) => one.p99_ms));
  return [Math.round((1_000 * requests) / p50).toLocaleString('en'), p50.toFixed(3), p99.toFixed(3)];
}

const ratio = (other = Number.NaN, rust = Number.NaN): number => other / rust;

async function main(): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'atp-selector-'));
  const contenders = await startContenders(scratch);
  try {
    const lines: Line[] = [];
    for (const size of SIZES) lines.push(await lineOf(size, contenders));
    console.log(
      report(
        lines,
        contenders.map(({ name }) => name),
      ),
    );
    if (values.json !== undefined) {
      const figures = lines.map(({ size, measured }) => ({
        ...size,
        figures: Object.fromEntries(
          [...measured].map(([name, rounds]) => [name, rounds.map(({ chosen: _, ...rest }) => rest)]),
        ),
      }));
      writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
    }
  } finally {
    for (const contender of contenders) await contender.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (values.help) console.log(HELP);
else if (!(SELECT_STRATEGIES as readonly string[]).includes(values.strategy)) {
  console.error(`--strategy must be one of ${SELECT_STRATEGIES.join(', ')}`);
  process.exitCode = 1;
} else if (SIZES.length !== (wanted ?? SIZES).length) {
  console.error(`--sizes must be of ${ALL_SIZES.map(nameOf).join(', ')}`);
  process.exitCode = 1;
} else {
  await main();
  process.exit(0);
}
