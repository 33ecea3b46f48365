/** The Observations table is away: answers are delivered, what happened waits in the dead-letter queue, and nothing is lost. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askReply } from '../../shared/model/replies.ts';
import { closedBooks } from '../support/chaos/books.ts';
import { DIALECTS, told } from '../support/chaos/dialects.ts';
import { type Rule, serviceError } from '../support/chaos/fault-proxy.ts';
import { acts } from '../support/chaos/wild-provider.ts';
import { openWildSetting, type WildSetting } from '../support/chaos/wild-setting.ts';
import { expectProblem, expectReply } from '../support/flow/client.ts';
import { until } from '../support/flow/poll.ts';

const PROMPT = { prompt: 'Are you there?' };
const names = Object.keys(DIALECTS) as (keyof typeof DIALECTS)[];
const REPLAYED_WITHIN_MS = 15_000;

const away: Rule = ({ body }) =>
  body.includes('"Observations"') ? serviceError('InternalServerError', 500) : undefined;

const queueAway: Rule = ({ operation }) => (operation.startsWith('SendMessage') ? 'reset' : undefined);

describe('while the Observations table is away', () => {
  let setting: WildSetting;
  let asked = 0;

  beforeAll(async () => {
    setting = await openWildSetting();
    setting.provider.script(acts.whole);
  });
  afterAll(() => setting.stop());

  const post = (path: string, body: object) => {
    asked += 1;
    return setting.lone.client.post(path, body);
  };

  it('whole answers are delivered, and what they used stays held', async () => {
    setting.rig.store.fail(away);

    const replies = await Promise.all([1, 2, 3, 4, 5].map(() => post('/v1/ask', PROMPT)));

    for (const reply of replies) expectReply(reply, askReply);
    expect(setting.rig.deadLetters()).toBe(asked);
    const { text } = await setting.rig.admin.get(`/admin/quotas/${setting.lone.id}`);
    expect((JSON.parse(text) as { use: object }).use).toMatchObject({ tokens_used: 0, in_flight: asked });
  });

  it.each(names)('a stream of %s is delivered to its end', async (name) => {
    setting.provider.script(acts.stream);
    const { path, body, isWhole } = DIALECTS[name];

    const { text } = await post(path, body);

    expect(isWhole(told(text))).toBe(true);
  });

  it('and the queue too, the caller is told, also by a stream', async () => {
    setting.provider.script(acts.whole, acts.stream);
    setting.rig.aws.fail(queueAway);
    const other = await setting.rig.tenant();

    const whole = await other.client.post('/v1/ask', PROMPT);
    const stream = told((await other.client.post('/v1/ask', { ...PROMPT, stream: true })).text);

    setting.rig.aws.heal();
    expectProblem(whole, 'unavailable');
    expect([stream.last?.event, stream.last?.data.includes('unavailable')]).toEqual(['error', true]);
  });

  it('a tenant without limits is answered and remembered too', async () => {
    setting.provider.script(acts.whole);
    const reply = await setting.rig.admin.post('/v1/ask', PROMPT);

    expect(reply.status).toBe(200);
  });

  it('nothing was lost once it is back, though the replays are cut off and repeated', async () => {
    const seen = new Set<string>();
    setting.rig.store.fail(({ operation, body }) => {
      if (operation !== 'TransactWriteItems' || seen.has(body)) return undefined;
      seen.add(body);
      return 'lost';
    });

    await until('all is replayed', REPLAYED_WITHIN_MS, () =>
      setting.rig.deadLetters() === 0 ? true : undefined,
    );

    setting.rig.store.heal();
    const observed = await closedBooks(setting.rig, setting.lone.id, asked);
    expect(observed.map(({ outcome }) => outcome)).toEqual(observed.map(() => 'success'));
    expect(seen.size).toBeGreaterThan(0);
  });

  it('what drew on a lease is free again once a replay has booked it', async () => {
    const busy = await setting.rig.tenant();
    const ask = (count: number) =>
      Promise.all(Array.from({ length: count }, () => busy.client.post('/v1/ask', PROMPT)));
    setting.provider.script(acts.whole);
    await ask(30);
    setting.rig.store.fail(away);
    const replies = await ask(20);
    setting.rig.store.heal();

    for (const reply of replies) expectReply(reply, askReply);
    await closedBooks(setting.rig, busy.id, 50);
  });
});
