/** One suite for every store of sessions. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DynamoSessionStore } from '../../../shared/adapters/dynamodb/session-store.ts';
import { DynamoUsageLedger } from '../../../shared/adapters/dynamodb/usage-ledger.ts';
import { MemorySessionStore } from '../../../shared/adapters/memory/session-store.ts';
import type { SessionStore } from '../../../shared/ports/session-store.ts';
import { startDynamo, type TestDynamo } from '../../support/dynamodb.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';
import { makeTable } from '../../support/store-tables.ts';

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

const clock = new ManualClock();

const SUBJECTS: [string, () => Promise<SessionStore>][] = [
  ['in memory', async () => new MemorySessionStore(clock)],
  [
    'in DynamoDB',
    async () => new DynamoSessionStore(dynamo.client, await makeTable(dynamo.sdk, 'Usage'), clock),
  ],
];

describe.each(SUBJECTS)('sessions %s', (_, make) => {
  let sessions: SessionStore;
  beforeEach(async () => {
    sessions = await make();
  });

  it('knows none at first', async () => {
    expect(await sessions.get('k')).toBeUndefined();
  });

  it('gives back what was put last, each by its key', async () => {
    const expires_at = clock.now() + 1_500;
    await sessions.put('k', { model: 'a', expires_at });
    await sessions.put('k', { model: 'b', expires_at: expires_at + 1 });
    await sessions.put('other', { model: 'c', expires_at });

    expect(await sessions.get('k')).toEqual({ model: 'b', expires_at: expires_at + 1 });
    expect(await sessions.get('other')).toEqual({ model: 'c', expires_at });
  });

  it('forgets what has expired', async () => {
    await sessions.put('k', { model: 'a', expires_at: clock.now() + 1_000 });

    await clock.advance(1_000);

    expect(await sessions.get('k')).toBeUndefined();
  });
});

it('sessions stand beside the quotas and are none', async () => {
  const table = await makeTable(dynamo.sdk, 'Usage');
  await new DynamoSessionStore(dynamo.client, table, clock).put('k', {
    model: 'a',
    expires_at: clock.now() + 1,
  });

  expect(await new DynamoUsageLedger(dynamo.client, table).listQuotas()).toEqual([]);
});
