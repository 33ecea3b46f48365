/** `npm run bench:firewall`: what the prompt firewall blocks of attacks and of honest prompts, and what it costs. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { ruleFirewall } from '../../shared/adapters/firewall/rule-firewall.ts';
import { printTable } from '../support/table.ts';
import { judge, type Tally, tally, wilson } from './judge.ts';
import { attackPrompts, benignPrompts, type Half, type Prompt } from './lists.ts';

const HELP = `npm run bench:firewall -- [--data DIR] [--show]

Judges both halves of the attack and benign lists under the default actions; rules are written after dev alone.
  --data DIR   real prompts to count false positives in: pii/dev-arena-clean and routing/*.jsonl.gz below it
  --show       the beginnings of honest prompts that are blocked, and of attacks that are not; none of the test half`;

const SETS = [
  'pii/dev-arena-clean',
  'routing/llmrouter-9models-train',
  'routing/llmrouter-9models-test',
  'routing/routellm-mmlu',
  'routing/routellm-gsm8k',
];
const SHOWN = 100;
const ROUNDS = 200;
const KIB = 1_024;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    show: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

const row = ({ group, of, blocked, noticed }: Tally): string[] => {
  const { low, high } = wilson(blocked, of);
  return [
    group,
    String(of),
    String(blocked),
    percent(blocked / of),
    `${percent(low)} to ${percent(high)}`,
    percent(noticed / of),
  ];
};

const HEADS = ['prompts', 'of', 'blocked', 'share', '95 % interval', 'flagged or blocked'];

const realPrompts = (data: string): Prompt[] =>
  SETS.map((set) => [set, join(data, `${set}.jsonl.gz`)] as const)
    .filter(([, file]) => existsSync(file))
    .flatMap(([group, file]) =>
      gunzipSync(readFileSync(file))
        .toString()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { text?: string; prompt?: string })
        .map(({ text, prompt }) => ({ text: text ?? prompt ?? '', group })),
    );

const report = (title: string, prompts: readonly Prompt[], shown?: 'blocked' | 'missed'): void => {
  const judged = judge(prompts);
  console.log(`\n${title}\n`);
  printTable([HEADS, ...tally(judged).map(row)]);
  if (!values.show || shown === undefined) return;
  for (const { text, verdict, rules } of judged)
    if ((verdict === 'blocked') === (shown === 'blocked'))
      console.log(`  ${shown}: ${rules.join(', ')}: ${JSON.stringify(text.slice(0, SHOWN))}`);
};

/** Milliseconds of the processor for one text: the median, and the best, of rounds that each take it many times. */
const costOf = (text: string): { best: number; median: number } => {
  const firewall = ruleFirewall();
  const texts = [{ text, trusted: false }];
  const times: number[] = [];
  const repeats = Math.max(1, Math.round((20 * KIB) / text.length));
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    for (let time = 0; time < repeats; time++) firewall.inspect(texts);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1_000 / repeats);
  }
  times.sort((a, b) => a - b);
  return { best: times[0] ?? 0, median: times[Math.floor(ROUNDS / 2)] ?? 0 };
};

const speed = (): void => {
  const before = process.cpuUsage();
  ruleFirewall();
  const built = process.cpuUsage(before);
  const english = benignPrompts('dev')
    .map(({ text }) => text)
    .join('\n')
    .slice(0, KIB);
  const mixed = attackPrompts('dev').filter(({ group }) => group === 'other languages');
  const rows = [
    ['English, 1 KiB', english],
    ['English, 64 KiB', english.repeat(64)],
    [
      'twenty languages, 1 KiB',
      mixed
        .map(({ text }) => text)
        .join('\n')
        .slice(0, KIB),
    ],
  ].map(([name = '', text = '']) => {
    const { best, median } = costOf(text);
    const perKib = text.length / KIB;
    return [name, (median / perKib).toFixed(4), (best / perKib).toFixed(4)];
  });
  console.log('\nMilliseconds of the processor for a KiB of text\n');
  printTable([['text', 'median', 'best'], ...rows]);
  console.log(
    `\nThe rules are put together in ${((built.user + built.system) / 1_000).toFixed(1)} ms, once in a process.`,
  );
};

if (values.help) console.log(HELP);
else {
  for (const half of ['dev', 'test'] as const satisfies readonly Half[]) {
    report(`Attacks, ${half} half`, attackPrompts(half), half === 'dev' ? 'missed' : undefined);
    report(`Honest prompts, ${half} half`, benignPrompts(half), half === 'dev' ? 'blocked' : undefined);
  }
  if (values.data !== undefined) report('Real prompts', realPrompts(values.data), 'blocked');
  speed();
}
