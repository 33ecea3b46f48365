import { beforeEach, describe, expect, it } from 'vitest';
import type { NewEvent } from '../../../../shared/services/audit/audit-log.ts';
import { type Denial, DenialTrail } from '../../../../shared/services/audit/denial-trail.ts';
import { ManualClock } from '../../../support/fakes/manual-clock.ts';
import { seededRandom } from '../../../support/fakes/seeded-random.ts';

const MINUTE_MS = 60_000;
const NOBODY: Denial = { outcome: 'unauthenticated', status: 401, action: 'POST /v1/ask' };
const ACTOR = { key_id: 'k', tenant_id: 'acme', roles: ['caller'] as const };

class ScriptedLog {
  readonly written: (NewEvent & { chain: string })[] = [];
  state: 'there' | 'away' | 'hanging' = 'there';

  async append(chain: string, event: NewEvent): Promise<string> {
    if (this.state === 'hanging') await new Promise(() => undefined);
    if (this.state === 'away') throw new Error('away');
    this.written.push({ chain, ...event });
    return 'id';
  }
}

describe('DenialTrail', () => {
  let clock: ManualClock;
  let log: ScriptedLog;
  let waiting: number;
  let trail: DenialTrail;

  beforeEach(() => {
    clock = new ManualClock();
    log = new ScriptedLog();
    waiting = 0;
    trail = new DenialTrail({
      log,
      clock,
      random: seededRandom(),
      waiting: (count) => {
        waiting += count;
      },
    });
  });

  const note = async (count: number, denial: Denial = NOBODY): Promise<void> => {
    for (let index = 0; index < count; index++) await trail.note(denial);
  };

  const total = (): number => log.written.reduce((sum, { count = 1 }) => sum + count, 0);

  it('writes the first ten of a minute down one by one, in the tenant of who it was', async () => {
    await note(3);
    await note(2, { ...NOBODY, outcome: 'forbidden', status: 403, actor: ACTOR });

    expect(log.written.map(({ chain, tenant_id }) => [chain.replace(/\d/, 'N'), tenant_id])).toEqual([
      ...Array(3).fill(['nobody#N', undefined]),
      ...Array(2).fill(['tenant#acme', 'acme']),
    ]);
  });

  it('counts the rest together, and loses none', async () => {
    await note(1_000);
    expect(log.written).toHaveLength(10);

    await clock.advance(MINUTE_MS);

    expect(log.written).toHaveLength(11);
    expect(log.written.at(-1)).toMatchObject({ count: 990, first_at: expect.any(String), ...NOBODY });
  });

  it('stays bounded however many ways of being refused there are', async () => {
    for (let index = 0; index < 500; index++) await note(1, { ...NOBODY, action: `GET /${index}` });
    await clock.advance(MINUTE_MS);

    expect(log.written.length).toBeLessThanOrEqual(30);
    expect(total()).toBe(500);
    expect(log.written.at(-1)?.action).toBe('*');
  });

  it('holds up no other chain: a tenant has its own ten', async () => {
    await note(100);
    await note(1, { ...NOBODY, outcome: 'forbidden', actor: ACTOR });

    expect(log.written.at(-1)).toMatchObject({ chain: 'tenant#acme' });
  });

  it('takes ten again in the next minute', async () => {
    await note(15);
    await clock.advance(MINUTE_MS);
    await note(5);

    expect(log.written).toHaveLength(16);
    expect(total()).toBe(20);
  });

  it('keeps the count while the log is away, and does not try without end', async () => {
    log.state = 'away';
    await note(25);
    await clock.advance(MINUTE_MS);
    expect(log.written).toEqual([]);
    expect(waiting).toBeGreaterThanOrEqual(25);
    const tries = clock.slept.filter((ms) => ms !== 500).length;
    expect(tries).toBeLessThan(5);

    log.state = 'there';
    await clock.advance(MINUTE_MS);

    expect(total()).toBe(25);
  });

  it('lets nobody wait longer than half a second', async () => {
    log.state = 'hanging';
    let done = false;
    const noted = trail.note(NOBODY).then(() => {
      done = true;
    });
    await clock.advance(499);
    expect(done).toBe(false);

    await clock.advance(1);
    await noted;
  });

  it('knows a bounded number of tenants, and loses no refusal of the others', async () => {
    for (let index = 0; index < 1_100; index++)
      await note(1, { ...NOBODY, outcome: 'forbidden', actor: { ...ACTOR, tenant_id: `t${index}` } });
    await clock.advance(MINUTE_MS);

    expect(total()).toBe(1_100);
    expect(new Set(log.written.map(({ chain }) => chain)).size).toBeLessThanOrEqual(1_001);
  });
});
