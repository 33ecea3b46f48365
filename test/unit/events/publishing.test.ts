/** What others are told of, from what was written down. */
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { makeHandler } from '../../../functions/publish-events/handler.ts';
import { EventFile } from '../../../local/events/event-file.ts';
import { EventPoll } from '../../../local/events/event-poll.ts';
import { toItem } from '../../../shared/adapters/dynamodb/observation-item.ts';
import { readImage } from '../../../shared/adapters/dynamodb/stream-image.ts';
import type { Item } from '../../../shared/adapters/dynamodb/wire.ts';
import { EventBridgeBus } from '../../../shared/adapters/eventbridge/event-bridge-bus.ts';
import { MemoryEventBus } from '../../../shared/adapters/memory/event-bus.ts';
import { MemoryEventLog } from '../../../shared/adapters/memory/event-log.ts';
import { MemoryObservationStore } from '../../../shared/adapters/memory/observation-store.ts';
import { uuidv7Source } from '../../../shared/adapters/runtime/uuidv7.ts';
import { EVENT_SCHEMAS, type PublishedEvent } from '../../../shared/model/published-event.ts';
import { EVENT_TYPES, type EventType } from '../../../shared/model/stage-event.ts';
import { servedClients } from '../../support/fakes/aws-server.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { ManualClock, START_MS } from '../../support/fakes/manual-clock.ts';
import { settledOf } from '../../support/fakes/observations.ts';
import { seededRandom } from '../../support/fakes/seeded-random.ts';

const AT = new Date(START_MS).toISOString();
const ids = uuidv7Source(new ManualClock(), seededRandom(5));
const settled = () =>
  settledOf({ ...{ id: ids.uuidv7(), tenant_id: 'acme', day: AT.slice(0, 10) }, tokens: 7, cost_nano: 9 });

const inserted = (image: Item, eventName = 'INSERT') =>
  ({ eventName, dynamodb: { NewImage: image } }) as DynamoDBStreamEvent['Records'][number];
const observed = () => {
  const { observation } = settled();
  return { ...observation, prompt: 'about the harvest', session_id: 'jane' };
};
const noticed = (type: EventType) => ({
  pk: { S: 'events' },
  document: {
    S: JSON.stringify({
      ...{ id: ids.uuidv7(), type, subject: 'pepper', tenant_id: 'acme', by: 'k1', created_at: AT },
    }),
  },
});

describe('publish-events', () => {
  const bus = new MemoryEventBus();
  const counts: [number, number][] = [];
  const handler = makeHandler({
    ...{ bus, read: readImage as never, stage: 'test' },
    published: (events, skipped) => counts.push([events, skipped]),
  });

  it('tells of new observations without what was asked', async () => {
    const observation = observed();
    await handler({ Records: [inserted(toItem(observation, '2026-01-05#3'))] });

    const [event] = bus.told.splice(0);
    expect(event).toMatchObject({
      type: 'ObservationRecorded',
      detail: { id: observation.id, stage: 'test', tenant_id: 'acme', model: 'model-a', tokens_in: 7 },
    });
    expect(JSON.stringify(event)).not.toMatch(/harvest|jane|quantum/);
  });

  it.each<[EventType, PublishedEvent['type'], object]>([
    ['adapter.breaker_opened', 'AdapterHealthChanged', { adapter: 'pepper', state: 'unhealthy' }],
    ['adapter.breaker_closed', 'AdapterHealthChanged', { breaker: 'closed', state: 'healthy' }],
    ['quota.exceeded', 'QuotaExceeded', { tenant_id: 'acme', window: 'pepper' }],
    ['secret.rotated', 'SecretRotated', { secret: 'pepper' }],
    ['policy.changed', 'PolicyChanged', { policy: 'pepper', change: 'changed', by: 'k1' }],
    ['policy.promoted', 'PolicyChanged', { change: 'promoted' }],
    ['policy.removed', 'PolicyChanged', { change: 'removed' }],
    ['drain.began', 'DrainStarted', { by: 'k1', at: AT }],
  ])('%s is told as %s', async (from, type, detail) => {
    await handler({ Records: [inserted(noticed(from))] });

    expect(bus.told.splice(0)).toMatchObject([{ type, detail }]);
  });

  it('tells of each type that there is a schema for', async () => {
    const records = [
      inserted(toItem(observed(), '2026-01-05#3')),
      ...EVENT_TYPES.map((type) => inserted(noticed(type))),
    ];
    await handler({ Records: records });

    expect(new Set(bus.told.splice(0).map(({ type }) => type))).toEqual(new Set(Object.keys(EVENT_SCHEMAS)));
  });

  it('passes over changes, other items, and what cannot be read, which it counts', async () => {
    counts.length = 0;
    await handler({
      Records: [
        inserted(toItem(observed(), '2026-01-05#3'), 'MODIFY'),
        inserted({ pk: { S: 'tenant#acme' }, document: { S: '{}' } }),
        inserted({ pk: { S: 'alias#acme' } }),
        inserted({ pk: { S: '2026-01-05#0' }, sk: { S: 'x' }, document: { S: '{"cost_usd":-1}' } }),
        inserted({ pk: { S: 'events' }, document: { S: 'not json' } }),
      ],
    });

    expect(bus.told).toEqual([]);
    expect(counts).toEqual([[0, 2]]);
  });

  it('fails where the bus fails, so that the batch comes again', async () => {
    const failing = makeHandler({
      bus: { put: () => Promise.reject(new Error('away')) },
      ...{ read: readImage as never, stage: 'test', published: () => undefined },
    });

    await expect(failing({ Records: [inserted(noticed('drain.began'))] })).rejects.toThrow('away');
  });
});

describe('EventBridge', () => {
  const aws = servedClients();
  const busOf = () => aws.closing(new EventBridgeBus({ ...aws.connected(), busName: 'atp-test' }));
  const events = (count: number): PublishedEvent[] =>
    Array.from({ length: count }, () => ({
      type: 'SecretRotated' as const,
      detail: { id: ids.uuidv7(), stage: 'test', at: AT, secret: 'pepper' },
    }));

  it('gets at most ten entries a call', async () => {
    aws.server.answer = () => ({ body: '{"FailedEntryCount":0,"Entries":[]}' });
    await busOf().put(events(12));

    const sent = aws.server.calls.map(({ body }) => JSON.parse(body) as { Entries: object[] });
    expect(sent.map(({ Entries }) => Entries.length)).toEqual([10, 2]);
    expect(aws.server.calls[0]?.headers).toMatchObject({ 'x-amz-target': 'AWSEvents.PutEvents' });
    expect(sent[0]?.Entries[0]).toMatchObject({
      ...{ EventBusName: 'atp-test', Source: 'atp-router', DetailType: 'SecretRotated' },
      Time: START_MS / 1_000,
    });
  });

  it('gets again what it refused, and no more', async () => {
    aws.answering(
      { body: '{"FailedEntryCount":1,"Entries":[{"EventId":"1"},{"ErrorCode":"ThrottlingException"}]}' },
      { body: '{"FailedEntryCount":0}' },
    );
    const [first, second] = events(2);
    await busOf().put([first, second].filter((event) => event !== undefined));

    expect(aws.server.calls[1]?.body).toContain(second?.detail.id);
    expect(aws.server.calls[1]?.body).not.toContain(first?.detail.id);
  });

  it('that goes on refusing fails the batch', async () => {
    aws.server.answer = () => ({
      body: '{"FailedEntryCount":1,"Entries":[{"ErrorCode":"InternalFailure"}]}',
    });

    await expect(busOf().put(events(1))).rejects.toThrow('1 events were refused');
    expect(aws.server.calls).toHaveLength(3);
  });
});

describe('at home', () => {
  const home = (mostBytes?: number) => {
    const clock = new ManualClock();
    const path = join(mkdtempSync(join(tmpdir(), 'atp-events-')), 'events.jsonl');
    const observations = new MemoryObservationStore(() => undefined);
    const log = new MemoryEventLog(clock);
    const bus = new EventFile(path, mostBytes);
    const poll = new EventPoll({ observations, events: log, bus, stage: 'local', now: () => START_MS - 1 });
    const lines = () =>
      readFileSync(path, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    return { observations, log, poll, lines, path };
  };

  it('a file has a line for each event, once, whenever it was written down', async () => {
    const { observations, log, poll, lines, path } = home();
    const late = settled();
    await observations.commit([settled()]);
    await log.append({ id: ids.uuidv7(), type: 'drain.began', created_at: AT });
    await poll.turn();
    await observations.commit([late]);
    await poll.turn();
    await poll.turn();

    expect(lines().map((line) => line['detail-type'])).toEqual([
      'DrainStarted',
      'ObservationRecorded',
      'ObservationRecorded',
    ]);
    expect(lines()[2]).toMatchObject({ source: 'atp-router', detail: { id: late.observation.id } });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('a full file begins anew', async () => {
    const { observations, poll, lines, path } = home(10);
    for (let turn = 0; turn < 2; turn++) {
      await observations.commit([settled()]);
      await poll.turn();
    }

    expect(lines()).toHaveLength(1);
    expect(statSync(path.replace('.jsonl', '.1.jsonl')).size).toBeGreaterThan(10);
  });
});

describe('a tenant that runs into a limit', () => {
  it('is told of once a minute, whatever it does', async () => {
    const gateway = new FakeGateway();
    await gateway.withModel('small');
    const key = await gateway.keyOf('acme');
    await gateway.asAdmin('POST /admin/quotas', { body: { tenant_id: 'acme', rate_limit: { rph: 1 } } });
    const exceeded = async () => (await gateway.events.list({ limit: 50, type: 'quota.exceeded' })).items;
    const ask = async () => (await gateway.call('POST /v1/ask', { key, body: { prompt: 'p' } })).status;

    expect([await ask(), await ask(), await ask()]).toEqual([200, 429, 429]);
    expect(await exceeded()).toMatchObject([{ subject: 'hour', tenant_id: 'acme' }]);

    await gateway.clock.advance(61_000);
    await ask();
    expect(await exceeded()).toHaveLength(2);
  });

  it('an exhausted budget counts too, another refusal does not', async () => {
    const gateway = new FakeGateway();
    await gateway.withModel('small', {
      price: { input_per_mtok: 1e5, output_per_mtok: 1e5 },
      cost_per_1k: undefined,
    });
    const key = await gateway.keyOf('acme');
    await gateway.asAdmin('POST /admin/quotas', {
      body: { tenant_id: 'acme', rate_limit: { cost_per_day_usd: 0.000001 } },
    });

    const { status } = await gateway.call('POST /v1/ask', { key, body: { prompt: 'p' } });
    await gateway.call('POST /v1/ask', { key: 'atp_test_nobody', body: { prompt: 'p' } });

    expect(status).toBe(402);
    expect((await gateway.events.list({ limit: 50, type: 'quota.exceeded' })).items).toMatchObject([
      { subject: 'cost_per_day_usd' },
    ]);
  });
});
