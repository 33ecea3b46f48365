/** `npm run bench:routing`: routing judged on recorded outcomes of real models; docs/architecture/routing.md explains. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openInstalledEncoder } from '../../shared/adapters/embedding/install-dir.ts';
import { project } from '../../shared/adapters/embedding/project.ts';
import { PROJECTION } from '../../shared/adapters/embedding/projection.ts';
import type { PromptEncoder } from '../../shared/ports/prompt-encoder.ts';
import { type Embeddings, embedAll } from './embeddings.ts';
import { KeptReplays } from './kept.ts';
import { readOutcomes } from './outcomes.ts';
import { lineChart } from './report/line-chart.ts';
import { tableOf } from './report/table.ts';
import { features } from './sections/features.ts';
import { offPolicy } from './sections/off-policy.ts';
import { offline } from './sections/offline.ts';
import { online } from './sections/online.ts';
import type { MakeSection, Section } from './sections/section.ts';
import { twoModels } from './sections/two-models.ts';
import { pooled, whole } from './views.ts';

const HELP = `npm run bench:routing -- --data DIR [options]
  --data DIR    holds llmrouter-9models-train, -test, routellm-mmlu, routellm-gsm8k (.jsonl.gz)
  --seeds N     random orders a strategy (20)
  --encoder DIR where npm run setup:encoder put the sentence encoder (.cache/encoder); without it the lines that need
                it are left out. Its numbers are kept there: the first run takes minutes longer
  --quick       2 seeds, fewer folds, a third of the prompts
  --only NAMES  of features, offline, online, two-models, off-policy; comma-separated
  --lines REGEX lines online, offline and of two models, such as '^(full|10 %), calibrated' or '^MMLU, across'
  --keep DIR    where replays are kept (.cache/routing): a run that was cut off goes on where it was, and several at
                once share the work where their --lines differ. Changed code, data or features make them anew
  --json FILE   the figures as JSON
  --svg DIR     the plots`;

const SECTIONS: ReadonlyMap<string, MakeSection> = new Map<string, MakeSection>([
  ['features', features],
  ['offline', offline],
  ['online', online],
  ['two-models', twoModels],
  ['off-policy', offPolicy],
]);

const QUICK_SEEDS = 2;

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      seeds: { type: 'string', default: '20' },
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: [...SECTIONS.keys()].join(',') },
      encoder: { type: 'string', default: join(import.meta.dirname, '../../.cache/encoder') },
      lines: { type: 'string', default: '' },
      keep: { type: 'string', default: join(import.meta.dirname, '../../.cache/routing') },
      json: { type: 'string' },
      svg: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const seeds = values.quick ? QUICK_SEEDS : Number(values.seeds);
  const wanted = values.only.split(',');
  const unknown = wanted.find((name) => !SECTIONS.has(name));
  if (values.data === undefined || !existsSync(values.data)) return refuse('--data must name a directory');
  if (!Number.isInteger(seeds) || seeds < 1) return refuse('--seeds must be a whole number above 0');
  if (unknown !== undefined) return refuse(`--only does not know ${unknown}`);
  const lines = patternOf(values.lines);
  if (lines === undefined) return refuse('--lines must be a regular expression');
  const progress = (text: string): void => {
    process.stderr.write(`\r\u001b[K${text}`);
  };
  const started = performance.now();
  const report: Record<string, unknown> = {};
  const encoder = await openInstalledEncoder(values.encoder, PROJECTION);
  const { data } = values;
  const embed = (by: PromptEncoder, sets: readonly string[]): Promise<Embeddings> =>
    embeddingsOf(data, sets, by, values.encoder, progress);
  const kept = new KeptReplays(values.keep, values.data, { quick: values.quick, encoder: encoder?.version });
  const options = {
    ...{ directory: values.data, seeds, quick: values.quick, progress, kept, lines },
    ...(encoder === undefined
      ? {}
      : {
          encoder,
          ...projected(await embed(whole(encoder), setsOf(wanted))),
          pooled: () => embed(pooled(encoder), NINE_MODELS),
        }),
  };
  for (const name of wanted) {
    const section = await SECTIONS.get(name)?.(options);
    if (section === undefined) continue;
    progress('');
    report[name] = section.data;
    console.log(
      `\n## ${section.title}\n\n${section.notes.join('\n')}\n\n${tableOf(section.head, section.rows)}`,
    );
    if (values.svg !== undefined) draw(values.svg, section);
  }
  console.log(`\nNode ${process.version}, ${((performance.now() - started) / 1_000).toFixed(0)} s`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  return 0;
};

const NINE_MODELS = ['llmrouter-9models-train', 'llmrouter-9models-test'];
const TWO_MODELS = ['routellm-gsm8k', 'routellm-mmlu'];

/** The encoder's vectors, and what the gateway makes of them: another projection needs no model. */
const projected = (wholes: Embeddings): { wholes: Embeddings; embeddings: Embeddings } => ({
  wholes,
  embeddings: new Map(
    [...wholes].map(([text, vector]) => [text, project(Float64Array.from(vector), PROJECTION)]),
  ),
});

/** Hours of encoding are not spent on what no part asks for. */
const setsOf = (wanted: readonly string[]): string[] =>
  wanted.includes('two-models') ? [...NINE_MODELS, ...TWO_MODELS] : NINE_MODELS;

async function embeddingsOf(
  data: string,
  sets: readonly string[],
  encoder: PromptEncoder,
  directory: string,
  progress: (text: string) => void,
): Promise<Embeddings> {
  const all = new Map<string, readonly number[]>();
  for (const set of sets) {
    const texts = readOutcomes(data, [set]).prompts.map(({ text }) => text);
    const found = await embedAll(texts, encoder, join(directory, 'bench'), progress);
    for (const [text, embedding] of found) all.set(text, embedding);
  }
  return all;
}

const draw = (directory: string, { charts }: Section): void => {
  mkdirSync(directory, { recursive: true });
  for (const { file, chart } of charts) writeFileSync(join(directory, file), lineChart(chart));
};

const patternOf = (text: string): RegExp | undefined => {
  try {
    return new RegExp(text);
  } catch {
    return undefined;
  }
};

const refuse = (reason: string): number => {
  console.error(`${reason}\n\n${HELP}`);
  return 2;
};

process.exitCode = await main();
