import { describe, expect, it } from 'vitest';
import { KEPT_MS } from '../../../../shared/model/socket-limits.ts';
import { end, text } from '../../../support/fakes/scripted-models.ts';
import { FakeSocketGateway } from '../../../support/fakes/socket-gateway.ts';
import { ASK, requestIdIn, STREAM, talking } from '../../../support/fakes/talking.ts';

describe('an ask', () => {
  it('is answered by a worker, and its observation is there', async () => {
    const fake = await talking();

    await fake.send('a', ASK);
    const results = await fake.work();

    expect(results).toEqual([{ batchItemFailures: [] }]);
    expect(fake.frames('a')).toMatchObject([{ type: 'response', id: 'mine', seq: 0, text: 'The moon.' }]);
    const { items } = await fake.gateway.observations.list({ limit: 10, order: 'desc' } as never);
    expect(items).toMatchObject([{ tenant_id: 'acme', outcome: 'success', prompt: 'Explain tides' }]);
    expect(fake.gateway.log.endings.at(-1)).toMatchObject({
      status: 200,
      scope: { route: { resource: 'ask' }, facts: { model: 'm' } },
    });
  });

  it('streams chunks that add up', async () => {
    const fake = await talking();

    await fake.send('a', STREAM);
    await fake.work();

    const frames = fake.frames('a');
    const texts = frames.flatMap((frame) => (frame.type === 'chunk' ? [frame.text] : []));
    expect(texts.join('')).toBe('The moon.');
    expect(frames.map((frame) => 'seq' in frame && frame.seq)).toEqual(frames.map((_, index) => index));
    expect(frames.at(-1)).toMatchObject({ type: 'response', text: 'The moon.' });
  });

  it('lies in queue and table sealed', async () => {
    const fake = await talking([text('Secretly moon.'), end()]);
    await fake.send('a', { ...STREAM, prompt: 'Ask joe@example.com' });
    const bodies = fake.queue.takeAll();
    await fake.work({ bodies });

    const left = JSON.stringify([bodies, ...fake.asks.entries.values(), await fake.connections.find('a')]);

    for (const word of ['joe@example.com', 'Secretly', 'mine']) {
      expect(left).not.toContain(word);
      expect(left).not.toContain(Buffer.from(word).toString('base64').slice(0, -3));
    }
  });

  it('that comes twice is answered once', async () => {
    const fake = await talking();
    await fake.send('a', ASK);
    const bodies = fake.queue.takeAll();

    const [first] = await fake.work({ bodies });
    const [again] = await fake.work({ bodies });

    expect([first, again]).toEqual([{ batchItemFailures: [] }, { batchItemFailures: [] }]);
    expect(fake.frames('a')).toHaveLength(1);
  });

  it('that another worker answers comes again; if that worker is gone, it ends with an error', async () => {
    const fake = await talking();
    await fake.send('a', ASK);
    const bodies = fake.queue.takeAll();
    const { requestId } = await fake.sealer.open<{ requestId: string }>('queue', bodies[0] ?? '');
    await fake.asks.claim({ requestId, tenantId: 'acme', connectionId: 'a' }, 1_000);

    const [busy] = await fake.work({ bodies });
    await fake.gateway.clock.advance(1_001);
    const [lost] = await fake.work({ bodies });

    expect([busy?.batchItemFailures.length, lost?.batchItemFailures.length]).toEqual([1, 0]);
    expect(fake.frames('a')).toMatchObject([{ type: 'error', id: 'mine', code: 'unavailable' }]);
  });

  it('that nobody here sealed is not answered', async () => {
    const fake = await talking();

    const [result] = await fake.work({ bodies: ['AAAA', Buffer.from('x'.repeat(60)).toString('base64')] });

    expect(result?.batchItemFailures).toHaveLength(1);
    expect(fake.frames('a')).toEqual([]);
  });

  it('whose model fails ends with that error, in the form of a problem', async () => {
    const fake = await talking([text('The '), new Error('broken')]);

    await fake.send('a', STREAM);
    await fake.work();

    expect(fake.frames('a')).toMatchObject([
      { type: 'chunk', text: 'The ' },
      { type: 'error', id: 'mine', status: 502, code: 'upstream_error', title: 'Upstream error' },
    ]);
    expect(fake.gateway.log.failures).toHaveLength(1);
  });

  it('is refused where a limit stands against it', async () => {
    const fake = await talking();
    await fake.gateway.asAdmin('POST /admin/quotas', {
      body: { tenant_id: 'acme', rate_limit: { rpm: 1 } },
    });
    for (const id of ['one', 'two']) await fake.send('a', { ...ASK, id });
    await fake.work();

    expect(fake.frames('a').find((frame) => frame.type === 'error')).toMatchObject({
      code: 'rate_limited',
      status: 429,
      window: 'minute',
    });
  });

  it('that no longer has the time ends with an error', async () => {
    const fake = await talking();

    await fake.send('a', STREAM);
    await fake.work({ remainingMs: () => 1_000 });

    expect(fake.frames('a')).toMatchObject([{ type: 'error', code: 'unavailable' }]);
  });

  it('that the queue does not take is refused', async () => {
    const queue = { put: () => Promise.reject(new Error('foreign')) };
    const fake = new FakeSocketGateway({ queue });
    await fake.open('a');

    await fake.send('a', ASK);

    expect(fake.frames('a')).toMatchObject([{ type: 'error', id: 'mine', code: 'internal', status: 500 }]);
    expect(fake.gateway.log.failures).toHaveLength(1);
  });

  it('of a key that was revoked is refused, and the connection closed', async () => {
    const fake = await talking();
    const id = (await fake.connections.find('a'))?.principal.key_id ?? '';
    await fake.gateway.keys.delete(id);
    await fake.gateway.clock.advance(30_000);
    const received = fake.sockets.received('a');

    await fake.send('a', ASK);

    expect(received.map((frame) => JSON.parse(frame))).toMatchObject([
      { type: 'error', code: 'unauthenticated', status: 401 },
      { type: 'closing', reason: 'unauthenticated' },
    ]);
    expect(await fake.sockets.isOpen('a')).toBe(false);
    expect(await fake.connections.find('a')).toBeUndefined();
  });

  it('of a key that has expired is refused', async () => {
    const fake = new FakeSocketGateway();
    const key = await fake.gateway.keyOf('acme', ['caller'], '2026-01-05T12:00:10.000Z');
    await fake.connect('a', { 'x-api-key': key });
    const received = fake.sockets.received('a');
    await fake.gateway.clock.advance(10_000);

    await fake.send('a', ASK);

    expect(received[0]).toContain('has expired');
  });
});

describe('a cancellation', () => {
  it('ends the ask under way, and what was used is settled', async () => {
    const fake = await talking([text('The '), 'silence']);
    await fake.send('a', STREAM);
    const working = fake.work();
    await fake.gateway.clock.advance(100);
    await fake.send('a', { type: 'cancel', id: 'mine' });
    await fake.gateway.clock.advance(500);
    await working;

    expect(fake.frames('a')).toMatchObject([
      { type: 'chunk', text: 'The ' },
      { type: 'error', id: 'mine', code: 'conflict', status: 409 },
    ]);
    const { items } = await fake.gateway.observations.list({ limit: 10 });
    expect(items).toMatchObject([{ outcome: 'aborted' }]);
  });

  it('means neither another ask nor a later one', async () => {
    const fake = await talking(['silence']);
    await fake.send('a', { type: 'cancel', id: 'mine' });
    await fake.gateway.clock.advance(1);
    await fake.send('a', STREAM);
    await fake.send('a', { type: 'cancel', id: 'other' });
    const working = fake.work();
    await fake.gateway.clock.advance(600);
    expect(fake.frames('a')).toEqual([]);

    await fake.send('a', { type: 'cancel', id: 'mine' });
    await fake.gateway.clock.advance(500);
    await working;

    expect(fake.frames('a')).toHaveLength(1);
  });

  it('is forgotten when no ask can be left that it means', async () => {
    const fake = await talking();
    await fake.send('a', { type: 'cancel', id: 'one' });
    await fake.gateway.clock.advance(KEPT_MS + 1);
    await fake.send('a', { type: 'cancel', id: 'two' });

    const { cancelled } = (await fake.connections.find('a')) ?? { cancelled: {} };
    expect(Object.keys(cancelled)).toEqual([await fake.sealer.hash('two')]);
  });
});

describe('a resumption', () => {
  it('of an answer that has ended sends what is lacking', async () => {
    const fake = await talking([text('The '), text('moon.'), end()]);
    await fake.send('a', STREAM);
    await fake.work();
    const sent = fake.frames('a');
    await fake.open('b');

    await fake.send('b', { type: 'resume', request_id: requestIdIn(fake), after_seq: 0 });
    await fake.send('b', { type: 'resume', request_id: requestIdIn(fake), after_seq: sent.length - 1 });

    expect(fake.frames('b')).toEqual(sent.slice(1));
  });

  it('of one under way goes on elsewhere, though its connection was gone', async () => {
    const fake = await talking([text('The '), 'silence']);
    await fake.send('a', STREAM);
    const working = fake.work();
    await fake.gateway.clock.advance(0);
    await fake.disconnect('a');
    await fake.open('b');
    await fake.send('b', { type: 'resume', request_id: requestIdIn(fake), after_seq: -1 });
    await fake.gateway.clock.advance(500);
    expect(fake.frames('b')).toMatchObject([{ type: 'chunk', seq: 0, text: 'The ' }]);

    await fake.send('b', { type: 'cancel', id: 'mine' });
    await fake.gateway.clock.advance(500);
    await working;

    expect(fake.frames('b').at(-1)).toMatchObject({ type: 'error', code: 'conflict', id: 'mine' });
  });

  it.each([
    ['is not known', 'acme', 'nothing'],
    ['is another tenant’s', 'other', undefined],
  ])('of what %s is not found', async (_, tenant, requestId) => {
    const fake = await talking();
    await fake.send('a', STREAM);
    await fake.work();
    await fake.open('b', tenant);
    const request_id = requestId ?? requestIdIn(fake);

    await fake.send('b', { type: 'resume', request_id, after_seq: -1 });

    expect(fake.frames('b')).toMatchObject([
      { type: 'error', id: request_id, code: 'not_found', errors: [{ path: '/request_id' }] },
    ]);
  });

  it('is not found after five minutes', async () => {
    const fake = await talking();
    await fake.send('a', STREAM);
    await fake.work();
    const request_id = requestIdIn(fake);
    await fake.gateway.clock.advance(KEPT_MS);

    await fake.send('a', { type: 'resume', request_id, after_seq: -1 });

    expect(fake.frames('a').at(-1)).toMatchObject({ code: 'not_found' });
  });
});
