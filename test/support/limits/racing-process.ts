/** A process of the gateway as far as limits go: callers that ask, use what they were let in for, and settle. Orders and outcomes go by IPC. */
import { setTimeout as sleep } from 'node:timers/promises';
import { connections } from '../../../shared/adapters/aws/connection.ts';
import { makeDynamoClient } from '../../../shared/adapters/dynamodb/client.ts';
import { transact } from '../../../shared/adapters/dynamodb/transact.ts';
import { DynamoUsageLedger, settlementUpdates } from '../../../shared/adapters/dynamodb/usage-ledger.ts';
import { systemClock, systemRandom } from '../../../shared/adapters/runtime/system.ts';
import { awsEnv } from '../../../shared/config/env.ts';
import type { AdmissionRequest, KeyLimits, Verdict, Window } from '../../../shared/model/quota.ts';
import { AdmissionService } from '../../../shared/services/admission/admit-requests.ts';
import { dayOf } from '../../../shared/services/admission/days.ts';

export interface RaceOrder {
  tenant_id: string;
  callers: number;
  seconds: number;
  /** Goes on until the tenant's limit of this window has refused someone, however slow the machine. */
  untilRefusedBy?: Window;
  /** Milliseconds that a caller waits between two asks, at most. */
  thinkMs: number;
  tokens: number;
  hold_ms: number;
  /** Half of the callers come with this key. */
  key?: KeyLimits;
}

export interface RaceOutcome {
  /** When each admission was asked for and answered, milliseconds since the epoch. */
  admitted: { asked: number; answered: number; keyed: boolean }[];
  refused: Partial<Record<Window, number>>;
  failed: number;
  tokensSettled: number;
}

const CALL_TIMEOUT_MS = 20_000;
/** Less than the longest window that is waited for. */
const LONGEST_MS = 50_000;
const clock = systemClock();
const random = systemRandom();
const { dynamodb } = connections(awsEnv.parse(process.env), clock);
const client = makeDynamoClient({ ...dynamodb, clock, random, timeoutMs: CALL_TIMEOUT_MS });
const service = new AdmissionService({ ledger: new DynamoUsageLedger(client, 'Usage'), clock, random });

const settle = async (request: AdmissionRequest, verdict: Verdict, tokens: number): Promise<void> => {
  const held = verdict.admitted ? verdict.held : undefined;
  const settlement = {
    id: request.id,
    tenant_id: request.tenant_id,
    day: dayOf(clock.now()),
    tokens,
    cost_nano: 0,
    ...(held === undefined ? {} : { held }),
  };
  await transact({ client, clock, random }, settlementUpdates('Usage')([settlement]));
  service.release(request.tenant_id, request.id);
};

const race = async (order: RaceOrder): Promise<RaceOutcome> => {
  const outcome: RaceOutcome = { admitted: [], refused: {}, failed: 0, tokensSettled: 0 };
  const startedAt = performance.now();
  let isRefused = order.untilRefusedBy === undefined;
  const goesOn = (): boolean => {
    const ms = performance.now() - startedAt;
    return ms < order.seconds * 1_000 || (!isRefused && ms < LONGEST_MS);
  };
  const turn = async (id: string, key: KeyLimits | undefined): Promise<void> => {
    const { tenant_id, tokens, hold_ms } = order;
    const request = { id, tenant_id, tokens, cost_usd: 0, hold_ms, ...(key === undefined ? {} : { key }) };
    const asked = Date.now();
    const verdict = await service.admit(request);
    if (!verdict.admitted) {
      const { window } = verdict.limit;
      outcome.refused[window] = (outcome.refused[window] ?? 0) + 1;
      isRefused ||= key === undefined && window === order.untilRefusedBy;
      return;
    }
    outcome.admitted.push({ asked, answered: Date.now(), keyed: key !== undefined });
    if (tokens === 0) return;
    const used = Math.floor(random.next() * (tokens + 1));
    await sleep(random.next() * 10);
    await settle(request, verdict, used);
    outcome.tokensSettled += used;
  };
  const call = async (caller: number): Promise<void> => {
    const key = caller % 2 === 0 ? order.key : undefined;
    for (let count = 0; goesOn(); count += 1) {
      await turn(`${process.pid}-${caller}-${count}`, key).catch(() => {
        outcome.failed += 1;
      });
      await sleep(random.next() * order.thinkMs);
    }
  };
  await Promise.all(Array.from({ length: order.callers }, (_, caller) => call(caller)));
  return outcome;
};

process.on('message', (order: RaceOrder) => {
  void race(order).then((outcome) => process.send?.(outcome));
});
process.send?.('ready');
