/** The Usage table is throttled, failing, cut off or slow: what passes in time is answered and counted once, all else is refused. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askReply } from '../../shared/model/replies.ts';
import { closedBooks } from '../support/chaos/books.ts';
import { type Fault, type Rule, serviceError } from '../support/chaos/fault-proxy.ts';
import { LIMITS } from '../support/chaos/rig.ts';
import { acts } from '../support/chaos/wild-provider.ts';
import { openWildSetting, type WildSetting } from '../support/chaos/wild-setting.ts';
import { expectProblem, expectReply } from '../support/flow/client.ts';

const PROMPT = { prompt: 'Are you there?' };

const PASSING: readonly (readonly [string, Fault])[] = [
  ['throttles', serviceError('ThrottlingException')],
  ['has no throughput left', serviceError('ProvisionedThroughputExceededException')],
  ['fails', serviceError('InternalServerError', 500)],
  ['is not available', { status: 503, body: '<html>Service Unavailable</html>' }],
  ['resets the connection', 'reset'],
];

const onUsage =
  (fault: Fault): Rule =>
  ({ body }) =>
    body.includes('"Usage"') ? fault : undefined;

/** Each different call meets the fault once. */
const once = (fault: Fault, isMeant: Rule = () => fault): Rule => {
  const seen = new Set<string>();
  return (call) => {
    const key = call.operation + call.body;
    if (seen.has(key) || isMeant(call) === undefined) return undefined;
    seen.add(key);
    return fault;
  };
};

describe('while DynamoDB', () => {
  let setting: WildSetting;
  let answered = 0;

  beforeAll(async () => {
    setting = await openWildSetting();
    setting.provider.script(acts.whole);
    // What it knows of models and keys it has read.
    await ask();
  });
  afterAll(() => setting.stop());

  const ask = async () => {
    const reply = expectReply(await setting.lone.client.post('/v1/ask', PROMPT), askReply);
    answered += 1;
    return reply;
  };

  it.each(PASSING)('%s, nobody is let past the limits', async (_, fault) => {
    setting.provider.script(acts.whole);
    setting.rig.store.fail(onUsage(fault));

    const reply = await setting.lone.client.post('/v1/ask', PROMPT);

    setting.rig.store.heal();
    expectProblem(reply, 'unavailable');
    expect(setting.provider.calls).toBe(0);
  });

  it.each(PASSING)('%s for a moment, the request passes', async (_, fault) => {
    setting.rig.store.fail(once(fault));

    await ask();

    setting.rig.store.heal();
    expect(setting.rig.store.met).toBeGreaterThan(1);
  });

  it('is slow, the request passes', async () => {
    setting.rig.store.fail(() => ({ delayMs: 200 }));

    await ask();

    setting.rig.store.heal();
  });

  it('carries out what it does not confirm, everything counts once', async () => {
    const tenant = await setting.rig.tenant({ ...LIMITS, rpm: 5, concurrent: 1 });
    // A first request, so that the next one finds its key and its limits known.
    expectReply(await tenant.client.post('/v1/ask', PROMPT), askReply);

    for (let index = 0; index < 4; index++) {
      setting.rig.store.fail(once('lost', onUsage('lost')));
      expectReply(await tenant.client.post('/v1/ask', PROMPT), askReply);
    }

    setting.rig.store.heal();
    const { window } = expectProblem(await tenant.client.post('/v1/ask', PROMPT), 'rate_limited');
    expect(window).toBe('minute');
    await closedBooks(setting.rig, tenant.id, 5);
  });

  it('does all of this under load, whoever is answered is counted, and nobody else', async () => {
    const faults = [...PASSING.map(([, fault]) => fault), 'lost' as const];
    let calls = 0;
    setting.rig.store.fail(
      once('lost', () => {
        calls += 1;
        return calls % 3 === 0 ? 'lost' : undefined;
      }),
    );
    const lost = await burst(40);
    let others = 0;
    setting.rig.store.fail(() => {
      others += 1;
      return others % 3 === 0 ? faults[others % (faults.length - 1)] : undefined;
    });
    const failing = await burst(40);

    setting.rig.store.heal();
    expect([...new Set(lost)]).toEqual([200]);
    expect(new Set([...failing, 200, 503])).toEqual(new Set([200, 503]));
    expect(setting.rig.store.met).toBeGreaterThan(3);
  });

  const burst = async (count: number): Promise<number[]> => {
    const statuses: number[] = [];
    while (statuses.length < count) {
      const wave = Array.from({ length: 4 }, () => setting.lone.client.post('/v1/ask', PROMPT));
      statuses.push(...(await Promise.all(wave)).map(({ status }) => status));
    }
    answered += statuses.filter((status) => status === 200).length;
    return statuses;
  };

  it('has recovered, the books are closed', async () => {
    const observed = await closedBooks(setting.rig, setting.lone.id, answered);

    expect(new Set(observed.map(({ outcome }) => outcome))).toEqual(new Set(['success']));
  });
});
