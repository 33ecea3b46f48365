import { beforeEach, describe, expect, it } from 'vitest';
import { TOOLS } from '../../../../shared/services/mcp/tools.ts';
import { FakeSocketGateway } from '../../../support/fakes/socket-gateway.ts';

type Message = { [field: string]: unknown };
const ID = 'c-mcp';

describe('MCP over the WebSocket', () => {
  let gateway: FakeSocketGateway;

  beforeEach(async () => {
    gateway = new FakeSocketGateway();
    await gateway.gateway.withModel('a', { simulated: { latency_ms: 0, chunks: 3 } });
    const key = await gateway.gateway.keyOf('acme');
    const reply = await gateway.connect(ID, {
      'sec-websocket-protocol': 'mcp',
      authorization: `Bearer ${key}`,
    });
    expect([reply.statusCode, reply.headers['sec-websocket-protocol']]).toEqual([200, 'mcp']);
  });

  const received = (): Message[] => gateway.sockets.received(ID).map((text) => JSON.parse(text) as Message);

  const send = async (message: object): Promise<Message | undefined> => {
    const before = received().length;
    await gateway.send(ID, { jsonrpc: '2.0', ...message });
    await gateway.work();
    return received().slice(before).at(-1);
  };

  const call = (name: string, given: object = {}, more: object = {}) =>
    send({ id: 7, method: 'tools/call', params: { name, arguments: given, ...more } });

  const structured = (reply: Message | undefined): Message =>
    ((reply as Message).result as { structuredContent: Message }).structuredContent;

  it('is opened, lists its tools and is alive', async () => {
    const clientInfo = { name: 'test', version: '1' };
    const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };

    expect(await send({ id: 1, method: 'initialize', params })).toMatchObject({
      id: 1,
      result: { serverInfo: { name: 'atp-router' }, capabilities: { tools: {} } },
    });
    expect(await send({ method: 'notifications/initialized' })).toBeUndefined();
    expect(await send({ id: 'two', method: 'ping' })).toEqual({ jsonrpc: '2.0', id: 'two', result: {} });
    const listed = (await send({ id: 3, method: 'tools/list' }))?.result as { tools: { name: string }[] };
    expect(listed.tools.map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name));
  });

  it('asks a model, and tells of its progress', async () => {
    const reply = await call('ask', { prompt: 'Mail jane@example.com' }, { _meta: { progressToken: 'p' } });
    const notes = received().filter(({ method }) => method === 'notifications/progress');

    expect(reply).toMatchObject({ id: 7, result: { content: [{ type: 'text' }] } });
    expect(notes.map(({ params }) => (params as { message: string }).message).join('')).toBe(
      structured(reply).text,
    );
    expect(notes[0]?.params).toMatchObject({ progressToken: 'p', progress: 1 });
    expect((await gateway.gateway.observations.list({ limit: 9 })).items).toMatchObject([
      { model: 'a', prompt: 'Mail [REDACTED:EMAIL]', outcome: 'success' },
    ]);
    expect(gateway.gateway.log.endings.at(-1)).toMatchObject({ status: 200 });
  });

  it('plans, scores an answer and lists the models', async () => {
    const { request_id } = structured(await call('ask', { prompt: 'Hi' }));

    expect(structured(await call('observe', { request_id, quality_score: 0.5 }))).toEqual({ status: 'ok' });
    expect(structured(await call('plan', { prompt: 'Hi' }))).toMatchObject({ candidates: [{ id: 'a' }] });
    expect(structured(await call('list_models'))).toMatchObject({ data: [{ id: 'a' }] });
  });

  it('tells what is wrong with a call, and nothing personal', async () => {
    const unknown = await call('ask', { prompt: 'Hi', 'jane@example.com': 1 });
    const nobody = await call('observe', { request_id: 'nobody', quality_score: 1 });

    expect([unknown?.result, nobody?.result]).toMatchObject([{ isError: true }, { isError: true }]);
    expect(JSON.stringify(received())).not.toContain('jane@');
    expect(await call('fly')).toMatchObject({ id: 7, error: { code: -32_602 } });
    expect(await send({ id: 8, method: 'resources/list' })).toMatchObject({
      id: 8,
      error: { code: -32_601 },
    });
  });

  it.each(['{', '[]', '7', '{"type":"ping"}', '{"jsonrpc":"2.0","id":{}}'])('refuses %s', async (text) => {
    await gateway.send(ID, text);

    expect(received()).toEqual([
      { jsonrpc: '2.0', id: null, error: { code: -32_600, message: expect.any(String) } },
    ]);
  });

  it('answers a call that is delivered twice once', async () => {
    await gateway.send(ID, { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'list_models' } });
    const bodies = gateway.queue.takeAll();
    await gateway.work({ bodies });
    await gateway.work({ bodies });

    expect(received()).toHaveLength(1);
    expect(bodies.join()).not.toContain('list_models');
  });

  it('gives a call up that was cancelled, without a reply', async () => {
    await gateway.gateway.withModel('a', { simulated: { latency_ms: 60_000 } });
    // Until decisions know of it.
    await gateway.gateway.clock.advance(10_000);
    await gateway.send(ID, {
      jsonrpc: '2.0',
      id: 5,
      method: 'tools/call',
      params: { name: 'ask', arguments: { prompt: 'Hi' } },
    });
    const working = gateway.work();
    await gateway.send(ID, { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 5 } });
    for (let turn = 0; turn < 4; turn++) await gateway.gateway.clock.advance(500);
    await working;

    expect(received()).toEqual([]);
    expect((await gateway.gateway.observations.list({ limit: 9 })).items).toMatchObject([
      { outcome: 'aborted' },
    ]);
  });

  it('gives a call up whose client is gone', async () => {
    await gateway.send(ID, {
      jsonrpc: '2.0',
      id: 5,
      method: 'tools/call',
      params: { name: 'ask', arguments: { prompt: 'Hi' }, _meta: { progressToken: 1 } },
    });
    const bodies = gateway.queue.takeAll();
    await gateway.sockets.close(ID);
    await gateway.work({ bodies });

    expect((await gateway.gateway.observations.list({ limit: 9 })).items).toMatchObject([
      { outcome: 'aborted' },
    ]);
  });

  it('announces its end in its own language', async () => {
    await gateway.gateway.clock.advance(599_000);
    await gateway.sweep();

    expect(received()).toEqual([
      { jsonrpc: '2.0', method: 'notifications/closing', params: { reason: 'idle', reconnect_after_ms: 0 } },
    ]);
  });

  it('asks nothing for a key that was withdrawn', async () => {
    const [key] = await gateway.gateway.keys.list();
    await gateway.gateway.keys.delete(key?.id ?? '');
    await gateway.gateway.clock.advance(60_000);

    const posted: unknown[] = [];
    const post = gateway.sockets.post.bind(gateway.sockets);
    gateway.sockets.post = (id, text) => {
      posted.push(JSON.parse(text));
      return post(id, text);
    };
    await call('ask', { prompt: 'Hi' });

    expect(posted).toEqual([
      { jsonrpc: '2.0', id: 7, error: { code: -32_000, message: expect.any(String) } },
    ]);
    expect(await gateway.sockets.isOpen(ID)).toBe(false);
  });
});
