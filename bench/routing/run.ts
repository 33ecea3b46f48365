/** `npm run bench:routing`: routing judged on recorded outcomes of real models; docs/architecture/routing.md explains. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openInstalledEncoder } from '../../shared/adapters/embedding/install-dir.ts';
import { PROJECTION } from '../../shared/adapters/embedding/projection.ts';
import type { PromptEncoder } from '../../shared/ports/prompt-encoder.ts';
import { type Embeddings, embedAll } from './embeddings.ts';
import { readOutcomes } from './outcomes.ts';
import { lineChart } from './report/line-chart.ts';
import { tableOf } from './report/table.ts';
import { features } from './sections/features.ts';
import { offPolicy } from './sections/off-policy.ts';
import { offline } from './sections/offline.ts';
import { online } from './sections/online.ts';
import type { MakeSection, Section } from './sections/section.ts';
import { twoModels } from './sections/two-models.ts';

const HELP = `npm run bench:routing -- --data DIR [options]
  --data DIR    holds llmrouter-9models-train, -test, routellm-mmlu, routellm-gsm8k (.jsonl.gz)
  --seeds N     random orders a strategy (20)
  --encoder DIR where npm run setup:encoder put the sentence encoder (.cache/encoder); without it the lines that need
                it are left out. Its numbers are kept there: the first run takes minutes longer
  --quick       2 seeds, fewer folds, a third of the prompts
  --only NAMES  of features, offline, online, two-models, off-policy; comma-separated
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
  const progress = (text: string): void => {
    process.stderr.write(`\r\u001b[K${text}`);
  };
  const started = performance.now();
  const report: Record<string, unknown> = {};
  const encoder = await openInstalledEncoder(values.encoder, PROJECTION);
  const options = {
    ...{ directory: values.data, seeds, quick: values.quick, progress },
    ...(encoder === undefined
      ? {}
      : { encoder, embeddings: await embeddingsOf(values.data, encoder, values.encoder, progress) }),
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

const SETS = ['llmrouter-9models-train', 'llmrouter-9models-test', 'routellm-gsm8k', 'routellm-mmlu'];

async function embeddingsOf(
  data: string,
  encoder: PromptEncoder,
  directory: string,
  progress: (text: string) => void,
): Promise<Embeddings> {
  const all = new Map<string, readonly number[]>();
  for (const set of SETS) {
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

const refuse = (reason: string): number => {
  console.error(`${reason}\n\n${HELP}`);
  return 2;
};

process.exitCode = await main();
