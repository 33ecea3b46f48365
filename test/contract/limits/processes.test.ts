/**
 * Processes of the operating system that share one table: no limit is exceeded in any window that can be proved from what they
 * saw, nor a budget while one of them is killed; and all that was not used is free again.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DynamoUsageLedger } from '../../../shared/adapters/dynamodb/usage-ledger.ts';
import { systemClock, systemRandom } from '../../../shared/adapters/runtime/system.ts';
import { type RateLimit, UNLIMITED } from '../../../shared/model/quota.ts';
import { useOf } from '../../../shared/ports/usage-ledger.ts';
import { AdmissionService } from '../../../shared/services/admission/admit-requests.ts';
import { dayOf } from '../../../shared/services/admission/days.ts';
import { startDynamo, type TestDynamo } from '../../support/dynamodb.ts';
import { quotaOf, requestOf } from '../../support/fakes/limits.ts';
import type { RaceOrder, RaceOutcome } from '../../support/limits/racing-process.ts';

const PROCESS = join(import.meta.dirname, '..', '..', 'support', 'limits', 'racing-process.ts');
const PROCESSES = 4;
const STARTED_WITHIN_MS = 120_000;
const TEST_WITHIN_MS = 120_000;

let dynamo: TestDynamo;
let ledger: DynamoUsageLedger;
let children: ChildProcess[] = [];

const startProcess = async (): Promise<ChildProcess> => {
  const env = {
    PATH: process.env.PATH,
    AWS_ENDPOINT_URL: dynamo.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  const child = fork(PROCESS, { env, execArgv: [] });
  await once(child, 'message');
  return child;
};

beforeAll(async () => {
  dynamo = await startDynamo();
  ledger = new DynamoUsageLedger(dynamo.client, 'Usage');
  children = await Promise.all(Array.from({ length: PROCESSES }, startProcess));
}, STARTED_WITHIN_MS);
afterAll(() => {
  for (const child of children) child.kill();
  return dynamo.stop();
});

const setQuota = (tenant: string, limits: Partial<RateLimit>): Promise<void> =>
  ledger.putQuota(quotaOf(limits, 1, tenant));

/** What the process came to; nothing where it was killed. */
const outcomeOf = (child: ChildProcess, order: RaceOrder): Promise<RaceOutcome | undefined> =>
  new Promise((resolve) => {
    child.once('message', (outcome: RaceOutcome) => resolve(outcome));
    child.once('exit', () => resolve(undefined));
    child.send(order);
  });

const race = async (order: RaceOrder): Promise<RaceOutcome[]> => {
  const outcomes = await Promise.all(children.map((child) => outcomeOf(child, order)));
  return outcomes.filter((outcome) => outcome !== undefined);
};

type Admitted = RaceOutcome['admitted'][number];

/** The most admissions that were both asked for and answered within any window of this length. */
const mostWithin = (admitted: readonly Admitted[], lengthMs: number): number =>
  Math.max(
    0,
    ...admitted.map(
      ({ asked: from }) =>
        admitted.filter(({ asked, answered }) => asked >= from && answered <= from + lengthMs).length,
    ),
  );

const ORDER = { callers: 24, seconds: 3, thinkMs: 20, tokens: 0, hold_ms: 60_000 };

describe('four processes', () => {
  it(
    'exceed no window, and leave none of the minute unused',
    async () => {
      await setQuota('windows', { rps: 300, rpm: 700 });

      const outcomes = await race({ ...ORDER, tenant_id: 'windows', untilRefusedBy: 'minute' });
      const admitted = outcomes.flatMap((outcome) => outcome.admitted);

      expect(mostWithin(admitted, 1_000)).toBeLessThanOrEqual(300);
      expect(admitted).toHaveLength(700);
      expect(outcomes.every(({ failed, refused }) => failed === 0 && (refused.minute ?? 0) > 0)).toBe(true);
    },
    TEST_WITHIN_MS,
  );

  it(
    'exceed neither limit where a key has one beside its tenant',
    async () => {
      await setQuota('keyed', { rpm: 200 });
      const key = { id: 'k1', rate_limit: { ...UNLIMITED, rpm: 60 } };

      const outcomes = await race({
        ...ORDER,
        seconds: 2,
        tenant_id: 'keyed',
        key,
        untilRefusedBy: 'minute',
      });
      const admitted = outcomes.flatMap((outcome) => outcome.admitted);

      expect(admitted).toHaveLength(200);
      expect(admitted.filter(({ keyed }) => keyed)).toHaveLength(60);
    },
    TEST_WITHIN_MS,
  );

  it(
    'exceed no budget while one of them is killed, whose holds free themselves',
    async () => {
      const limit = 40_000;
      const hold_ms = 5_000;
      await setQuota('budget', { tokens_per_day: limit, concurrent: 60 });
      let most = 0;
      let mostInFlight = 0;
      let isOver = false;
      const watching = (async () => {
        while (!isOver) {
          const use = useOf(await ledger.read('budget'), dayOf(Date.now()), Date.now());
          most = Math.max(most, use.tokens_used + use.tokens_held);
          mostInFlight = Math.max(mostInFlight, use.in_flight);
          await sleep(10);
        }
      })();

      const racing = race({ ...ORDER, tenant_id: 'budget', tokens: 100, hold_ms });
      await sleep(1_200);
      children.pop()?.kill('SIGKILL');
      const outcomes = await racing;
      isOver = true;
      await watching;

      expect(outcomes).toHaveLength(PROCESSES - 1);
      expect(most).toBeLessThanOrEqual(limit);
      expect(mostInFlight).toBeLessThanOrEqual(60);

      await sleep(hold_ms);
      const use = useOf(await ledger.read('budget'), dayOf(Date.now()), Date.now());
      const settled = outcomes.reduce((sum, { tokensSettled }) => sum + tokensSettled, 0);
      expect(use.tokens_held).toBe(0);
      expect(use.tokens_used).toBeGreaterThanOrEqual(settled);

      const fresh = new AdmissionService({
        ledger: new DynamoUsageLedger(dynamo.newClient(), 'Usage'),
        clock: systemClock(),
        random: systemRandom(),
      });
      const ask = (id: string, tokens: number) => fresh.admit(requestOf(id, { tenant_id: 'budget', tokens }));
      const free = limit - use.tokens_used;
      expect((await ask('too much', free + 1)).admitted).toBe(false);
      expect((await ask('all of it', free)).admitted).toBe(true);
    },
    TEST_WITHIN_MS,
  );
});
