/** One process of the gateway, admissions only: callers that ask, wait, and ask again. Its orders come and its figures go by IPC. */
import { setTimeout as sleep } from 'node:timers/promises';
import { connections } from '../../shared/adapters/aws/connection.ts';
import { makeDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import { DynamoUsageLedger } from '../../shared/adapters/dynamodb/usage-ledger.ts';
import { systemClock, systemRandom } from '../../shared/adapters/runtime/system.ts';
import { awsEnv } from '../../shared/config/env.ts';
import type { LedgerChange, SwapResult } from '../../shared/ports/usage-ledger.ts';
import { AdmissionService } from '../../shared/services/admission/admit-requests.ts';

export interface Order {
  /** Before the figures are taken: processes that begin at one instant contend as they never do again. */
  leadSeconds: number;
  seconds: number;
  callers: number;
  /** Milliseconds between a caller's asks. */
  thinkMs: number;
  tenants: number;
  leases: boolean;
}

export interface Figures {
  admitted: number;
  refused: number;
  failed: number;
  writes: number;
  latencies: number[];
}

class CountedLedger extends DynamoUsageLedger {
  writes = 0;

  override swap(tenantId: string, version: number, change: LedgerChange): Promise<SwapResult> {
    this.writes += 1;
    return super.swap(tenantId, version, change);
  }
}

/** What a request asks for; small, so that the day's tokens never run out. */
const ASKED = { tokens: 10, cost_usd: 0, hold_ms: 60_000 };

/** Of a tenant that nobody else asks for, so that the code is compiled and the connection there when the turn begins. */
const WARMING = 150;

const clock = systemClock();
const random = systemRandom();
const { dynamodb } = connections(awsEnv.parse(process.env), clock);
const client = makeDynamoClient({ ...dynamodb, clock, random, timeoutMs: 10_000 });

const warmUp = async (tenant_id: string): Promise<void> => {
  const service = new AdmissionService({ ledger: new CountedLedger(client, 'Usage'), clock, random });
  for (let turn = 0; turn < WARMING; turn += 3) {
    await Promise.all([0, 1, 2].map((n) => service.admit({ ...ASKED, id: `${turn + n}`, tenant_id })));
  }
};

const run = async (order: Order): Promise<Figures> => {
  const { leadSeconds, seconds, callers, thinkMs, tenants, leases } = order;
  const ledger = new CountedLedger(client, 'Usage');
  const service = new AdmissionService({ ledger, clock, random, leases });
  const figures: Figures = { admitted: 0, refused: 0, failed: 0, writes: 0, latencies: [] };
  const since = performance.now() + leadSeconds * 1_000;
  const until = since + seconds * 1_000;
  let writesBefore = 0;
  const ask = async (id: string): Promise<void> => {
    const tenant_id = `tenant-${Math.floor(random.next() * tenants)}`;
    const before = performance.now();
    if (before < since) writesBefore = ledger.writes;
    try {
      const verdict = await service.admit({ ...ASKED, id, tenant_id });
      if (before < since) return;
      if (verdict.admitted) figures.admitted += 1;
      else figures.refused += 1;
    } catch {
      figures.failed += 1;
    }
    figures.latencies.push(performance.now() - before);
  };
  const call = async (caller: number): Promise<void> => {
    await sleep(random.next() * thinkMs);
    for (let turn = 0; performance.now() < until; turn += 1) {
      await ask(`${process.pid}-${caller}-${turn}`);
      await sleep(thinkMs);
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  return { ...figures, writes: ledger.writes - writesBefore };
};

process.on('message', (order: Order) => {
  void run(order).then((figures) => process.send?.(figures));
});
await warmUp(`tenant-${process.env.WARM_TENANT}`);
process.send?.('ready');
