/** `npm run try:prompts`: real prompts, asked and scored, through the local runtime and the app deployed into the emulator. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openEmulatorTarget } from '../../test/support/emulator/target.ts';
import { openLocalTarget } from '../../test/support/flow/local-target.ts';
import type { Target } from '../../test/support/flow/target.ts';
import { readOutcomes } from '../routing/outcomes.ts';
import { type Driven, drive } from './drive.ts';

const HELP = `npm run try:prompts -- --data DIR [options]
  --data DIR     holds llmrouter-9models-test.jsonl.gz
  --count N      prompts, evenly spread over the file (48)
  --target NAME  local or emulator (both, one after the other)
  --json         one JSON object a target`;

const FILE = 'llmrouter-9models-test';
const TARGETS: Readonly<Record<string, () => Promise<Target>>> = {
  local: async () => {
    const target = await openLocalTarget();
    await target.rustDecides();
    return target;
  },
  emulator: openEmulatorTarget,
};

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

const tell = (name: string, { asked, answered, scored, selectors, models, failures }: Driven): void => {
  console.log(`${name}: ${answered} of ${asked} answered, ${scored} scored; decided by ${listed(selectors)}`);
  console.log(`  models: ${listed(models)}`);
  for (const failure of failures) console.log(`  ${failure}`);
};

const refuse = (message: string): number => {
  console.error(message);
  return 1;
};

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      count: { type: 'string', default: '48' },
      target: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const count = Number(values.count);
  if (values.data === undefined || !existsSync(join(values.data, `${FILE}.jsonl.gz`)))
    return refuse(`--data must name a directory that holds ${FILE}.jsonl.gz`);
  if (!Number.isInteger(count) || count < 1) return refuse('--count must be a whole number above 0');
  if (values.target !== undefined && !Object.hasOwn(TARGETS, values.target))
    return refuse('--target must be local or emulator');
  const outcomes = readOutcomes(values.data, [FILE]);
  let failed = 0;
  for (const [name, open] of Object.entries(TARGETS)) {
    if (values.target !== undefined && values.target !== name) continue;
    console.error(`${name}: starting`);
    const target = await open();
    try {
      const driven = await drive(target, outcomes, count, (text) => console.error(`${name}: ${text}`));
      if (values.json) console.log(JSON.stringify({ target: name, ...driven }));
      else tell(name, driven);
      failed += driven.failures.length;
    } finally {
      await target.stop();
    }
  }
  return failed === 0 ? 0 : 1;
};

process.exitCode = await main();
