/** One suite for every event log. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DynamoEventLog } from '../../../shared/adapters/dynamodb/event-log.ts';
import { MemoryEventLog } from '../../../shared/adapters/memory/event-log.ts';
import { uuidv7Source } from '../../../shared/adapters/runtime/uuidv7.ts';
import { EVENT_RETENTION_MS, type EventQuery, type StageEvent } from '../../../shared/model/stage-event.ts';
import type { EventLog } from '../../../shared/ports/event-log.ts';
import type { IdSource } from '../../../shared/ports/runtime.ts';
import { startDynamo, type TestDynamo } from '../../support/dynamodb.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';
import { seededRandom } from '../../support/fakes/seeded-random.ts';
import { makeTable } from '../../support/store-tables.ts';

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

const SUBJECTS: [string, (clock: ManualClock) => Promise<EventLog>][] = [
  ['in memory', async (clock) => new MemoryEventLog(clock)],
  [
    'in DynamoDB',
    async (clock) => new DynamoEventLog(dynamo.client, await makeTable(dynamo.sdk, 'Usage'), clock),
  ],
];

describe.each(SUBJECTS)('the event log %s', (_, make) => {
  let clock: ManualClock;
  let ids: IdSource;
  let log: EventLog;

  beforeEach(async () => {
    clock = new ManualClock();
    ids = uuidv7Source(clock, seededRandom(3));
    log = await make(clock);
  });

  const tell = async (fields: Partial<StageEvent> = {}): Promise<StageEvent> => {
    await clock.advance(1_000);
    const event: StageEvent = {
      id: ids.uuidv7(),
      type: 'quota.set',
      subject: 'acme',
      created_at: new Date(clock.now()).toISOString(),
      ...fields,
    };
    await log.append(event);
    return event;
  };

  const everyPage = async (query: EventQuery): Promise<StageEvent[]> => {
    const items: StageEvent[] = [];
    let cursor: string | undefined;
    do {
      const page = await log.list(cursor === undefined ? query : { ...query, cursor });
      expect(page.items.length).toBeLessThanOrEqual(query.limit);
      items.push(...page.items);
      cursor = page.cursor;
    } while (cursor !== undefined);
    return items;
  };

  it('is empty where nothing happened', async () => {
    expect(await log.list({ limit: 5 })).toEqual({ items: [] });
  });

  it.each([1, 2, 5, 50])('gives every event once, newest first, in pages of %i', async (limit) => {
    const told: StageEvent[] = [];
    for (let count = 0; count < 5; count++) told.push(await tell({ by: 'a-key', request_id: `r-${count}` }));

    expect(await everyPage({ limit })).toEqual(told.toReversed());
  });

  it('filters by type, tenant and time, also over pages', async () => {
    const first = await tell({ tenant_id: 'acme' });
    const second = await tell({ type: 'key.created', tenant_id: 'acme' });
    const third = await tell({ type: 'key.created', tenant_id: 'globex' });
    const at = (event: StageEvent): number => Date.parse(event.created_at);

    expect(await everyPage({ limit: 1, tenant_id: 'acme' })).toEqual([second, first]);
    expect(await everyPage({ limit: 1, type: 'key.created' })).toEqual([third, second]);
    expect(await everyPage({ limit: 9, since: at(second) })).toEqual([third, second]);
    expect(await everyPage({ limit: 9, until: at(second) })).toEqual([first]);
    expect(await everyPage({ limit: 9, since: at(third), until: at(first) })).toEqual([]);
    expect(await everyPage({ limit: 9, type: 'key.created', tenant_id: 'acme' })).toEqual([second]);
  });

  it('shows nothing that is older than it keeps', async () => {
    await tell();
    await clock.advance(EVENT_RETENTION_MS + 1);
    const recent = await tell();

    expect(await everyPage({ limit: 5 })).toEqual([recent]);
  });

  it.each(['', 'x', 'bm90IGpzb24'])('refuses the cursor %j', async (cursor) => {
    await expect(log.list({ limit: 1, cursor })).rejects.toMatchObject({
      code: 'invalid_request',
      errors: [{ path: '/query/cursor' }],
    });
  });
});
