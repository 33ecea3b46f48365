/** Bodies that are no JSON, no text, too much of either, or JSON with a sting. */
import { describe, expect, test } from 'vitest';
import { askReply } from '../../../../shared/model/replies.ts';
import { expectField, expectProblem, expectReply, type Reply } from '../../../support/flow/client.ts';
import { attackLocalRuntime } from '../../../support/flow/hostile.ts';
import { allOf, findPlanted, plant } from '../../../support/flow/planted.ts';

const MIB = 1024 * 1024;
const planted = plant('bodies');
const text = allOf(planted);
const { caller, setting } = attackLocalRuntime([planted]);

const post = (raw: string | Uint8Array<ArrayBuffer>, path = '/v1/ask', headers = {}): Promise<Reply> =>
  caller().send('POST', path, { raw, headers });

const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

describe('what is no JSON object', () => {
  test.each([
    '',
    ' ',
    '{',
    '[1,',
    'nul',
    'undefined',
    `{"prompt":"${text}`,
    `{"prompt":"Hello"} ${text}`,
    `{'prompt':'${text}'}`,
    '{"prompt":"Hello",}',
    '{"prompt":"Hello","max_cost_usd":NaN}',
    '{"prompt":"Hello","max_cost_usd":Infinity}',
    '{"prompt":"Hello","max_tokens":0x10}',
    '{"prompt":"line\nbreak"}',
    '\ufeff\ufeff{"prompt":"Hello"}',
    'null',
    '[]',
    '7',
    'true',
    JSON.stringify(text),
    JSON.stringify([{ prompt: text }]),
  ])('%j', async (raw) => {
    const reply = await post(raw);
    expectField(reply, '');
    expect(findPlanted(reply.text, [planted])).toEqual([]);
  });

  test.each([
    ['a lone continuation byte', Buffer.from([0x7b, 0x80, 0x7d])],
    [
      'an overlong slash',
      Buffer.concat([Buffer.from('{"prompt":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
    ],
    [
      'an encoded surrogate',
      Buffer.concat([Buffer.from('{"prompt":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]),
    ],
    ['latin-1', Buffer.from(`{"prompt":"café ${text}"}`, 'latin1')],
    ['UTF-16', Buffer.from(`{"prompt":"${text}"}`, 'utf16le')],
    ['zero bytes', Buffer.alloc(100)],
  ])('%s', async (_, bytes) => {
    expectField(await post(new Uint8Array(bytes)), '');
  });
});

describe('JSON with a sting', () => {
  test.each([
    ['/v1/ask', '{"prompt":"Hello","max_cost_usd":1e999}', '/max_cost_usd'],
    ['/v1/ask', '{"prompt":"Hello","max_cost_usd":-1e999}', '/max_cost_usd'],
    ['/v1/ask', '{"prompt":1e999}', '/prompt'],
    ['/v1/observe', '{"request_id":"x","quality_score":1e999}', '/quality_score'],
    ['/v1/ask', '{"prompt":"a\\ud800b"}', '/prompt'],
    ['/v1/ask', '{"prompt":"\\udc00\\ud800"}', '/prompt'],
    ['/v1/ask', '{"prompt":"Hello","session_id":"\\ud83d"}', '/session_id'],
    ['/v1/ask', '{"prompt":"Hello","\\udc00":1}', '/\ufffd'],
    ['/v1/observe', '{"request_id":"x","quality_score":1,"labels":{"a":"\\ud800"}}', '/labels/a'],
    ['/v1/observe', '{"request_id":"x","quality_score":1,"labels":{"\\ud800":"a"}}', '/labels/\ufffd'],
    ['/v1/ask', '{"prompt":"Hello","__proto__":{"stream":true}}', '/__proto__'],
    ['/v1/ask', '{"prompt":"Hello","\\u005f_proto__":1}', '/__proto__'],
    ['/v1/ask', '{"__proto__":{"prompt":"Hello"}}', '/__proto__'],
    ['/v1/ask', '{"prompt":"Hello","constructor":{"prototype":{"admin":true}}}', '/constructor'],
    ['/v1/ask', '{"prompt":"Hello","prototype":1}', '/prototype'],
    ['/v1/observe', '{"request_id":"x","quality_score":1,"labels":{"__proto__":"a"}}', '/labels/__proto__'],
    [
      '/v1/observe',
      '{"request_id":"x","quality_score":1,"labels":{"constructor":"a"}}',
      '/labels/constructor',
    ],
    [
      '/v1/observe',
      '{"request_id":"x","quality_score":1,"labels":{"a":{"__proto__":{}}}}',
      '/labels/a/__proto__',
    ],
  ])('%s %s', async (path, raw, field) => {
    expectField(await post(raw, path), field);
  });

  test.each([
    ['/admin/adapters', '{"id":"m","cost_per_1k":1e999}', '/cost_per_1k'],
    ['/admin/adapters', '{"id":"m","cost_per_1k":1,"__proto__":{}}', '/__proto__'],
    [
      '/admin/adapters',
      '{"id":"m","cost_per_1k":1,"simulated":{"quality":{"__proto__":1}}}',
      '/simulated/quality/__proto__',
    ],
    ['/admin/adapters', '{"id":"m","cost_per_1k":1,"model":"\\ud800"}', '/model'],
    ['/admin/adapters', '{"id":"__proto__","cost_per_1k":1}', '/id'],
    ['/admin/keys', '{"tenant_id":"__proto__"}', '/tenant_id'],
    ['/admin/quotas', '{"tenant_id":"acme","rate_limit":{"rps":1e999}}', '/rate_limit/rps'],
    ['/admin/quotas', '{"tenant_id":"acme","rate_limit":{"constructor":1}}', '/rate_limit/constructor'],
  ])('%s %s', async (path, raw, field) => {
    expectField(await setting().admin.send('POST', path, { raw }), field);
  });

  test.each([65, 1_000, 100_000])('an object %i levels deep', async (depth) => {
    const reply = await post(`{"prompt":"Hello","deep":${nested(depth)}}`);
    const [fault] = expectProblem(reply, 'invalid_request').errors ?? [];
    expect(fault?.path).toMatch(/^\/deep(\/a)+$/);
    expect(fault?.path.length).toBeLessThan(150);
  });

  test('arrays within arrays, 400,000 deep', async () => {
    const reply = await post('['.repeat(400_000) + ']'.repeat(400_000));
    expect(expectProblem(reply, 'invalid_request').errors).toHaveLength(1);
  });

  test('ten thousand unknown fields are not all listed', async () => {
    const fields = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`field${index}`, index]));
    const reply = await post(JSON.stringify({ prompt: 'Hello', ...fields }));
    expect(expectProblem(reply, 'invalid_request').errors?.length).toBeLessThanOrEqual(20);
  });

  test('a field whose name is a megabyte is named in short', async () => {
    const reply = await post(JSON.stringify({ prompt: 'Hello', ['n'.repeat(900_000)]: 1 }));
    expectProblem(reply, 'invalid_request');
    expect(reply.text.length).toBeLessThan(1_000);
  });

  test('an unknown field named by an address is named redacted', async () => {
    const reply = await post(JSON.stringify({ prompt: 'Hello', [`to ${planted.email}`]: 1 }));
    expectField(reply, '/to [REDACTED:EMAIL]');
  });

  test('the worst names are no harm where names are free', async () => {
    const labels = { toString: 'a', hasOwnProperty: 'b', valueOf: 'c', '': 'd' };
    const body = { request_id: '01890000-0000-7000-8000-000000000000', quality_score: 1 };
    const { '': _, ...harmless } = labels;
    expectProblem(await caller().post('/v1/observe', { ...body, labels: harmless }), 'not_found');
    expectField(await caller().post('/v1/observe', { ...body, labels }), '/labels/');
  });
});

describe('size', () => {
  const sized = (bytes: number, character = 'a'): string => {
    const frame = Buffer.byteLength(JSON.stringify({ prompt: '' }));
    return JSON.stringify({ prompt: character.repeat((bytes - frame) / Buffer.byteLength(character)) });
  };

  test('one mebibyte is taken', async () => {
    expectReply(await post(sized(MIB)), askReply);
  });

  test.each([
    ['one byte more', () => sized(MIB + 1)],
    [
      'one mebibyte of letters that are two bytes each',
      () => sized(2 * MIB - 1 - ((2 * MIB - 1 - 13) % 2), 'é'),
    ],
    ['eleven mebibytes', () => sized(11 * MIB)],
  ])('%s is not', async (_, body) => {
    expectProblem(await post(body()), 'payload_too_large');
  });

  test('an oversized body without a key is 401', async () => {
    const reply = await caller()
      .anonymous()
      .send('POST', '/v1/ask', { raw: sized(2 * MIB) });
    expectProblem(reply, 'unauthenticated');
  });
});

describe('media type', () => {
  const body = JSON.stringify({ prompt: 'Hello' });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/vnd.api+json',
    'application/json; charset=latin1',
    'application/json; charset=utf-16',
    'application/json, text/plain',
    `application/json; name="${planted.email}"`,
    '*/*',
    'json',
  ])('%s is refused', async (type) => {
    expectProblem(await post(body, '/v1/ask', { 'content-type': type }), 'unsupported_media_type');
  });

  test.each(['application/json;charset=utf-8', 'APPLICATION/JSON', 'application/json; charset="UTF-8"'])(
    '%s is taken',
    async (type) => {
      expectReply(await post(body, '/v1/ask', { 'content-type': type }), askReply);
    },
  );

  test.each(['gzip', 'br', 'deflate', 'zstd', 'gzip, identity'])(
    'encoding %s is refused',
    async (encoding) => {
      expectProblem(await post(body, '/v1/ask', { 'content-encoding': encoding }), 'unsupported_media_type');
    },
  );
});
