#!/usr/bin/env node
/** `npm run bench:embedded`: what embedded features add to a request, on a running local runtime. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const HELP = `npm run bench:embedded -- [--data .atp] [--count 40]

Against a runtime that \`npm start -- --data DIR\` started. Sends chat completions one after the other, in turn by a linucb
policy with hashed and one with embedded features, to a simulated model that answers at once. Leaves the policies
bench-hashed and bench-embedded and the model bench-instant behind. Prints medians in milliseconds.`;

const KINDS = ['hashed', 'embedded'] as const;
const WARM_UP = 10;
/** A change holds everywhere within this. */
const HOLDS_WITHIN_MS = 6_000;
const SENTENCE =
  'Explain how the tides follow the moon, and why there are two of them a day at most places of a coast. ';
const PROMPTS = [
  ['100 characters', SENTENCE.slice(0, 100)],
  ['1 KiB', SENTENCE.repeat(11).slice(0, 1_024)],
  ['8 KiB', SENTENCE.repeat(90).slice(0, 8_192)],
] as const;

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '.atp' },
    count: { type: 'string', default: '40' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

const run = async (): Promise<void> => {
  const { url, admin_key } = JSON.parse(readFileSync(`${values.data}/runtime.json`, 'utf8')) as {
    url: string;
    admin_key: string;
  };
  const send = async (method: string, path: string, body: object): Promise<void> => {
    const headers = { authorization: `Bearer ${admin_key}`, 'content-type': 'application/json' };
    const reply = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
    if (text.includes('"encoder":"not_installed"')) throw new Error('The encoder is not installed.');
  };
  const only = ['bench-instant'];
  const model = { id: only[0], cost_per_1k: 0.001, simulated: { latency_ms: 0, jitter: 0, chunks: 1 } };
  await send('POST', '/admin/adapters', model);
  for (const features of KINDS) {
    const policy = { strategy: 'linucb', features, candidates: { only } };
    await send('PUT', `/admin/policies/bench-${features}`, policy);
  }
  await sleep(HOLDS_WITHIN_MS);
  const ask = async (kind: string, content: string): Promise<number> => {
    const startedAt = performance.now();
    const messages = [{ role: 'user', content }];
    await send('POST', '/v1/chat/completions', { model: `bench-${kind}`, messages });
    return performance.now() - startedAt;
  };
  for (const [name, prompt] of PROMPTS) {
    const took: Record<(typeof KINDS)[number], number[]> = { hashed: [], embedded: [] };
    for (let round = -WARM_UP; round < Number(values.count); round += 1) {
      for (const kind of KINDS) {
        const ms = await ask(kind, prompt);
        if (round >= 0) took[kind].push(ms);
      }
    }
    const [hashed, embedded] = [median(took.hashed), median(took.embedded)];
    const figures = [hashed, embedded, embedded - hashed].map((ms) => ms.toFixed(1));
    console.log(`${name.padEnd(16)} hashed ${figures[0]}  embedded ${figures[1]}  added ${figures[2]}`);
  }
};

if (values.help) console.log(HELP);
else await run();
