/** A provider fails in the middle of its answer: an error ends the stream, which never looks whole, and what came is settled. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closedBooks } from '../support/chaos/books.ts';
import { DIALECTS, told } from '../support/chaos/dialects.ts';
import { acts } from '../support/chaos/wild-provider.ts';
import { amid, openWildSetting, type WildSetting } from '../support/chaos/wild-setting.ts';
import { ownTime } from '../support/own-time.ts';

const CUTS = ['reset', 'halfClosed', 'garbage', 'badChunk', 'truncated', 'errorEvent'] as const;
const SLOW = ['silence', 'slow', 'endless'] as const;
const HURRIED_MS = 3_500;
const names = Object.keys(DIALECTS) as (keyof typeof DIALECTS)[];

const CASES = names
  .flatMap((name) => CUTS.map((cut) => [name, cut] as const))
  .map(([name, cut], index) => [name, cut, index] as const);

describe('a stream', () => {
  let setting: WildSetting;
  const asked = new Map<string, number>();

  beforeAll(async () => {
    setting = await openWildSetting({
      lanes: [...CASES.map(() => 'spared' as const), 'spared', 'spared'],
    });
  });
  afterAll(() => setting.stop());

  const stream = async (
    lane: number,
    name: keyof typeof DIALECTS,
    more: { body?: object; goal?: string } = {},
  ) => {
    const { path, body } = DIALECTS[name];
    const tenant = setting.lanes.at(lane);
    if (tenant === undefined) throw new Error('there is no such lane');
    asked.set(tenant.id, (asked.get(tenant.id) ?? 0) + 1);
    const headers = more.goal === undefined ? {} : { 'x-atp-latency-slo-ms': more.goal };
    const reply = await tenant.client.post(path, { ...body, ...more.body }, headers);
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    return told(reply.text);
  };

  it.each(names)('of %s that ends well looks whole', async (name) => {
    setting.provider.script(acts.stream);

    const seen = await stream(-2, name);

    expect([DIALECTS[name].isWhole(seen), DIALECTS[name].isFault(seen)]).toEqual([true, false]);
  });

  it.each(CASES)('of %s that meets `%s` ends with an error', async (name, cut, lane) => {
    setting.provider.script(amid[cut]);

    const seen = await stream(lane, name);

    expect(seen.events.some(({ data }) => data.includes('All '))).toBe(true);
    expect([DIALECTS[name].isWhole(seen), DIALECTS[name].isFault(seen)]).toEqual([false, true]);
    expect(setting.provider.calls).toBe(1);
  });

  it('that goes on too long ends with an error in time', async () => {
    const told = names.flatMap((name) => SLOW.map((slow) => ({ name, slow })));
    setting.provider.script(...told.map(({ slow }) => amid[slow]));
    const taken = ownTime();

    const seen = await Promise.all(
      told.map(({ name }) =>
        stream(-1, name, name === 'ask' ? { body: { latency_slo_ms: 400 } } : { goal: '400' }),
      ),
    );

    expect(seen.map((one, at) => DIALECTS[told[at]?.name ?? 'ask'].isFault(one))).toEqual(
      told.map(() => true),
    );
    expect(seen.map((one, at) => DIALECTS[told[at]?.name ?? 'ask'].isWhole(one))).toEqual(
      told.map(() => false),
    );
    expect(taken()).toBeLessThan(HURRIED_MS);
  });

  it('that broke off is settled with what came', async () => {
    const books = await Promise.all([...asked].map(([id, count]) => closedBooks(setting.rig, id, count)));
    const observed = books.flat();

    const broken = observed.filter(({ outcome }) => outcome !== 'success');
    expect(new Set(broken.map(({ outcome }) => outcome))).toEqual(new Set(['cut', 'timeout']));
    expect(broken).toHaveLength(names.length * (CUTS.length + SLOW.length));
    expect(broken.every(({ model, tokens_out }) => model.startsWith('wild') && tokens_out > 0)).toBe(true);
  });
});
