/** The Rust selector dies, hangs or talks nonsense: TypeScript decides in the same request, and Rust takes over again. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askReply } from '../../shared/model/replies.ts';
import { closedBooks } from '../support/chaos/books.ts';
import type { Fault } from '../support/chaos/fault-proxy.ts';
import { acts } from '../support/chaos/wild-provider.ts';
import { openWildSetting, type WildSetting } from '../support/chaos/wild-setting.ts';
import { expectReply } from '../support/flow/client.ts';
import { until } from '../support/flow/poll.ts';
import { timed } from '../support/own-time.ts';

const BACK_WITHIN_MS = 60_000;
const ASK_AT_MOST_MS = 2_500;
const BURST = 6;

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
    const { result, ms } = await timed(() =>
      setting.lone.client.post('/v1/ask', { prompt: 'Are you there?' }),
    );
    expect(ms).toBeLessThan(ASK_AT_MOST_MS);
    return expectReply(result, askReply).selector;
  };
  const burst = (): Promise<string[]> => Promise.all(Array.from({ length: BURST }, ask));

  const rustDecides = () =>
    until('Rust decides', BACK_WITHIN_MS, async () => ((await ask()) === 'rust' ? true : undefined));

  const pid = () => until('it runs', BACK_WITHIN_MS, () => setting.rig.rust.pids.select ?? undefined);

  /** Who decided while this process was of no use. Whoever comes too late to wait for it may be served by the next one. */
  const burstAt = (useless: number): Promise<string[]> =>
    Promise.all(
      Array.from({ length: BURST }, async () => {
        const selector = await ask();
        return selector === 'rust' && setting.rig.rust.pids.select !== useless ? 'the next one' : selector;
      }),
    );

  const expectReplaced = async (useless: number, selectors: readonly string[]): Promise<void> => {
    expect(selectors).toContain('typescript');
    expect(selectors).not.toContain('rust');
    await rustDecides();
    expect(await pid()).not.toBe(useless);
  };

  it('killed while requests wait for it, is replaced in each of them', async () => {
    const killed = await pid();
    let reached = 0;
    setting.rig.lambda.fail(({ operation }) => {
      if (operation.includes('/functions/select/')) reached += 1;
      return undefined;
    });
    process.kill(killed, 'SIGSTOP');
    const waiting = burstAt(killed);
    await until('one waits for it', BACK_WITHIN_MS, () => (reached > 0 ? true : undefined));
    process.kill(killed, 'SIGKILL');

    await expectReplaced(killed, await waiting);
    setting.rig.lambda.heal();
  });

  it('hung, is replaced in each of them', async () => {
    const hung = await pid();
    process.kill(hung, 'SIGSTOP');

    await expectReplaced(hung, await burstAt(hung));
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
