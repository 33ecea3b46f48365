/** The Rust selector is killed or hangs while callers ask: nobody is refused, nobody waits long, and it comes back. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askReply } from '../../../shared/model/replies.ts';
import { expectReply } from '../../support/flow/client.ts';
import { type LocalTarget, openLocalTarget } from '../../support/flow/local-target.ts';
import { until } from '../../support/flow/poll.ts';
import { Setting, THREE_MODELS } from '../../support/flow/setting.ts';
import { timed } from '../../support/own-time.ts';

const OPENED_WITHIN_MS = 600_000;
const BACK_WITHIN_MS = 60_000;
const ASK_AT_MOST_MS = 2_500;

interface Asked {
  ms: number;
  selector: string;
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('the Rust selector', () => {
  let opened: { target: LocalTarget; setting: Setting; ask: () => Promise<Asked> } | undefined;

  beforeAll(async () => {
    const target = await openLocalTarget();
    const setting = new Setting(target);
    await target.rustDecides();
    await setting.useModels(THREE_MODELS);
    const { client } = await setting.tenant();
    const ask = async (): Promise<Asked> => {
      const { result, ms } = await timed(() => client.post('/v1/ask', { prompt: 'Are you there?' }));
      const { selector } = expectReply(result, askReply);
      expect(result.headers.get('x-atp-selector')).toBe(selector);
      return { ms, selector };
    };
    opened = { target, setting, ask };
  }, OPENED_WITHIN_MS);

  afterAll(() => opened?.target.stop(), OPENED_WITHIN_MS);

  const state = () => {
    if (opened === undefined) throw new Error('the runtime was not opened');
    return opened;
  };

  const selectPid = (): number => {
    const { select } = state().target.runtime().processes;
    if (select === null) throw new Error('no Rust selector runs');
    return select;
  };

  /** Asks until Rust decides in another process than before, as the runtime file says too. */
  const askUntilBack = async (before: number): Promise<Asked[]> => {
    const asked: Asked[] = [];
    await until('Rust decides again', BACK_WITHIN_MS, async () => {
      const last = await state().ask();
      asked.push(last);
      return last.selector === 'rust' && isReplaced(before) ? true : undefined;
    });
    return asked;
  };

  const isReplaced = (before: number): boolean => {
    const { select } = state().target.runtime().processes;
    return select !== null && select !== before;
  };

  test('decides while it lives', async () => {
    expect((await state().ask()).selector).toBe('rust');
    expect(isAlive(selectPid())).toBe(true);
  });

  test.each([
    ['killed', 'SIGKILL'],
    ['hung', 'SIGSTOP'],
    ['killed again', 'SIGKILL'],
    ['asked to end', 'SIGTERM'],
  ] as const)('%s, it is replaced', { timeout: 240_000 }, async (_, signal) => {
    const before = selectPid();
    process.kill(before, signal);
    const asked = await askUntilBack(before);
    expect(Math.max(...asked.map(({ ms }) => ms))).toBeLessThanOrEqual(ASK_AT_MOST_MS);
    expect(isAlive(before)).toBe(false);
    expect(isAlive(selectPid())).toBe(true);
  });

  test('hung, TypeScript decides in the same request', { timeout: 240_000 }, async () => {
    const before = selectPid();
    process.kill(before, 'SIGSTOP');
    const burst = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const asked = await state().ask();
        // Whoever comes too late to wait for it may be served by the next one.
        const isLate = asked.selector === 'rust' && isReplaced(before);
        return isLate ? { ...asked, selector: 'the next one' } : asked;
      }),
    );
    await askUntilBack(before);
    const selectors = burst.map(({ selector }) => selector);
    expect(selectors).toContain('typescript');
    expect(selectors).not.toContain('rust');
    expect(Math.max(...burst.map(({ ms }) => ms))).toBeLessThanOrEqual(ASK_AT_MOST_MS);
  });
});
