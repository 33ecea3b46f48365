import { LATEST_PROTOCOL_VERSION } from '@modelcontextprotocol/sdk/types.js';
import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { apiUrl } from '../../../functions/mcp/api-url.ts';
import { planSchema } from '../../../shared/model/ask-schema.ts';
import { observeSchema } from '../../../shared/model/observe-schema.ts';
import { TOOLS } from '../../../shared/services/mcp/tools.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { makeEvent } from '../../support/fakes/http.ts';
import { framesOf } from '../../support/fakes/server-sent-events.ts';

const ACCEPT = { accept: 'application/json, text/event-stream' };

let gateway: FakeGateway;
let key: string;

beforeEach(async () => {
  gateway = new FakeGateway();
  key = await gateway.keyOf('acme');
  await gateway.withModel('m', { quality: 0.9 });
});

const post = (body: unknown, headers: Record<string, string> = ACCEPT) =>
  gateway.call('POST /mcp', { key, body, headers });

/** The messages that answer one request. */
const messages = async (method: string, params: object = {}) => {
  const { status, text } = await post({ jsonrpc: '2.0', id: 1, method, params });
  expect(status).toBe(200);
  return framesOf(text)
    .map(([, data]) => data)
    .filter((data) => Object.keys(data).length > 0);
};

const call = async (name: string, given: object = {}, meta?: object) => {
  const params = { name, arguments: given, ...(meta === undefined ? {} : { _meta: meta }) };
  const all = await messages('tools/call', params);
  return { result: all.at(-1)?.result as Record<string, unknown>, before: all.slice(0, -1) };
};

describe('POST /mcp', () => {
  it('needs a key before anything else', async () => {
    const reply = await gateway.call('POST /mcp', { body: { jsonrpc: '2.0', id: 1, method: 'ping' } });

    expect(reply).toMatchObject({ status: 401, json: { code: 'unauthenticated' } });
  });

  it('introduces itself', async () => {
    const params = {
      protocolVersion: LATEST_PROTOCOL_VERSION,
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
    };

    const [answer] = await messages('initialize', params);

    expect(answer).toMatchObject({
      result: {
        protocolVersion: LATEST_PROTOCOL_VERSION,
        serverInfo: { name: 'atp-router', version: '0.0.0' },
      },
    });
  });

  it('takes a notification without an answer', async () => {
    const reply = await post({ jsonrpc: '2.0', method: 'notifications/initialized' });

    expect([reply.status, reply.text]).toEqual([202, '']);
  });

  it('refuses a page of another origin, and takes its own', async () => {
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    const from = (origin: string) => post(ping, { ...ACCEPT, host: 'router.example', origin });

    const statuses = [];
    for (const origin of ['https://evil.example', 'null', 'https://router.example'])
      statuses.push((await from(origin)).status);

    expect(statuses).toEqual([403, 403, 200]);
  });

  it('answers what is no JSON-RPC with an error of its own', async () => {
    const reply = await post({ hello: 'there' });

    expect(reply).toMatchObject({ status: 400, json: { jsonrpc: '2.0', error: { code: -32700 } } });
  });
});

describe('tools', () => {
  it('are listed with the arguments that their routes take', async () => {
    const [answer] = await messages('tools/list');
    const tools =
      (answer?.result as { tools?: { name: string; inputSchema: { properties: object } }[] })?.tools ?? [];

    const fields = Object.fromEntries(
      tools.map((tool) => [tool.name, Object.keys(tool.inputSchema.properties)]),
    );
    const asked = Object.keys(planSchema.shape);
    expect(fields).toEqual({
      ask: asked,
      plan: asked,
      observe: Object.keys(observeSchema.shape),
      list_models: [],
    });
  });

  it.each([
    ['ask', planSchema],
    ['plan', planSchema],
    ['observe', observeSchema],
  ])('%s bounds its arguments as its route does', (name, schema) => {
    const bounds = (node: unknown): unknown =>
      JSON.parse(
        JSON.stringify(node, (field, value: unknown) =>
          ['description', 'pattern', '$schema', 'propertyNames'].includes(field) ? undefined : value,
        ),
      );
    const { properties, required } = z.toJSONSchema(schema, { io: 'input' });
    const listed = TOOLS.find((tool) => tool.name === name)?.inputSchema;

    expect(new Set(listed?.required)).toEqual(new Set(required));
    for (const [field, expected] of Object.entries(properties ?? {}))
      expect(bounds(listed?.properties?.[field])).toMatchObject(
        field === 'prompt' ? { type: 'string' } : (bounds(expected) as object),
      );
  });

  it('ask answers with the text and the whole reply', async () => {
    const { result, before } = await call('ask', { prompt: 'Explain quantum computing' });

    const structured = result.structuredContent as Record<string, unknown>;
    expect(structured).toMatchObject({ model_used: 'm', provider: 'simulated' });
    expect(result.content).toEqual([{ type: 'text', text: structured.text }]);
    expect(before).toEqual([]);
  });

  it('ask tells of its progress where that is wanted, piece by piece', async () => {
    const { result, before } = await call('ask', { prompt: 'Explain' }, { progressToken: 'p' });

    const params = before.map((message) => message.params as { progress: number; message: string });
    expect(params.length).toBeGreaterThan(1);
    expect(params.map(({ progress }) => progress)).toEqual(params.map((_, index) => index + 1));
    expect(params.map(({ message }) => message).join('')).toBe(
      (result.structuredContent as { text: string }).text,
    );
  });

  it('plan calls no model, and observe scores an answer', async () => {
    const planned = await call('plan', { prompt: 'Explain' });
    const asked = await call('ask', { prompt: 'Explain' });
    const { request_id } = asked.result.structuredContent as { request_id: string };
    const observed = await call('observe', { request_id, quality_score: 0.5 });

    expect(planned.result.structuredContent).toMatchObject({ candidates: [{ id: 'm', eligible: true }] });
    expect(observed.result.structuredContent).toEqual({ status: 'ok' });
    expect(await gateway.observations.find('acme', request_id)).toMatchObject({ quality_score: 0.5 });
  });

  it('list_models lists them, and takes no arguments', async () => {
    const { result } = await call('list_models');
    const refused = await call('list_models', { limit: 3 });

    expect(result.structuredContent).toMatchObject({ object: 'list', data: [{ id: 'm' }] });
    expect(refused.result).toMatchObject({ isError: true });
  });

  it.each([
    ['without progress', undefined],
    ['with progress', { progressToken: 1 }],
  ])('a refusal is for the model to read, %s', async (_, meta) => {
    const { result } = await call('ask', { prompt: '', color: 'red' }, meta);

    const [content] = result.content as { text: string }[];
    expect(result.isError).toBe(true);
    expect(JSON.parse(content?.text ?? '')).toMatchObject({
      code: 'invalid_request',
      errors: [{ path: '/prompt' }, { path: '/color' }],
    });
  });

  it('a model that breaks off is an error', async () => {
    await gateway.withModel('m', { simulated: { fault: 'cut', fault_rate: 1, chunks: 4, latency_ms: 0 } });
    await gateway.clock.advance(10_000);

    const { result } = await call('ask', { prompt: 'Explain' }, { progressToken: 1 });

    expect(result.isError).toBe(true);
  });

  it('there is no other', async () => {
    const [answer] = await messages('tools/call', { name: 'delete_everything' });

    expect(answer).toMatchObject({ error: { code: -32602 } });
  });
});

describe('where the API is', () => {
  const event = makeEvent('POST /mcp');
  event.requestContext = {
    ...event.requestContext,
    apiId: 'abc',
    domainName: 'abc.execute-api.eu-west-1.amazonaws.com',
    stage: 'live',
  };

  it.each([
    [{ own: 'http://127.0.0.1:8787', emulator: 'http://127.0.0.1:1' }, 'http://127.0.0.1:8787'],
    [
      { own: undefined, emulator: 'http://127.0.0.1:1' },
      'http://127.0.0.1:1/restapis/abc/live/_user_request_',
    ],
    [{ own: undefined, emulator: undefined }, 'https://abc.execute-api.eu-west-1.amazonaws.com/live'],
  ])('%j', (options, url) => {
    expect(apiUrl(event, options)).toBe(url);
  });
});
