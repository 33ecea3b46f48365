/** What goes wrong beside an answer: a store that is away, a move at the last moment, a client that is gone. */
import { describe, expect, it, vi } from 'vitest';
import { brokenReader } from '../../../support/fakes/pii-reader.ts';
import { end, ScriptedModels, text } from '../../../support/fakes/scripted-models.ts';
import { FakeSocketGateway } from '../../../support/fakes/socket-gateway.ts';

type Script = ConstructorParameters<typeof ScriptedModels>[0][string][number];

const STREAM = { type: 'ask', id: 'mine', prompt: 'Explain tides', stream: true };

const asked = async (script: Script, options: ConstructorParameters<typeof FakeSocketGateway>[0] = {}) => {
  const fake = new FakeSocketGateway({ client: new ScriptedModels({ m: [script] }), ...options });
  await fake.gateway.withModel('m');
  await fake.open('a');
  await fake.send('a', STREAM);
  return fake;
};

const requestIdIn = (fake: FakeSocketGateway): string => [...fake.asks.entries.keys()].at(-1) ?? '';

describe('an answer', () => {
  it('that cannot be kept was answered all the same', async () => {
    const fake = await asked([text('The moon.'), end()]);
    vi.spyOn(fake.asks, 'end').mockRejectedValue(new Error('away'));

    const results = await fake.work();

    expect(results).toEqual([{ batchItemFailures: [] }]);
    expect(fake.frames('a').at(-1)).toMatchObject({ type: 'response', text: 'The moon.' });
    expect(fake.gateway.log.failures).toMatchObject([{ code: 'internal' }]);
    expect(fake.gateway.log.endings.at(-1)).toMatchObject({ status: 200 });
  });

  it('that is moved as it ends arrives where it was moved to', async () => {
    const fake = await asked([text('The moon.'), end()]);
    await fake.open('b');
    const keep = fake.asks.end.bind(fake.asks);
    vi.spyOn(fake.asks, 'end').mockImplementationOnce(async (requestId, recipient, sealed) => {
      await fake.asks.move(requestId, { connectionId: 'b', afterSeq: 0 });
      return keep(requestId, recipient, sealed);
    });

    await fake.work();

    expect(fake.frames('b')).toEqual(fake.frames('a').slice(1));
    expect((await fake.asks.find(requestIdIn(fake)))?.sealed).toBeDefined();
  });

  it('whose record is gone as it ends is not kept', async () => {
    const fake = await asked([text('The moon.'), end()]);
    vi.spyOn(fake.asks, 'end').mockImplementationOnce(async (requestId) => {
      fake.asks.entries.delete(requestId);
      return false;
    });

    await fake.work();

    expect(fake.frames('a').at(-1)).toMatchObject({ type: 'response' });
    expect(fake.gateway.log.failures).toEqual([]);
  });

  it('goes on while the stores are away for a moment', async () => {
    const fake = await asked([text('The '), 'silence']);
    const find = vi.spyOn(fake.asks, 'find').mockRejectedValueOnce(new Error('away'));
    const working = fake.work();
    await fake.gateway.clock.advance(500);
    expect(find).toHaveBeenCalledOnce();
    await fake.send('a', { type: 'cancel', id: 'mine' });
    await fake.gateway.clock.advance(500);
    await working;

    expect(fake.frames('a').at(-1)).toMatchObject({ type: 'error', code: 'conflict' });
  });

  it('that runs out of time midway ends with an error, and what was used is settled', async () => {
    const fake = await asked([text('The '), 'silence']);
    let remaining = 90_000;
    const working = fake.work({ remainingMs: () => remaining });
    await fake.gateway.clock.advance(500);
    remaining = 2_000;
    await fake.gateway.clock.advance(500);
    await working;

    expect(fake.frames('a').at(-1)).toMatchObject({ type: 'error', code: 'unavailable', status: 503 });
    const { items } = await fake.gateway.observations.list({ limit: 10 });
    expect(items).toMatchObject([{ outcome: 'aborted' }]);
  });

  it('is refused where personal data cannot be looked for', async () => {
    const fake = await asked([end()], { reader: brokenReader });

    await fake.work();

    expect(fake.frames('a')).toMatchObject([{ type: 'error', code: 'unavailable', status: 503 }]);
    expect(fake.gateway.log.failures).toHaveLength(1);
  });
});

describe('a resumption', () => {
  it('of an answer whose worker is gone is not found', async () => {
    const fake = new FakeSocketGateway();
    await fake.open('a');
    await fake.asks.claim({ requestId: 'lost one', tenantId: 'acme', connectionId: 'a' }, 1_000);
    await fake.gateway.clock.advance(1_000);

    await fake.send('a', { type: 'resume', request_id: 'lost one', after_seq: -1 });

    expect(fake.frames('a')).toMatchObject([{ type: 'error', code: 'not_found', id: 'lost one' }]);
  });

  it('ends where its client is gone again', async () => {
    const fake = await asked([text('The moon.'), end()]);
    await fake.work();
    await fake.open('b');
    const post = vi.spyOn(fake.sockets, 'post').mockResolvedValue('gone');

    await fake.send('b', { type: 'resume', request_id: requestIdIn(fake), after_seq: -1 });

    expect(post).toHaveBeenCalledOnce();
  });
});
