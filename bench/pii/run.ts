/** `npm run bench:pii`: who finds what in labelled texts, how many clean prompts are flagged, and what it costs. */
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openModel } from '../../shared/adapters/pii/model/open-model.ts';
import type { PiiType } from '../../shared/model/pii.ts';
import type { Contender } from './contenders/contender.ts';
import { compromise, installNpmPeers, libPhoneNumber, openRedaction } from './contenders/npm-peers.ts';
import { hybrid, modelAlone, rules } from './contenders/ours.ts';
import { installPythonPeers, pythonPeer } from './contenders/python-peers.ts';
import { type Labelled, readLabelled } from './data.ts';
import { HOLDING_DATA } from './holding-data.ts';
import { markdown, type Report, type SetResult } from './report.ts';
import { exact, overlapping, recallByRegion, scoreOf, shareOf } from './score.ts';
import { coldStart, latencies } from './speed.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const CACHE = join(ROOT, '.cache', 'pii-peers');
/** What `npm run train:pii` leaves: the model before it was quantised. */
const FLOAT = join(ROOT, '.cache', 'pii-model', 'model', 'model.onnx');
const HELP = `npm run bench:pii -- --data DIR [--model DIR] [--float FILE] [--sets a,b] [--only a,b] [--no-speed] [--json FILE]

Scores rules, model, hybrid, compromise, openredaction, libphonenumber, presidio and rampart on the sets in DIR, exact
spans and overlapping ones, and the model before it was quantised as fp32. Peers are installed below .cache the first time.
  --data DIR    dev-*.jsonl.gz; a heldout.jsonl in the model's directory counts too
  --model DIR   the model's directory (pii-model)
  --float FILE  the same model in fp32, for comparison (what npm run train:pii left)
  --sets        sets by name; all by default
  --only        contenders by name; all by default
  --json FILE   all figures as JSON too`;

/** The sets of natural text label nothing but names. */
const TYPES: Readonly<Record<string, readonly PiiType[]>> = { 'dev-uner': ['PERSON'], 'dev-btc': ['PERSON'] };
const SETS = ['dev-presidio-synth', 'dev-uner', 'dev-btc', 'dev-arena-clean'];
/** A set by its file, where it is not its own. */
const JOINED: Readonly<Record<string, string>> = { 'presidio-synth-joined': 'dev-presidio-synth' };

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    model: { type: 'string', default: join(ROOT, 'pii-model') },
    float: { type: 'string', default: FLOAT },
    sets: { type: 'string' },
    only: { type: 'string' },
    speed: { type: 'boolean', default: true },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
  allowNegative: true,
});

const wanted = (list: string | undefined, name: string): boolean => list?.split(',').includes(name) ?? true;

const setsIn = (data: string): [string, Labelled[]][] => {
  const own = join(values.model, 'heldout.jsonl');
  return [
    ...(existsSync(own) ? [['heldout', own] as const] : []),
    ...[...SETS, ...Object.keys(JOINED)].map(
      (set) => [set, join(data, `${JOINED[set] ?? set}.jsonl.gz`)] as const,
    ),
  ]
    .filter(([set]) => wanted(values.sets, set))
    .map(([set, file]) => [set, readLabelled(file, { joined: set in JOINED })]);
};

const measured = async (
  contender: Contender,
  set: string,
  texts: readonly Labelled[],
): Promise<SetResult> => {
  const start = performance.now();
  const found = await contender.find(texts.map(({ text }) => text));
  const msPerText = (performance.now() - start) / texts.length;
  const isFlagged = (index: number): boolean => (found[index] ?? []).length > 0;
  const count = texts.filter((_, index) => isFlagged(index)).length;
  const without = texts.map(({ id }, index) => ({ id, index })).filter(({ id }) => !HOLDING_DATA.has(id));
  const alarms = without.filter(({ index }) => isFlagged(index)).length;
  const types = TYPES[set];
  return {
    set,
    contender: contender.name,
    exact: scoreOf(texts, found, exact, types),
    partial: scoreOf(texts, found, overlapping, types),
    flagged: { count, of: texts.length, ...shareOf(count, texts.length) },
    falseAlarms: { count: alarms, of: without.length, ...shareOf(alarms, without.length) },
    msPerText,
    regions: recallByRegion(texts, found),
  };
};

const main = async (data: string): Promise<void> => {
  const open = (options: { graph?: string; batchTokens?: number } = {}) =>
    openModel(values.model, { now: () => Date.now(), runtimeFrom: ROOT, ...options });
  const model = await open();
  const alone = modelAlone(model);
  const float = existsSync(values.float) ? await open({ graph: values.float }) : undefined;
  const makers: [string, () => Contender][] = [
    ['rules', () => rules],
    ['model', () => alone],
    ...(float === undefined ? [] : [['fp32', () => modelAlone(float, 'fp32')] as [string, () => Contender]]),
    ['hybrid', () => hybrid(alone)],
    ['compromise', () => compromise(installNpmPeers(CACHE))],
    ['openredaction', () => openRedaction(installNpmPeers(CACHE))],
    ['libphonenumber', () => libPhoneNumber(installNpmPeers(CACHE))],
    ['presidio', () => pythonPeer(installPythonPeers(CACHE), 'presidio')],
    ['rampart', () => pythonPeer(installPythonPeers(CACHE), 'rampart')],
  ];
  const report: Report = { results: [], latencies: [] };
  const sets = setsIn(data);
  for (const [name, make] of makers.filter(([maker]) => wanted(values.only, maker))) {
    try {
      const contender = make();
      for (const [set, texts] of sets) {
        process.stderr.write(`${name} on ${set} …\n`);
        report.results.push(await measured(contender, set, texts));
      }
    } catch (error) {
      // Without a network, say: the others can be compared all the same.
      process.stderr.write(`${name} is left out: ${error instanceof Error ? error.message : 'it failed'}\n`);
    }
  }
  report.results.sort((a, b) => a.set.localeCompare(b.set));
  if (values.speed) {
    const together = await open({ batchTokens: Number.POSITIVE_INFINITY });
    report.latencies = [
      ...(await latencies(model, 'one by one')),
      ...(await latencies(together, 'all at once')),
    ];
    report.cold = coldStart(resolve(values.model));
  }
  console.log(markdown(report));
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(report, null, 2));
};

if (values.help || values.data === undefined) {
  console.log(HELP);
  process.exitCode = values.help ? 0 : 2;
} else await main(values.data);
