/** `npm run bench:calls`: what one call costs, this way and that, interleaved in one run: the figures behind ADR 0007 and 0008. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTables } from '../../local/dynamodb/create-tables.ts';
import { engineSpec, findEngine, makeDatabase, untilAnswering } from '../../local/dynamodb/engine.ts';
import { median } from '../support/load.ts';
import { cpuMs, freePort, start } from '../support/processes.ts';
import { type Variant, variants } from './variants.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const HELP = `npm run bench:calls -- [--rounds N] [--help]

Each variant runs for a quarter of a second in turn, after a round that does not count; medians over rounds (9).
CPU is this process's and the store's, in milliseconds for each unit.`;
const TURN_MS = 250;

interface Turn {
  own: number;
  store: number;
}

const turn = async ({ run, units }: Variant, storePid: number): Promise<Turn> => {
  const storeBefore = cpuMs(storePid);
  const before = process.cpuUsage();
  const until = performance.now() + TURN_MS;
  let calls = 0;
  while (performance.now() < until) {
    await run();
    calls += 1;
  }
  const { user, system } = process.cpuUsage(before);
  return {
    own: (user + system) / 1_000 / (calls * units),
    store: (cpuMs(storePid) - storeBefore) / (calls * units),
  };
};

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const main = async (): Promise<void> => {
  const data = mkdtempSync(join(tmpdir(), 'atp-calls-'));
  const storePort = await freePort();
  const database = join(data, 'store.db');
  makeDatabase(database);
  const spec = engineSpec(findEngine(ROOT, process.env.DYNOXIDE_PATH), storePort, database);
  const store = start(spec.command, [...spec.args], spec.env);
  try {
    const url = `http://127.0.0.1:${storePort}`;
    await untilAnswering(url, 10_000);
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const sdk = new DynamoDBClient({ endpoint: url, region: 'us-east-1', credentials });
    await createTables(sdk);
    const all = variants({ sdk, url, credentials });
    const turns = new Map<Variant, Turn[]>(all.map((variant) => [variant, []]));
    for (let round = 0; round <= Number(values.rounds); round++) {
      process.stderr.write(`\rround ${round} of ${values.rounds} `);
      for (const variant of all) {
        const result = await turn(variant, store.child.pid ?? 0);
        if (round > 0) turns.get(variant)?.push(result);
      }
    }
    process.stderr.write('\n');
    console.log('| what | how | unit | own CPU ms | store CPU ms |\n|---|---|---|---|---|');
    for (const [{ what, how, unit }, results] of turns) {
      const own = median(results.map((one) => one.own)).toFixed(4);
      const stored = median(results.map((one) => one.store)).toFixed(3);
      console.log(`| ${what} | ${how} | ${unit} | ${own} | ${stored} |`);
    }
  } finally {
    await store.stop();
    rmSync(data, { recursive: true, force: true });
  }
};

if (values.help) console.log(HELP);
else {
  await main();
  process.exit(0);
}
