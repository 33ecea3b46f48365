import { describe, expect, it } from 'vitest';
import { ANNOUNCED_MS, IDLE_MS, LONGEST_MS } from '../../../../shared/model/socket-limits.ts';
import { ADMIN_KEY } from '../../../support/fakes/gateway.ts';
import { FakeSocketGateway } from '../../../support/fakes/socket-gateway.ts';

describe('$connect', () => {
  it.each([
    ['Authorization', (key: string) => ({ authorization: `Bearer ${key}` }), undefined],
    ['x-api-key', (key: string) => ({ 'X-Api-Key': key }), undefined],
    ['a subprotocol', (key: string) => ({ 'Sec-WebSocket-Protocol': `atp.v1, atp.key.${key}` }), 'atp.v1'],
    ['a subprotocol alone', (key: string) => ({ 'sec-websocket-protocol': `atp.key.${key}` }), undefined],
  ])('takes a key in %s, keeps who it is and not the key', async (_, headers, chosen) => {
    const fake = new FakeSocketGateway();
    const key = await fake.gateway.keyOf('acme');

    const reply = await fake.connect('a', headers(key));

    expect(reply.statusCode).toBe(200);
    expect(reply.headers['sec-websocket-protocol']).toBe(chosen);
    expect(JSON.stringify(reply)).not.toContain(key);
    const connection = await fake.connections.find('a');
    expect(connection?.principal).toMatchObject({ tenant_id: 'acme', roles: ['caller'] });
    expect(JSON.stringify(connection)).not.toContain(key);
  });

  it('lets an operator act for the tenant that it names, unless that is personal data', async () => {
    const fake = new FakeSocketGateway();
    const headers = { authorization: `Bearer ${ADMIN_KEY}` };

    await fake.connect('a', { ...headers, 'x-tenant-id': 'acme' });
    const refused = await fake.connect('b', { ...headers, 'x-tenant-id': '536-90-4399' });

    expect((await fake.connections.find('a'))?.principal.tenant_id).toBe('acme');
    expect([refused.statusCode, refused.body]).toEqual([400, expect.not.stringContaining('536-90')]);
    expect(await fake.connections.find('b')).toBeUndefined();
  });

  it.each([
    ['no key', async () => ({}), 401, 'unauthenticated'],
    ['a wrong key', async () => ({ 'x-api-key': 'atp_test_x' }), 401, 'unauthenticated'],
    [
      'an auditor',
      async ({ gateway }: FakeSocketGateway) => ({ 'x-api-key': await gateway.keyOf('acme', ['auditor']) }),
      403,
      'forbidden',
    ],
    [
      'another tenant',
      async ({ gateway }: FakeSocketGateway) => ({
        'x-api-key': await gateway.keyOf('acme'),
        'x-tenant-id': 'other',
      }),
      403,
      'forbidden',
    ],
  ])('refuses %s as a problem', async (_, headers, status, code) => {
    const fake = new FakeSocketGateway();

    const reply = await fake.connect('a', await headers(fake));

    expect(reply).toMatchObject({
      statusCode: status,
      headers: { 'content-type': 'application/problem+json', 'x-request-id': expect.any(String) },
    });
    expect(JSON.parse(String(reply.body))).toMatchObject({ status, code });
    expect(await fake.connections.find('a')).toBeUndefined();
    expect(fake.gateway.log.endings.at(-1)?.status).toBe(status);
  });
});

describe('$disconnect', () => {
  it('forgets the connection', async () => {
    const fake = new FakeSocketGateway();
    await fake.open('a');

    await fake.disconnect('a');

    expect(await fake.connections.find('a')).toBeUndefined();
    expect(fake.disconnects).toBe(1);
  });
});

describe('the sweep', () => {
  const idle = async (): Promise<FakeSocketGateway> => {
    const fake = new FakeSocketGateway();
    await fake.open('a');
    await fake.gateway.clock.advance(IDLE_MS - ANNOUNCED_MS);
    return fake;
  };

  it('leaves a connection alone that is neither idle nor old', async () => {
    const fake = new FakeSocketGateway();
    await fake.open('a');
    await fake.gateway.clock.advance(IDLE_MS - ANNOUNCED_MS - 1);

    await fake.sweep();

    expect(fake.frames('a')).toEqual([]);
    expect(fake.swept).toEqual([{ open: 1, announced: 0, closed: 0 }]);
  });

  it('announces the end of an idle connection once, and ends it when it is due', async () => {
    const fake = await idle();

    await fake.sweep();
    await fake.sweep();
    await fake.gateway.clock.advance(ANNOUNCED_MS);
    const stillOpen = await fake.sockets.isOpen('a');
    const frames = fake.frames('a');
    await fake.sweep();

    expect(frames).toEqual([{ type: 'closing', reason: 'idle', reconnect_after_ms: 0 }]);
    expect([stillOpen, await fake.sockets.isOpen('a')]).toEqual([true, false]);
    expect(await fake.connections.find('a')).toBeUndefined();
    expect(fake.swept.map(({ announced, closed }) => [announced, closed])).toEqual([
      [1, 0],
      [0, 0],
      [0, 1],
    ]);
  });

  it('takes an announced end back when a message comes', async () => {
    const fake = await idle();
    await fake.sweep();

    await fake.send('a', { type: 'ping' });
    await fake.gateway.clock.advance(ANNOUNCED_MS);
    await fake.sweep();

    expect(await fake.sockets.isOpen('a')).toBe(true);
  });

  it('announces the end of an old connection, however busy it is', async () => {
    const fake = new FakeSocketGateway();
    await fake.open('a');
    const minute = 60_000;
    for (let passed = minute; passed < LONGEST_MS - ANNOUNCED_MS; passed += minute) {
      await fake.gateway.clock.advance(minute);
      await fake.send('a', { type: 'ping' });
    }
    await fake.gateway.clock.advance(minute);

    await fake.sweep();

    expect(fake.frames('a').at(-1)).toMatchObject({ type: 'closing', reason: 'max_duration' });
    await fake.gateway.clock.advance(60_000);
    await fake.send('a', { type: 'ping' });
    await fake.gateway.clock.advance(ANNOUNCED_MS);
    await fake.sweep();
    expect(await fake.sockets.isOpen('a')).toBe(false);
  });

  it('forgets a connection whose client is gone', async () => {
    const fake = await idle();
    await fake.sockets.close('a');

    await fake.sweep();

    expect(fake.swept).toEqual([{ open: 0, announced: 0, closed: 1 }]);
    expect(await fake.connections.find('a')).toBeUndefined();
  });

  it('comes back to a connection that it could not reach', async () => {
    const sockets = {
      post: () => Promise.reject(new Error('away')),
      isOpen: async () => true,
      close: async () => undefined,
    };
    const fake = new FakeSocketGateway({ sockets });
    await fake.open('a');
    await fake.gateway.clock.advance(IDLE_MS);

    await fake.sweep();
    await fake.sweep();

    expect(fake.swept.map(({ open, closed }) => [open, closed])).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });
});
