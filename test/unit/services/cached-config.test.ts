import { describe, expect, it } from 'vitest';
import { MemoryConfigStore } from '../../../shared/adapters/memory/config-store.ts';
import { DEFAULT_FLAGS, DEFAULT_POLICY } from '../../../shared/config/default-policy.ts';
import type { ConfigSnapshot } from '../../../shared/model/policy.ts';
import { CachedConfig } from '../../../shared/services/cached-config.ts';
import { anAdapter } from '../../support/fakes/documents.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';

class BreakableStore extends MemoryConfigStore {
  isAway = false;

  override async snapshot(): Promise<ConfigSnapshot> {
    if (this.isAway) throw new Error('the table is away');
    return super.snapshot();
  }
}

const setUp = () => {
  const clock = new ManualClock();
  const store = new BreakableStore({ policy: DEFAULT_POLICY, flags: DEFAULT_FLAGS });
  return { clock, store, config: new CachedConfig(store, clock) };
};

const idsOf = ({ adapters }: ConfigSnapshot): string[] => adapters.map(({ id }) => id);

describe('CachedConfig', () => {
  it('shows a change at most 4 s later', async () => {
    const { clock, store, config } = setUp();
    await config.current();
    await store.putAdapter(anAdapter('a'));
    await clock.advance(4_001);

    expect(idsOf(await config.current())).toEqual(['a']);
  });

  it('reads now when asked to', async () => {
    const { store, config } = setUp();
    await config.current();
    await store.putAdapter(anAdapter('a'));

    expect(idsOf(await config.refresh())).toEqual(['a']);
  });

  it('serves the last good copy for five minutes while the table is away', async () => {
    const { clock, store, config } = setUp();
    await store.putAdapter(anAdapter('a'));
    await config.current();
    store.isAway = true;
    await clock.advance(300_000);

    expect(idsOf(await config.current())).toEqual(['a']);
  });

  it.each(['current', 'refresh'] as const)(
    'answers 503 to %s when there is no copy to serve',
    async (read) => {
      const { store, config } = setUp();
      store.isAway = true;

      await expect(config[read]()).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 1_000 });
    },
  );

  it('answers 503 after five minutes', async () => {
    const { clock, store, config } = setUp();
    await config.current();
    store.isAway = true;
    await clock.advance(300_001);

    await expect(config.current()).rejects.toMatchObject({ status: 503 });
  });
});
