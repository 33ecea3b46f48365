/** One suite for the stores of connections and asks, in memory and in DynamoDB. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DynamoAskStore } from '../../../shared/adapters/dynamodb/ask-store.ts';
import { DynamoConnectionStore } from '../../../shared/adapters/dynamodb/connection-store.ts';
import { SocketTable } from '../../../shared/adapters/dynamodb/socket-table.ts';
import { MemoryAskStore, MemoryConnectionStore } from '../../../shared/adapters/memory/socket-stores.ts';
import { KEPT_MS, LONGEST_MS } from '../../../shared/model/socket-limits.ts';
import type { Principal } from '../../../shared/model/tenant.ts';
import type { AskStore } from '../../../shared/ports/ask-store.ts';
import type { ConnectionStore } from '../../../shared/ports/connection-store.ts';
import { startDynamo, type TestDynamo } from '../../support/dynamodb.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';
import { makeTable } from '../../support/store-tables.ts';

interface Subject {
  clock: ManualClock;
  asks: AskStore;
  connections: ConnectionStore;
}

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

const SUBJECTS: [string, () => Promise<Subject>][] = [
  [
    'in memory',
    async () => {
      const clock = new ManualClock();
      const asks = new MemoryAskStore(clock);
      return { clock, asks, connections: new MemoryConnectionStore(clock, asks) };
    },
  ],
  [
    'in DynamoDB',
    async () => {
      const clock = new ManualClock();
      const name = await makeTable(dynamo.sdk, 'Connections');
      const table = new SocketTable(dynamo.client, name, () => clock.now());
      return { clock, asks: new DynamoAskStore(table), connections: new DynamoConnectionStore(table) };
    },
  ],
];

const PRINCIPAL: Principal = { key_id: 'k', tenant_id: 'acme', home_tenant_id: 'acme', roles: ['caller'] };
const LEASE_MS = 10_000;

describe.each(SUBJECTS)('connections %s', (_, make) => {
  let subject: Subject;
  beforeEach(async () => {
    subject = await make();
  });

  const open = async (id: string): Promise<number> => {
    const now = subject.clock.now();
    await subject.connections.open({ id, principal: PRINCIPAL, connected_at: now, seen_at: now });
    return now;
  };

  it('are found as they were opened, until they are closed', async () => {
    const at = await open('a');

    expect(await subject.connections.find('a')).toEqual({
      id: 'a',
      principal: PRINCIPAL,
      connected_at: at,
      seen_at: at,
      cancelled: {},
    });
    await subject.connections.close('a');
    await subject.connections.close('a');
    expect(await subject.connections.find('a')).toBeUndefined();
    expect(await subject.connections.find('b')).toBeUndefined();
  });

  it('remember what is spoken on them', async () => {
    await subject.connections.open({
      id: 'm',
      principal: PRINCIPAL,
      protocol: 'mcp',
      connected_at: subject.clock.now(),
      seen_at: subject.clock.now(),
    });

    expect(await subject.connections.find('m')).toMatchObject({ protocol: 'mcp' });
  });

  it('remember cancellations, and forget those that are named', async () => {
    await open('a');
    await subject.connections.cancel('a', 'one', 1, []);
    await subject.connections.cancel('a', 'two', 2, []);
    await subject.connections.cancel('a', 'three', 3, ['one', 'three']);

    expect((await subject.connections.find('a'))?.cancelled).toEqual({ two: 2, three: 3 });
  });

  it('are announced once, until a message comes', async () => {
    await open('a');

    expect(await subject.connections.announce('a', 5)).toBe(true);
    expect(await subject.connections.announce('a', 6)).toBe(false);
    expect((await subject.connections.find('a'))?.closing_at).toBe(5);
    await subject.connections.seen('a', 7);
    expect(await subject.connections.find('a')).toMatchObject({ seen_at: 7 });
    expect(await subject.connections.find('a')).not.toHaveProperty('closing_at');
    expect(await subject.connections.announce('a', 8)).toBe(true);
  });

  it('that are gone are not made again', async () => {
    await subject.connections.seen('a', 1);
    await subject.connections.cancel('a', 'one', 1, []);

    expect(await subject.connections.announce('a', 5)).toBe(false);
    expect(await subject.connections.find('a')).toBeUndefined();
    expect(await subject.connections.sweep()).toEqual([]);
  });

  it('are counted with the asks that are being answered', async () => {
    await open('a');
    await open('b');
    for (const requestId of ['running', 'ended', 'lost'])
      await subject.asks.claim({ requestId, tenantId: 'acme', connectionId: 'a' }, LEASE_MS);
    await subject.asks.end('ended', { connectionId: 'a', afterSeq: -1 }, 'sealed');
    await subject.clock.advance(LEASE_MS);
    await subject.asks.claim({ requestId: 'running', tenantId: 'acme', connectionId: 'a' }, LEASE_MS);

    const { open: found, running } = await subject.connections.census();

    expect(found.map(({ id }) => id).sort()).toEqual(['a', 'b']);
    expect(running).toEqual([{ requestId: 'running', connectionId: 'a' }]);
  });

  it('are swept with the asks: what is past its time goes, open connections are told', async () => {
    await open('old');
    await subject.asks.claim({ requestId: 'r', tenantId: 'acme', connectionId: 'old' }, LEASE_MS);
    await subject.clock.advance(LONGEST_MS + 600_001);
    await open('new');

    expect((await subject.connections.sweep()).map(({ id }) => id)).toEqual(['new']);
    expect(await subject.connections.find('old')).toBeUndefined();
    expect(await subject.asks.find('r')).toBeUndefined();
    expect((await subject.connections.sweep()).map(({ id }) => id)).toEqual(['new']);
  });
});

describe.each(SUBJECTS)('asks %s', (_, make) => {
  let subject: Subject;
  beforeEach(async () => {
    subject = await make();
  });

  const ASK = { requestId: 'r', tenantId: 'acme', connectionId: 'a' };
  const RECIPIENT = { connectionId: 'a', afterSeq: -1 };

  it('are claimed by one worker', async () => {
    const claims = await Promise.all([1, 2, 3].map(() => subject.asks.claim(ASK, LEASE_MS)));

    expect(claims.sort()).toEqual(['busy', 'busy', 'claimed']);
    expect(await subject.asks.find('r')).toEqual({ ...ASK, afterSeq: -1 });
  });

  it('are lost when the lease has passed, and then another’s', async () => {
    await subject.asks.claim(ASK, LEASE_MS);
    expect(await subject.asks.move('r', RECIPIENT)).toBe(true);
    await subject.clock.advance(LEASE_MS + 1);

    expect(await subject.asks.move('r', RECIPIENT)).toBe(false);
    expect(await subject.asks.claim(ASK, LEASE_MS)).toBe('lost');
    expect(await subject.asks.claim(ASK, LEASE_MS)).toBe('busy');
  });

  it('have ended once their frames are kept, for five minutes', async () => {
    await subject.asks.claim(ASK, LEASE_MS);

    expect(await subject.asks.end('r', RECIPIENT, 'sealed')).toBe(true);
    expect(await subject.asks.find('r')).toMatchObject({ sealed: 'sealed' });
    expect(await subject.asks.claim(ASK, LEASE_MS)).toBe('ended');
    expect(await subject.asks.move('r', { connectionId: 'b', afterSeq: 0 })).toBe(false);
    await subject.clock.advance(KEPT_MS - 1_000);
    expect(await subject.asks.find('r')).toBeDefined();
    await subject.clock.advance(2_000);
    expect(await subject.asks.find('r')).toBeUndefined();
  });

  it('that were moved do not end for the former recipient', async () => {
    await subject.asks.claim(ASK, LEASE_MS);

    expect(await subject.asks.move('r', { connectionId: 'b', afterSeq: 3 })).toBe(true);
    expect(await subject.asks.find('r')).toMatchObject({ connectionId: 'b', afterSeq: 3 });
    expect(await subject.asks.end('r', RECIPIENT, 'sealed')).toBe(false);
    expect(await subject.asks.end('r', { connectionId: 'b', afterSeq: 3 }, 'sealed')).toBe(true);
  });

  it('that are not known are neither moved nor ended', async () => {
    expect(await subject.asks.move('r', RECIPIENT)).toBe(false);
    expect(await subject.asks.end('r', RECIPIENT, 'sealed')).toBe(false);
    expect(await subject.asks.find('r')).toBeUndefined();
  });

  it('keep frames that are longer than an item', async () => {
    const sealed = Array.from({ length: 90_000 }, (_, index) => String(index).padStart(9, '0')).join('+');
    await subject.asks.claim(ASK, LEASE_MS);

    expect(await subject.asks.end('r', RECIPIENT, sealed)).toBe(true);
    expect((await subject.asks.find('r'))?.sealed === sealed).toBe(true);
  });
});

describe('a store that is away', () => {
  it('is unavailable', async () => {
    const failing = { call: () => Promise.reject(new Error('no way')) } as never;
    const connections = new DynamoConnectionStore(new SocketTable(failing, 'Connections', () => 0));
    const calls = [
      connections.find('a'),
      connections.close('a'),
      connections.announce('a', 1),
      connections.sweep(),
      connections.census(),
      connections.open({ id: 'a', principal: PRINCIPAL, connected_at: 0, seen_at: 0 }),
    ];

    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'unavailable' });
  });
});
