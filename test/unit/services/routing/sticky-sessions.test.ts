import { beforeEach, describe, expect, it } from 'vitest';
import { MemorySecretStore } from '../../../../shared/adapters/memory/secret-store.ts';
import { MemorySessionStore } from '../../../../shared/adapters/memory/session-store.ts';
import type { SessionModel } from '../../../../shared/ports/session-store.ts';
import { StickySessions } from '../../../../shared/services/routing/sticky-sessions.ts';
import { ManualClock } from '../../../support/fakes/manual-clock.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

class WatchedSessions extends MemorySessionStore {
  readonly written: [string, SessionModel][] = [];
  isAway = false;

  override async get(key: string): Promise<SessionModel | undefined> {
    if (this.isAway) throw new Error('the table is away');
    return super.get(key);
  }

  override async put(key: string, session: SessionModel): Promise<void> {
    if (this.isAway) throw new Error('the table is away');
    this.written.push([key, session]);
    await super.put(key, session);
  }
}

describe('sticky sessions', () => {
  let clock: ManualClock;
  let store: WatchedSessions;
  let sessions: StickySessions;
  beforeEach(() => {
    clock = new ManualClock();
    store = new WatchedSessions(clock);
    sessions = new StickySessions({ store, secrets: new MemorySecretStore({ pepper: 'p' }), clock });
  });

  const recalled = async (tenant = 'acme', session = 's-1') => (await sessions.recall(tenant, session)).model;
  const keep = async (model: string) => (await sessions.recall('acme', 's-1')).keep(model);

  it('recall the model that answered last, for the tenant and the session alone', async () => {
    await keep('a');
    await keep('b');

    expect(await recalled()).toBe('b');
    expect(await recalled('globex')).toBeUndefined();
    expect(await recalled('acme', 's-2')).toBeUndefined();
    expect(await recalled('acme\0s-1', '')).toBeUndefined();
  });

  it('are kept under names that tell nothing', async () => {
    await (await sessions.recall('acme', 'john.doe@example.com')).keep('a');

    const [key] = store.written[0] ?? [];
    expect(key).toMatch(/^[\w-]{43}$/);
    expect(key).not.toContain('john');
  });

  it('end an hour after the last answer, give or take ten minutes, and are written seldom', async () => {
    await keep('a');
    await clock.advance(9 * MINUTE);
    await keep('a');
    expect(store.written).toHaveLength(1);

    await clock.advance(2 * MINUTE);
    await keep('a');
    expect(store.written).toHaveLength(2);

    await clock.advance(HOUR - 1);
    expect(await recalled()).toBe('a');
    await clock.advance(1);
    expect(await recalled()).toBeUndefined();
  });

  it('are forgotten, and nothing fails, while the table is away', async () => {
    const session = await sessions.recall('acme', 's-1');
    store.isAway = true;

    await session.keep('a');
    const forgetful = await sessions.recall('acme', 's-1');
    await forgetful.keep('a');

    expect(forgetful.model).toBeUndefined();
  });

  it('need the pepper', async () => {
    sessions = new StickySessions({ store, secrets: new MemorySecretStore({}), clock });

    await keep('a');

    expect([await recalled(), store.written]).toEqual([undefined, []]);
  });
});
