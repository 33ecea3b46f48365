import { beforeEach, describe, expect, it } from 'vitest';
import type { Flags } from '../../../../shared/model/policy.ts';
import type { SelectRequest } from '../../../../shared/model/selection.ts';
import { SelectorBreaker } from '../../../../shared/services/routing/selector-breaker.ts';
import { SelectorSwitch } from '../../../../shared/services/routing/selector-switch.ts';
import { aSelectRequest } from '../../../support/fakes/documents.ts';
import { ManualClock } from '../../../support/fakes/manual-clock.ts';
import { rankInOrder, ScriptedSelector } from '../../../support/fakes/scripted-selector.ts';
import { seededRandom } from '../../../support/fakes/seeded-random.ts';

const flags = (rust_percent = 100, enabled = true): Pick<Flags, 'selector'> => ({
  selector: { rust_percent, enabled },
});

const killed = (): never => {
  throw new Error('killed');
};

describe('SelectorSwitch', () => {
  let clock: ManualClock;
  let rust: ScriptedSelector;
  let typescript: ScriptedSelector;
  let selector: SelectorSwitch;

  beforeEach(() => {
    clock = new ManualClock();
    rust = new ScriptedSelector('rust');
    typescript = new ScriptedSelector('typescript');
    const breaker = new SelectorBreaker(clock);
    selector = new SelectorSwitch({ rust, typescript, breaker, random: seededRandom(), clock });
  });

  const ask = (id = 'one', by = flags()) => selector.select(aSelectRequest(id), by);

  it('lets Rust decide, and asks TypeScript nothing', async () => {
    expect(await ask()).toMatchObject({ backend: 'rust', result: { id: 'one' } });
    expect(typescript.batches).toEqual([]);
  });

  it('says how long it took, a failed try included', async () => {
    rust.behaviour = async () => {
      await clock.advance(7);
      return killed();
    };
    expect(await ask()).toMatchObject({ backend: 'typescript', fallback: 'failed', tookMs: 7 });
  });

  it('shares one call among requests in flight, each with its own result', async () => {
    const results = await Promise.all(['one', 'two', 'three'].map((id) => ask(id)));

    expect(rust.batches).toHaveLength(1);
    expect(results.map(({ result }) => result.id)).toEqual(['one', 'two', 'three']);
  });

  it('lets TypeScript decide where Rust is switched off', async () => {
    expect(await ask('one', flags(100, false))).toMatchObject({
      backend: 'typescript',
      fallback: 'switched_off',
    });
    expect(rust.batches).toEqual([]);
  });

  it('splits by the rollout percentage', async () => {
    const results = await Promise.all(Array.from({ length: 1_000 }, (_, n) => ask(`r${n}`, flags(30))));

    const byRust = results.filter(({ backend }) => backend === 'rust').length;
    expect(byRust).toBeGreaterThan(250);
    expect(byRust).toBeLessThan(350);
    expect(new Set(results.map(({ fallback }) => fallback))).toEqual(new Set([undefined, 'rollout']));
  });

  it('offers Rust nothing at 0 percent', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, n) => ask(`r${n}`, flags(0))));

    expect(rust.batches).toEqual([]);
  });

  it('falls back within the same request when Rust fails', async () => {
    rust.behaviour = killed;

    expect(await ask()).toMatchObject({ backend: 'typescript', fallback: 'failed', result: { id: 'one' } });
  });

  it('does not ask Rust again while the breaker is open', async () => {
    rust.behaviour = killed;
    await ask();

    expect(await ask('two')).toMatchObject({ backend: 'typescript', fallback: 'breaker_open' });
    expect(rust.batches).toHaveLength(1);
  });

  it('lets Rust serve again by itself once it is back', async () => {
    rust.behaviour = killed;
    await ask();
    rust.behaviour = (requests) => requests.map(rankInOrder);
    await clock.advance(2_000);

    expect((await ask('two')).backend).toBe('rust');
    expect((await ask('three')).backend).toBe('rust');
  });

  it('fails fast for those queued behind a hung Rust: they wait for no time-out of their own', async () => {
    const hung: ((error: Error) => void)[] = [];
    rust.behaviour = () => new Promise((_, reject) => hung.push(reject));
    const results: Promise<{ fallback?: string }>[] = [];
    for (const id of ['one', 'two', 'three', 'four']) {
      results.push(ask(id));
      await clock.advance(0);
    }

    for (const reject of hung) reject(new Error('timeout'));
    const settled = await Promise.all(results);

    expect(rust.batches.map((batch: SelectRequest[]) => batch.length)).toEqual([1, 1]);
    expect(settled.map(({ fallback }) => fallback)).toEqual([
      'failed',
      'failed',
      'breaker_open',
      'breaker_open',
    ]);
  });

  it('fails only when neither can decide', async () => {
    rust.behaviour = killed;
    typescript.behaviour = killed;

    await expect(ask()).rejects.toThrow('killed');
  });
});
