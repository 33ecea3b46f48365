/** The Rust selector is killed or hangs while callers ask: nobody is refused, nobody waits long, and it comes back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askReply } from '../../../shared/model/replies.ts';
import { expectReply } from '../../support/flow/client.ts';
import { type LocalTarget, openLocalTarget } from '../../support/flow/local-target.ts';
import { Setting, THREE_MODELS } from '../../support/flow/setting.ts';

const OPENED_WITHIN_MS = 600_000;
const BACK_WITHIN_MS = 15_000;
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
      const started = performance.now();
      const reply = await client.post('/v1/ask', { prompt: 'Are you there?' });
      const ms = performance.now() - started;
      const { selector } = expectReply(reply, askReply);
      expect(reply.headers.get('x-atp-selector')).toBe(selector);
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
  const askUntilBack = async (before: number): Promise<{ asked: Asked[]; afterMs: number }> => {
    const started = performance.now();
    const asked: Asked[] = [];
    for (;;) {
      asked.push(await state().ask());
      const afterMs = performance.now() - started;
      const pid = state().target.runtime().processes.select;
      if (pid !== null && pid !== before && asked.at(-1)?.selector === 'rust') return { asked, afterMs };
      if (afterMs > BACK_WITHIN_MS)
        throw new Error(`not back after ${afterMs} ms: ${JSON.stringify(asked.at(-1))}`);
      await sleep(50);
    }
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
  ] as const)('%s, it is replaced', { timeout: 60_000 }, async (_, signal) => {
    const before = selectPid();
    process.kill(before, signal);
    const { asked, afterMs } = await askUntilBack(before);
    expect(Math.max(...asked.map(({ ms }) => ms))).toBeLessThanOrEqual(ASK_AT_MOST_MS);
    expect(afterMs).toBeLessThanOrEqual(BACK_WITHIN_MS);
    expect(isAlive(before)).toBe(false);
    expect(isAlive(selectPid())).toBe(true);
  });

  test('hung, TypeScript decides in the same request', { timeout: 60_000 }, async () => {
    const before = selectPid();
    process.kill(before, 'SIGSTOP');
    const burst = await Promise.all(Array.from({ length: 8 }, () => state().ask()));
    await askUntilBack(before);
    expect(new Set(burst.map(({ selector }) => selector))).toEqual(new Set(['typescript']));
    expect(Math.max(...burst.map(({ ms }) => ms))).toBeLessThanOrEqual(ASK_AT_MOST_MS);
  });
});
