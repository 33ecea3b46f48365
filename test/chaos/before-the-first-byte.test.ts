/** A provider fails before it said anything: the next model answers, and where there is none the caller is told so. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askReply } from '../../shared/model/replies.ts';
import { closedBooks } from '../support/chaos/books.ts';
import { acts } from '../support/chaos/wild-provider.ts';
import { openWildSetting, type WildSetting } from '../support/chaos/wild-setting.ts';
import { expectProblem, expectReply } from '../support/flow/client.ts';
import { ownTime } from '../support/own-time.ts';

const PROMPT = { prompt: 'Are you there?' };
/** Four times this is less than the least that a goal is worth: 2 s. */
const HURRY = { ...PROMPT, latency_slo_ms: 400 };
const HURRIED_MS = 3_500;

const FAULTS = [
  ['resets the connection', acts.reset],
  ['hangs up without a word', acts.halfClosed],
  ['speaks another protocol', acts.noHttp],
  ['sends half a head', acts.cutHead],
  ['sends half a body', acts.cutBody],
  ['answers what is no JSON', acts.garbage],
  ['answers a page', acts.wrongType],
  ['answers another document', acts.emptyObject],
  ['is overloaded', acts.overloaded],
] as const;

const NUMBERED = FAULTS.map(([name, act], index) => [name, act, index] as const);

describe('a provider that', () => {
  let setting: WildSetting;
  const asked = new Map<string, number>();

  beforeAll(async () => {
    setting = await openWildSetting({
      lanes: [
        ...FAULTS.map(() => 'spared' as const),
        ...FAULTS.map(() => 'alone' as const),
        'alone',
        'alone',
      ],
    });
  });
  afterAll(() => setting.stop());

  const ask = (lane: number, body: object) => {
    const tenant = setting.lanes.at(lane);
    if (tenant === undefined) throw new Error('there is no such lane');
    asked.set(tenant.id, (asked.get(tenant.id) ?? 0) + 1);
    return tenant.client.post('/v1/ask', body);
  };

  it.each(NUMBERED)('%s is replaced by the next model', async (_, act, lane) => {
    setting.provider.script(act);

    const reply = expectReply(await ask(lane, PROMPT), askReply);

    expect(reply.model_used).toBe('spare');
    expect(setting.provider.calls).toBeGreaterThan(0);
  });

  it.each(NUMBERED)('%s is an upstream_error where it stands alone', async (_, act, lane) => {
    setting.provider.script(act);

    expectProblem(await ask(FAULTS.length + lane, PROMPT), 'upstream_error');
  });

  it('fails once is asked again', async () => {
    setting.provider.script(acts.reset, acts.whole);

    const reply = expectReply(await ask(-2, PROMPT), askReply);

    expect([reply.text, setting.provider.calls]).toEqual(['All is well.', 2]);
  });

  it('is too slow ends in time', async () => {
    const slow = [acts.slowHead, acts.slowBody, acts.silence];
    setting.provider.script(...slow, ...slow);
    const taken = ownTime();

    const replies = await Promise.all(
      [...slow, ...slow].map((_, at) => ask(-1, { ...HURRY, stream: at % 2 === 0 })),
    );

    for (const reply of replies) expectProblem(reply, 'upstream_timeout');
    expect(taken()).toBeLessThan(HURRIED_MS);
  });

  it('failed leaves closed books', async () => {
    const books = await Promise.all([...asked].map(([id, count]) => closedBooks(setting.rig, id, count)));

    const all = books.flat();
    const count = (wanted: string) => all.filter(({ outcome }) => outcome === wanted).length;
    expect(['success', 'upstream_error', 'timeout'].map(count)).toEqual([
      FAULTS.length + 1,
      FAULTS.length,
      6,
    ]);
    const failed = all.filter(({ outcome }) => outcome !== 'success');
    expect(failed.map(({ cost_usd }) => cost_usd).every((cost) => cost === 0)).toBe(true);
  });
});
