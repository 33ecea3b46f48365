/** Scores arrive twice, late and out of order, and `learn` is woken by anything at any time: each counts exactly once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askReply } from '../../shared/model/replies.ts';
import { type Rule, serviceError } from '../support/chaos/fault-proxy.ts';
import { acts } from '../support/chaos/wild-provider.ts';
import { openWildSetting, type WildSetting } from '../support/chaos/wild-setting.ts';
import { expectReply } from '../support/flow/client.ts';
import { until } from '../support/flow/poll.ts';

const POLICY = 'default';
const MODEL = 'wild';
const LEARNT_WITHIN_MS = 15_000;

/** The first try of each different write is carried out, and not confirmed. */
const unconfirmed = (): Rule => {
  const seen = new Set<string>();
  return ({ operation, body }) => {
    if (operation !== 'TransactWriteItems' || seen.has(body)) return undefined;
    seen.add(body);
    return 'lost';
  };
};

/** Every third call is throttled. */
const throttled = (): Rule => {
  let calls = 0;
  return () => {
    calls += 1;
    return calls % 3 === 0 ? serviceError('ThrottlingException') : undefined;
  };
};

describe('feedback', () => {
  let setting: WildSetting;
  let scored = 0;
  let sum = 0;

  beforeAll(async () => {
    setting = await openWildSetting({ rust: true });
    setting.provider.script(acts.whole);
  });
  afterAll(() => setting.stop());

  const answers = async (count: number): Promise<string[]> => {
    const replies = await Promise.all(
      Array.from({ length: count }, () => setting.lone.client.post('/v1/ask', { prompt: 'Are you there?' })),
    );
    return replies.map((reply) => expectReply(reply, askReply).request_id);
  };

  const observe = async (request_id: string, quality_score: number): Promise<number> =>
    (await setting.lone.client.post('/v1/observe', { request_id, quality_score })).status;

  /** Woken as by a poll, and as by a stream that delivers late, twice and in any order. */
  const wake = async (): Promise<void> => {
    const poll = { source: 'poll', policies: [POLICY] };
    const record = (policy: string) => ({
      eventName: 'INSERT',
      dynamodb: { NewImage: { policy: { S: policy }, pending: { S: policy } } },
    });
    const stream = { Records: [record('pair'), record(POLICY), record(POLICY)] };
    const events = [poll, stream, poll, stream].map((event) => Buffer.from(JSON.stringify(event)));
    await Promise.all(events.map((event) => setting.rig.rust.learn.invoke(event)));
  };

  const learnt = async () => (await setting.rig.learnt(POLICY)).arms.get(MODEL);

  const allLearnt = async (): Promise<void> => {
    await until('every score is learnt', LEARNT_WITHIN_MS, async () => {
      await wake();
      return (await learnt())?.count === scored ? true : undefined;
    });
    await wake();
    const arm = await learnt();
    expect([arm?.count, arm?.n]).toEqual([scored, scored]);
    expect(arm?.sum).toBeCloseTo(sum, 9);
  };

  it('that is delivered twice at once counts once', async () => {
    const ids = await answers(8);
    const deliveries = ids.flatMap((id, index) => [1, 2, 3].map(() => observe(id, index / 8)));

    expect(await Promise.all(deliveries)).toEqual(deliveries.map(() => 200));

    scored += 8;
    sum += 28 / 8;
    await allLearnt();
  });

  it('that is written unconfirmed counts once', async () => {
    const ids = await answers(6);
    setting.rig.store.fail(unconfirmed());

    const statuses = await Promise.all(ids.map((id) => observe(id, 0.5)));
    scored += 6;
    sum += 3;
    await allLearnt();

    setting.rig.store.heal();
    expect(statuses).toEqual(ids.map(() => 200));
    expect(setting.rig.store.met).toBeGreaterThan(0);
  });

  it('that comes in another order than its answers, and again when it is learnt, counts once', async () => {
    const ids = await answers(6);
    for (const id of [...ids].reverse()) {
      expect(await observe(id, 1)).toBe(200);
      await wake();
    }
    scored += 6;
    sum += 6;
    await allLearnt();

    const again = await Promise.all(ids.map((id) => observe(id, 1)));
    const others = await Promise.all(ids.map((id) => observe(id, 0)));

    expect([again, others]).toEqual([ids.map(() => 200), ids.map(() => 409)]);
    await allLearnt();
  });

  it('waits while DynamoDB throttles, and is learnt', async () => {
    const ids = await answers(6);
    setting.rig.store.fail(throttled());

    const statuses = await Promise.all(ids.map((id) => observe(id, 0)));
    const refused = ids.filter((_, index) => statuses[index] !== 200);
    await wake();
    setting.rig.store.heal();

    expect(statuses.every((status) => status === 200 || status === 503)).toBe(true);
    expect(await Promise.all(refused.map((id) => observe(id, 0)))).toEqual(refused.map(() => 200));
    scored += 6;
    await allLearnt();
  });
});
