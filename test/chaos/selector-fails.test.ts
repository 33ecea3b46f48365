/** The Rust selector dies, hangs or talks nonsense: TypeScript decides in the same request, and Rust takes over again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askReply } from '../../shared/model/replies.ts';
import { closedBooks } from '../support/chaos/books.ts';
import type { Fault } from '../support/chaos/fault-proxy.ts';
import { acts } from '../support/chaos/wild-provider.ts';
import { openWildSetting, type WildSetting } from '../support/chaos/wild-setting.ts';
import { expectReply } from '../support/flow/client.ts';
import { until } from '../support/flow/poll.ts';

const BACK_WITHIN_MS = 15_000;
const ASK_AT_MOST_MS = 2_500;
const BURST = 6;
/** Well within the time that a decision may take. */
const KILLED_AFTER_MS = 400;

const FAULTS: readonly (readonly [string, Fault])[] = [
  ['cannot be reached', 'reset'],
  ['answers nothing of use', { status: 200, body: '{"results":[]}' }],
  ['never answers', 'hang'],
];

describe('the Rust selector', () => {
  let setting: WildSetting;
  let asked = 0;

  beforeAll(async () => {
    setting = await openWildSetting({ rust: true });
    setting.provider.script(acts.whole);
    await rustDecides();
  });
  afterAll(() => setting.stop());

  const ask = async (): Promise<string> => {
    asked += 1;
    const startedAt = performance.now();
    const reply = await setting.lone.client.post('/v1/ask', { prompt: 'Are you there?' });
    expect(performance.now() - startedAt).toBeLessThan(ASK_AT_MOST_MS);
    return expectReply(reply, askReply).selector;
  };
  const burst = (): Promise<string[]> => Promise.all(Array.from({ length: BURST }, ask));

  const rustDecides = () =>
    until('Rust decides', BACK_WITHIN_MS, async () => ((await ask()) === 'rust' ? true : undefined));

  const pid = () => until('it runs', BACK_WITHIN_MS, () => setting.rig.rust.pids.select ?? undefined);

  it('killed while requests wait for it, is replaced in each of them', async () => {
    const killed = await pid();
    process.kill(killed, 'SIGSTOP');
    const waiting = burst();
    await sleep(KILLED_AFTER_MS);
    process.kill(killed, 'SIGKILL');

    // Who was too late to wait for it may be served by the next one.
    expect(await waiting).toContain('typescript');
    await rustDecides();
    expect(await pid()).not.toBe(killed);
  });

  it('hung, is replaced in each of them', async () => {
    const hung = await pid();
    process.kill(hung, 'SIGSTOP');

    expect(await burst()).toEqual(Array(BURST).fill('typescript'));
    await rustDecides();
    expect(await pid()).not.toBe(hung);
  });

  it.each(FAULTS)('that %s is replaced in each of them', async (_, fault) => {
    setting.rig.lambda.fail(({ operation }) =>
      operation.includes('/functions/select/') ? fault : undefined,
    );

    const selectors = await burst();

    setting.rig.lambda.heal();
    expect(selectors).toEqual(Array(BURST).fill('typescript'));
    expect(setting.rig.lambda.met).toBeGreaterThan(0);
    await rustDecides();
  });

  it('away with all that was learnt, the registered quality decides', async () => {
    setting.rig.lambda.fail(({ operation }) => (operation.includes('/functions/') ? 'reset' : undefined));
    setting.rig.store.fail(({ body }) => (body.includes('"Learning"') ? 'reset' : undefined));

    expect(await burst()).toEqual(Array(BURST).fill('typescript'));

    setting.rig.lambda.heal();
    setting.rig.store.heal();
  });

  it('leaves closed books', async () => {
    const observed = await closedBooks(setting.rig, setting.lone.id, asked);

    expect(observed.every(({ outcome }) => outcome === 'success')).toBe(true);
  });
});
