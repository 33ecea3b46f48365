/** Limits stay exact over instances that share nothing but the table. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DynamoUsageLedger, settlementUpdates } from '../../../shared/adapters/dynamodb/usage-ledger.ts';
import { systemClock, systemRandom } from '../../../shared/adapters/runtime/system.ts';
import type { RateLimit, Settlement } from '../../../shared/model/quota.ts';
import { AdmissionService } from '../../../shared/services/admission/admit-requests.ts';
import { dayOf } from '../../../shared/services/admission/days.ts';
import { startDynamo, type TestDynamo } from '../../support/dynamodb.ts';
import { quotaOf, requestsOf, TENANT } from '../../support/fakes/limits.ts';
import { PATIENT } from '../../support/patience.ts';

const PROCESS = join(import.meta.dirname, '..', '..', 'support', 'admitting-process.ts');

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

const setQuota = (tenant: string, limits: Partial<RateLimit>): Promise<void> =>
  new DynamoUsageLedger(dynamo.client, 'Usage').putQuota(quotaOf(limits, 1, tenant));

const makeServices = (count: number): AdmissionService[] =>
  Array.from(
    { length: count },
    () =>
      new AdmissionService({
        ledger: new DynamoUsageLedger(dynamo.newClient(), 'Usage'),
        clock: systemClock(),
        random: systemRandom(),
      }),
  );

/** Spreads `count` admissions over the services, all at once, and counts what passed. */
const passing = async (services: AdmissionService[], count: number, tenant_id: string): Promise<number> => {
  const verdicts = await Promise.all(
    requestsOf(count, { tenant_id }).map((request, index) =>
      services[index % services.length]?.admit(request),
    ),
  );
  return verdicts.filter((verdict) => verdict?.admitted).length;
};

describe('instances of one process', () => {
  it('let exactly 50 of 200 pass over four of them', async () => {
    await setQuota('four', { rpm: 50 });

    expect(await passing(makeServices(4), 200, 'four')).toBe(50);
  });

  it('let exactly 5 of 10 pass, each asking once', async () => {
    await setQuota('ten', { rpm: 5 });

    expect(await passing(makeServices(10), 10, 'ten')).toBe(5);
  });
});

describe('processes', () => {
  const children: ChildProcess[] = [];
  afterAll(() => children.map((child) => child.kill()));

  const startProcess = async (): Promise<ChildProcess> => {
    const env = {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: dynamo.url,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    };
    const child = fork(PROCESS, { env, execArgv: [] });
    children.push(child);
    await once(child, 'message');
    return child;
  };

  it('let exactly 5 of 10 pass at 5 a second', async () => {
    await setQuota(TENANT, { rps: 5 });
    const ready = await Promise.all(Array.from({ length: 5 }, startProcess));

    const answers = await Promise.all(
      ready.map(async (child): Promise<number> => {
        const answer = once(child, 'message');
        child.send(2);
        const [count] = await answer;
        return Number(count);
      }),
    );

    expect(answers.reduce((sum, count) => sum + count, 0)).toBe(5);
  });
});

describe('budgets', () => {
  const LIMIT = 3_000;
  const ASKED = 100;

  /** Admits four, then settles what passed, half of it with all that was held; returns the tokens used. */
  const round = async (service: AdmissionService, tenant_id: string, name: string): Promise<number> => {
    const requests = requestsOf(4, { tenant_id, tokens: ASKED }).map((request) => ({
      ...request,
      id: `${name}-${request.id}`,
    }));
    const verdicts = await Promise.all(requests.map((request) => service.admit(request)));
    const settlements = verdicts.flatMap((verdict, index): Settlement[] => {
      const id = requests[index]?.id;
      if (!verdict.admitted || id === undefined) return [];
      const tokens = index % 2 === 0 ? ASKED : 30;
      const { held } = verdict;
      const settlement = { id, tenant_id, day: dayOf(Date.now()), tokens, cost_nano: 0 };
      return [held === undefined ? settlement : { ...settlement, held }];
    });
    if (settlements.length === 0) return 0;
    const TransactItems = settlementUpdates('Usage')(settlements);
    await dynamo.client.call('TransactWriteItems', { TransactItems });
    for (const { id } of settlements) service.release(tenant_id, id);
    return settlements.reduce((sum, { tokens }) => sum + tokens, 0);
  };

  it('are never exceeded while admissions race settlements, and the books agree', async () => {
    await setQuota('budget', { tokens_per_day: LIMIT });
    const services = makeServices(4);
    const workers = services.map(async (service, worker) => {
      let used = 0;
      for (let turn = 0; turn < 15; turn++) used += await round(service, 'budget', `${worker}-${turn}`);
      return used;
    });
    let used = (await Promise.all(workers)).reduce((sum, tokens) => sum + tokens, 0);
    const ledger = new DynamoUsageLedger(dynamo.client, 'Usage');
    const untilNothingIsHeld = () =>
      vi.waitFor(async () => expect((await ledger.read('budget'))?.holds).toEqual({}), PATIENT);
    // Whoever came last may have been refused for what others held and did not use.
    const [last] = services;
    for (let turn = 0, more = 1; last !== undefined && more > 0; turn++) {
      await untilNothingIsHeld();
      more = await round(last, 'budget', `last-${turn}`);
      used += more;
    }

    await untilNothingIsHeld();
    expect((await ledger.read('budget'))?.days[dayOf(Date.now())]?.tokens).toBe(used);
    expect(used).toBeLessThanOrEqual(LIMIT);
    expect(used).toBeGreaterThan(LIMIT - ASKED);
  });
});
