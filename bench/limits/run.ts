/** `npm run bench:limits`: admissions a second, their latency and their writes, over processes that share one store on disk. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTables } from '../../local/dynamodb/create-tables.ts';
import { engineSpec, findEngine, untilAnswering } from '../../local/dynamodb/engine.ts';
import { makeDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import { DynamoUsageLedger } from '../../shared/adapters/dynamodb/usage-ledger.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { completeQuota } from '../../shared/services/quotas.ts';
import { quantile } from '../support/load.ts';
import { freePort, start } from '../support/processes.ts';
import type { Figures, Order } from './process.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const HELP = `npm run bench:limits -- [options]
  --seconds N     of each turn (5)
  --lead N        seconds before, of which no figures are taken (10)
  --processes A,B that share the store (1,8,32)
  --callers N     in all, spread over the processes (256)
  --think N       milliseconds between a caller's asks (20)
  --tenants A,B   (1,10000)
  --leases A,B    with or without: yes, no (no,yes)
  --json FILE     the figures as JSON`;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    lead: { type: 'string', default: '10' },
    processes: { type: 'string', default: '1,8,32' },
    callers: { type: 'string', default: '256' },
    think: { type: 'string', default: '20' },
    tenants: { type: 'string', default: '1,10000' },
    leases: { type: 'string', default: 'no,yes' },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const REGION = 'us-east-1';
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
const MANY = 10_000;

const setQuotas = async (endpoint: string, clock: ReturnType<typeof systemClock>): Promise<void> => {
  const client = makeDynamoClient({
    endpoint,
    region: REGION,
    credentials: async () => CREDENTIALS,
    clock,
    random: systemRandom(),
    timeoutMs: 10_000,
  });
  const ledger = new DynamoUsageLedger(client, 'Usage');
  // No budgets: nothing here settles, so their holds would gather.
  const rate_limit = { rps: 100_000, rpm: 5_000_000, rph: 100_000_000 };
  for (let from = 0; from < MANY; from += 50) {
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        ledger.putQuota(
          completeQuota({ tenant_id: `tenant-${from + index}`, rate_limit }, undefined, clock.now()),
        ),
      ),
    );
  }
  await client.close();
};

const startProcess = async (endpoint: string, index: number): Promise<ChildProcess> => {
  const child = fork(join(import.meta.dirname, 'process.ts'), {
    execArgv: [],
    env: {
      PATH: process.env.PATH,
      WARM_TENANT: String(MANY - 1 - index),
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    },
  });
  await once(child, 'message');
  return child;
};

const turn = async (endpoint: string, processes: number, order: Order): Promise<Figures> => {
  const children: ChildProcess[] = [];
  try {
    // One after the other: their warming up is not to be a contest for the cores.
    for (let index = 0; index < processes; index += 1) children.push(await startProcess(endpoint, index));
    const all = await Promise.all(
      children.map(async (child) => {
        const answer = once(child, 'message');
        child.send(order);
        const [figures] = (await answer) as [Figures];
        return figures;
      }),
    );
    const sum = (of: 'admitted' | 'refused' | 'failed' | 'writes'): number =>
      all.reduce((total, figures) => total + figures[of], 0);
    return {
      admitted: sum('admitted'),
      refused: sum('refused'),
      failed: sum('failed'),
      writes: sum('writes'),
      latencies: all.flatMap(({ latencies }) => latencies),
    };
  } finally {
    for (const child of children) child.kill();
  }
};

const main = async (): Promise<void> => {
  if (values.help) {
    console.log(HELP);
    return;
  }
  const seconds = Number(values.seconds);
  const callers = Number(values.callers);
  const data = mkdtempSync(join(tmpdir(), 'atp-limits-'));
  const port = await freePort();
  const spec = engineSpec(findEngine(ROOT, process.env.DYNOXIDE_PATH), port, join(data, 'store.db'));
  const store = start(spec.command, [...spec.args], spec.env);
  const endpoint = `http://127.0.0.1:${port}`;
  const report: object[] = [];
  try {
    await untilAnswering(endpoint, 10_000);
    const sdk = new DynamoDBClient({ endpoint, region: REGION, credentials: CREDENTIALS });
    await createTables(sdk);
    sdk.destroy();
    process.stderr.write(`setting ${MANY} quotas\n`);
    await setQuotas(endpoint, systemClock());
    console.log(
      '| tenants | processes | leases | admissions/s | p50 ms | p99 ms | writes an admission | refused | failed |',
    );
    console.log('|---|---|---|---|---|---|---|---|---|');
    for (const tenants of values.tenants.split(',').map(Number)) {
      for (const processes of values.processes.split(',').map(Number)) {
        for (const leases of values.leases.split(',').map((word) => word === 'yes')) {
          const each = Math.max(1, Math.round(callers / processes));
          const order = {
            leadSeconds: Number(values.lead),
            seconds,
            callers: each,
            thinkMs: Number(values.think),
            tenants,
            leases,
          };
          const figures = await turn(endpoint, processes, order);
          const { admitted, refused, failed, writes } = figures;
          const latencies = Float64Array.from(figures.latencies).sort();
          const row = {
            tenants,
            processes,
            leases,
            perSecond: admitted / seconds,
            p50: quantile(latencies, 0.5),
            p99: quantile(latencies, 0.99),
            writesEach: writes / admitted,
            refused,
            failed,
          };
          report.push(row);
          console.log(
            `| ${tenants} | ${processes} | ${leases ? 'yes' : 'no'} | ${row.perSecond.toFixed(0)} | ${row.p50.toFixed(2)} | ${row.p99.toFixed(1)} | ${row.writesEach.toFixed(3)} | ${refused} | ${failed} |`,
          );
        }
      }
    }
    if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(report, null, 2));
  } finally {
    await store.stop();
    rmSync(data, { recursive: true, force: true });
  }
};

await main();
