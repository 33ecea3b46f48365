/** An instance's clock is wrong, or jumps: limits hold, holds are settled, and what it writes is found again. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { askReply, observeReply } from '../../shared/model/replies.ts';
import { closedBooks } from '../support/chaos/books.ts';
import type { Rule } from '../support/chaos/fault-proxy.ts';
import { LIMITS } from '../support/chaos/rig.ts';
import { acts } from '../support/chaos/wild-provider.ts';
import { openWildSetting, type WildSetting } from '../support/chaos/wild-setting.ts';
import { expectProblem, expectReply } from '../support/flow/client.ts';

const PROMPT = { prompt: 'Are you there?' };
const HOUR_MS = 3_600_000;
const SKEWS = [HOUR_MS, -HOUR_MS, -25 * HOUR_MS] as const;
/** A signature is good for so long. */
const SIGNED_MS = 300_000;

/** This process's clock, as far as the date goes; the proxy keeps the true one. */
const skewed = (ms: number): void => {
  vi.useFakeTimers({ toFake: ['Date'], now: trueNow() + ms });
};
const origin = Date.now() - performance.now();
const trueNow = (): number => origin + performance.now();

const strict: Rule = ({ headers }) => {
  const signed = String(headers['x-amz-date']).replace(/^(....)(..)(..T..)(..)(..)Z$/, '$1-$2-$3:$4:$5.000Z');
  if (Math.abs(Date.parse(signed) - trueNow()) < SIGNED_MS) return undefined;
  const type = 'com.amazon.coral.service#InvalidSignatureException';
  return {
    status: 400,
    headers: { date: new Date(trueNow()).toUTCString() },
    body: JSON.stringify({ __type: type, message: 'Signature expired' }),
  };
};

describe('a clock that is off', () => {
  let setting: WildSetting;
  let asked = 0;

  beforeAll(async () => {
    setting = await openWildSetting();
    setting.provider.script(acts.whole);
    await ask();
  });
  afterAll(() => setting.stop());
  afterEach(() => {
    vi.useRealTimers();
    setting.rig.store.heal();
  });

  const ask = async () => {
    asked += 1;
    return expectReply(await setting.lone.client.post('/v1/ask', PROMPT), askReply);
  };

  it.each(SKEWS)(
    'by %d ms: requests are answered, though AWS refuses signatures of another time',
    async (ms) => {
      setting.rig.store.fail(strict);
      skewed(ms);

      await ask();

      expect(setting.rig.store.met).toBeGreaterThan(0);
    },
  );

  it.each(SKEWS)('by %d ms: what was answered can be scored, once the clock is right again', async (ms) => {
    skewed(ms);
    const { request_id } = await ask();
    vi.useRealTimers();

    const score = { request_id, quality_score: 1 };
    expectReply(await setting.lone.client.post('/v1/observe', score), observeReply);
  });

  it('and goes back opens no window a second time', async () => {
    const tenant = await setting.rig.tenant({ ...LIMITS, rpm: 3 });
    const post = () => tenant.client.post('/v1/ask', PROMPT);
    for (let index = 0; index < 3; index++) expectReply(await post(), askReply);

    for (const ms of [-1_000, -HOUR_MS, -25 * HOUR_MS]) {
      skewed(ms);
      expect(expectProblem(await post(), 'rate_limited').window).toBe('minute');
    }

    vi.useRealTimers();
    await closedBooks(setting.rig, tenant.id, 3);
  });

  it('amid a request leaves no hold', async () => {
    setting.provider.script(async (socket) => {
      skewed(-HOUR_MS);
      acts.whole(socket);
    });

    await ask();
  });

  it('leaves closed books', async () => {
    const observed = await closedBooks(setting.rig, setting.lone.id, asked);

    expect(observed.map(({ outcome }) => outcome)).toEqual(observed.map(() => 'success'));
  });
});
