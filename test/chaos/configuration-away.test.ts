/** The Config table and Secrets Manager are away: the last good copy serves for its time, and not a moment longer. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { askReply } from '../../shared/model/replies.ts';
import { closedBooks } from '../support/chaos/books.ts';
import { type Rule, serviceError } from '../support/chaos/fault-proxy.ts';
import { register } from '../support/chaos/rig.ts';
import { acts, WildProvider } from '../support/chaos/wild-provider.ts';
import { openWildSetting, type WildSetting } from '../support/chaos/wild-setting.ts';
import { expectProblem, expectReply } from '../support/flow/client.ts';

const PROMPT = { prompt: 'Are you there?' };
const MINUTE_MS = 60_000;

const configAway: Rule = ({ body }) =>
  body.includes('"Config"') ? serviceError('InternalServerError', 500) : undefined;

const secretsAway: Rule = ({ operation }) => (operation === 'GetSecretValue' ? 'reset' : undefined);

/** Lets the monotonic clock of this process jump; timers do not notice. */
const passed = (ms: number): void => {
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + ms);
};

describe('a copy that is good', () => {
  let setting: WildSetting;
  const keyed = new WildProvider();
  let asked = 0;

  beforeAll(async () => {
    setting = await openWildSetting();
    const base_url = await keyed.start();
    await register(setting.rig, [
      { id: 'keyed', provider: 'openai-compatible', base_url, api_key: 'known', cost_per_1k: 0.001 },
      { id: 'unread', provider: 'openai-compatible', base_url, api_key: 'unread', cost_per_1k: 0.001 },
    ]);
    setting.provider.script(acts.whole);
    keyed.script(acts.whole);
    await ask();
    await chat('keyed');
  });
  afterAll(async () => {
    await setting.stop();
    keyed.stop();
  });
  afterEach(() => {
    vi.restoreAllMocks();
    setting.rig.store.heal();
    setting.rig.aws.heal();
  });

  const post = (path: string, body: object) => setting.lone.client.post(path, body);
  const ask = async () => {
    expectReply(await post('/v1/ask', PROMPT), askReply);
    asked += 1;
  };
  const chat = async (model: string): Promise<number> => {
    const { status } = await post('/v1/chat/completions', {
      model,
      messages: [{ role: 'user', content: 'Are you there?' }],
    });
    asked += 1;
    return status;
  };

  it('serves while the Config table is away', async () => {
    setting.rig.store.fail(configAway);
    passed(4.5 * MINUTE_MS);

    await ask();

    expect(setting.rig.store.met).toBeGreaterThan(0);
  });

  it('is not trusted after five minutes', async () => {
    setting.provider.script(acts.whole);
    setting.rig.store.fail(configAway);
    passed(5.5 * MINUTE_MS);

    expectProblem(await post('/v1/ask', PROMPT), 'unavailable');

    expect(setting.provider.calls).toBe(0);
  });

  it('is renewed when the table is back', async () => {
    passed(20 * MINUTE_MS);

    await ask();
  });

  it('of a key serves while Secrets Manager is away, however long', async () => {
    setting.rig.aws.fail(secretsAway);
    passed(30 * MINUTE_MS);

    expect(await chat('keyed')).toBe(200);

    expect(setting.rig.aws.met).toBeGreaterThan(0);
  });

  it('is not made up for a key that was never read', async () => {
    setting.rig.aws.fail(secretsAway);

    expect(await chat('unread')).toBe(503);

    setting.rig.aws.heal();
    expect(await chat('unread')).toBe(200);
  });

  it('leaves closed books', async () => {
    const observed = await closedBooks(setting.rig, setting.lone.id, asked);

    expect(observed.filter(({ outcome }) => outcome !== 'success')).toHaveLength(1);
  });
});
