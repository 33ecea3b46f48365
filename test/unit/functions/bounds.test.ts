/** What has no bound of its own is bounded by a route's body; names, lists and depth are bounded before that. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../shared/model/chat.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';

let gateway: FakeGateway;
let key: string;
beforeEach(async () => {
  gateway = new FakeGateway();
  key = await gateway.keyOf('acme');
});

const LONG = 'x'.repeat(257);
const many = <Entry>(length: number, entry: Entry): Entry[] => Array.from({ length }, () => entry);
const user = (content: unknown) => ({ role: 'user', content });
const chat = (...messages: object[]) => ({ model: 'auto', messages });
const anthropic = (...messages: object[]) => ({ ...chat(...messages), max_tokens: 9 });
const call = (fields: object) => ({
  role: 'assistant',
  tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' }, ...fields }],
});
const items = (...input: object[]) => ({ model: 'auto', input });

describe('a body is refused, and the field named, where it holds', () => {
  it.each<[string, string, JsonObject]>([
    ['too many parts', '/v1/chat/completions', chat(user(many(10_001, { type: 'text', text: 'a' })))],
    ['too many calls', '/v1/chat/completions', chat({ role: 'assistant', tool_calls: many(1_025, {}) })],
    ["a call's long id", '/v1/chat/completions', chat(call({ id: LONG }))],
    [
      "a function's long name",
      '/v1/chat/completions',
      chat(call({ function: { name: LONG, arguments: '' } })),
    ],
    ["a result's long id", '/v1/chat/completions', chat({ role: 'tool', tool_call_id: LONG, content: 'x' })],
    ["a part's long type", '/v1/chat/completions', chat(user([{ type: LONG }]))],
    ['a long model', '/v1/chat/completions', { ...chat(user('x')), model: LONG }],
    ['too many values', '/v1/chat/completions', { ...chat(user('x')), metadata: many(250_001, 0) }],
    ['too many blocks', '/v1/messages', anthropic(user(many(10_001, { type: 'text', text: 'a' })))],
    [
      "a tool's long name",
      '/v1/messages',
      anthropic({ role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: LONG, input: {} }] }),
    ],
    ["a result's long id", '/v1/messages', anthropic(user([{ type: 'tool_result', tool_use_id: LONG }]))],
    ['too many items', '/v1/responses', items(...many(10_001, user('x')))],
    [
      'a long call id',
      '/v1/responses',
      items({ type: 'function_call', call_id: LONG, name: 'f', arguments: '' }),
    ],
    ['too many texts', '/v1/embeddings', { model: 'e', input: many(2_049, 'x') }],
  ])('%s: %s', async (_what, route, body) => {
    const { status, json } = await gateway.call(`POST ${route}`, { key, body });

    expect(status).toBe(400);
    expect((json as unknown as { error: { message: string } }).error.message.length).toBeLessThan(400);
  });

  it.each<[string, string, JsonObject]>([
    ['/task_type', 'POST /v1/ask', { prompt: 'x', task_type: 'x'.repeat(129) }],
    ['/session_id', 'POST /v1/ask', { prompt: 'x', session_id: 'x'.repeat(129) }],
    ['/request_id', 'POST /v1/observe', { request_id: 'x'.repeat(129), quality_score: 1 }],
    [
      '/labels',
      'POST /v1/observe',
      {
        request_id: 'x',
        quality_score: 1,
        labels: Object.fromEntries(many(65, 0).map((_, at) => [`l${at}`, ''])),
      },
    ],
  ])('%s of %s', async (path, route, body) => {
    expect(await gateway.call(route, { key, body })).toMatchObject({
      status: 400,
      json: { errors: [{ path }] },
    });
  });

  it.each<[string, string, JsonObject]>([
    ['/model', 'POST /admin/adapters', { id: 'a', cost_per_1k: 1, model: LONG }],
    ['/api_key', 'POST /admin/adapters', { id: 'a', cost_per_1k: 1, api_key: 'x'.repeat(4_097) }],
    ['/capabilities', 'POST /admin/adapters', { id: 'a', cost_per_1k: 1, capabilities: many(17, 'tools') }],
    [
      '/simulated/quality',
      'POST /admin/adapters',
      {
        id: 'a',
        cost_per_1k: 1,
        simulated: { quality: Object.fromEntries(many(1_001, 0).map((_, at) => [`t${at}`, 1])) },
      },
    ],
    ['/simulated/seed', 'POST /admin/adapters', { id: 'a', cost_per_1k: 1, simulated: { seed: 2 ** 53 } }],
    ['/name', 'POST /admin/keys', { tenant_id: 'a', name: 'x'.repeat(129) }],
    ['/tenant_id', 'POST /admin/quotas', { tenant_id: 'x'.repeat(129) }],
    ['/reason', 'POST /admin/drain', { enabled: true, reason: LONG }],
  ])('%s of %s', async (path, route, body) => {
    expect(await gateway.asAdmin(route, { body })).toMatchObject({
      status: 400,
      json: { errors: [{ path }] },
    });
  });

  it('a query whose cursor is long', async () => {
    const query = { cursor: 'x'.repeat(2_049) };

    expect(await gateway.asAdmin('GET /admin/observations', { query })).toMatchObject({
      status: 400,
      json: { errors: [{ path: '/query/cursor' }] },
    });
  });
});
