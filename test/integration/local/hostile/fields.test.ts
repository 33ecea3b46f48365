/** Every field of the callers' routes with what it must not hold: refused with 400, by name. */
import { describe, expect, test } from 'vitest';
import { expectField, expectProblem } from '../../../support/flow/client.ts';
import { attackLocalRuntime } from '../../../support/flow/hostile.ts';
import { allOf, findPlanted, plant } from '../../../support/flow/planted.ts';

const planted = plant('fields');
const text = allOf(planted);
const { caller } = attackLocalRuntime([planted]);

const long = (length: number): string => 'a'.repeat(length);
const manyLabels = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`label-${index}`, 'x']));

const ASK: readonly [field: string, values: readonly unknown[]][] = [
  ['prompt', ['', '   ', '\n', 7, true, [text], { text }]],
  ['quality', ['best', 'FAST', '', 1, [], text]],
  ['max_cost_usd', ['0.1', -1, -1e-9, true, [], text]],
  ['latency_slo_ms', [0, -5, 3_600_001, '100', [], text]],
  ['task_type', ['', long(129), 5, [], { text }]],
  ['session_id', ['', long(129), 5, [], [text]]],
  ['max_tokens', [0, -1, 1.5, 1_000_001, 1e300, '10', [], text]],
  ['temperature', [1, text]],
  ['Prompt', ['Hello']],
];

const OBSERVE: readonly [field: string, values: readonly unknown[]][] = [
  ['request_id', ['', long(129), 5, [text]]],
  ['quality_score', [-0.1, 1.1, '1', true, [], text]],
  ['labels', [[], 'a', 5, manyLabels]],
  ['tenant_id', ['default']],
];

const cases = (table: typeof ASK) =>
  table.flatMap(([field, values]) => values.map((value) => [field, value] as const));

describe.each(['/v1/ask', '/v1/plan'])('POST %s', (path) => {
  test.each(cases(ASK))('%s: %j', async (field, value) => {
    const reply = await caller().post(path, { prompt: 'Hello', [field]: value });
    expectField(reply, `/${field}`);
    expect(findPlanted(reply.text, [planted])).toEqual([]);
  });

  test.each(['prompt', 'quality', 'max_cost_usd', 'latency_slo_ms', 'task_type', 'session_id', 'max_tokens'])(
    'null for %s',
    async (field) => {
      expectField(await caller().post(path, { prompt: 'Hello', [field]: null }), `/${field}`);
    },
  );

  test('no prompt', async () => {
    expectField(await caller().post(path, {}), '/prompt');
  });

  test('several faults are named at once', async () => {
    const reply = await caller().post(path, { prompt: '', max_tokens: 0, quality: 'best' });
    const paths = expectProblem(reply, 'invalid_request').errors?.map((error) => error.path);
    expect(paths?.sort()).toEqual(['/max_tokens', '/prompt', '/quality']);
  });
});

describe('POST /v1/ask alone', () => {
  test.each(['true', 1, 0, null, [], text])('stream: %j', async (value) => {
    expectField(await caller().post('/v1/ask', { prompt: 'Hello', stream: value }), '/stream');
  });

  test('a plan cannot stream', async () => {
    expectField(await caller().post('/v1/plan', { prompt: 'Hello', stream: true }), '/stream');
  });
});

describe('POST /v1/observe', () => {
  const score = { request_id: '01890000-0000-7000-8000-000000000000', quality_score: 1 };

  test.each(cases(OBSERVE))('%s: %j', async (field, value) => {
    const reply = await caller().post('/v1/observe', { ...score, [field]: value });
    expectField(reply, `/${field}`);
    expect(findPlanted(reply.text, [planted])).toEqual([]);
  });

  test.each(['request_id', 'quality_score', 'labels'])('null for %s', async (field) => {
    expectField(await caller().post('/v1/observe', { ...score, [field]: null }), `/${field}`);
  });

  test.each(['request_id', 'quality_score'])('no %s', async (field) => {
    expectField(await caller().post('/v1/observe', { ...score, [field]: undefined }), `/${field}`);
  });

  test.each([
    [{ note: 7 }, '/labels/note'],
    [{ note: null }, '/labels/note'],
    [{ note: { text } }, '/labels/note'],
    [{ note: long(257) }, '/labels/note'],
    [{ 'a/b~c': 7 }, '/labels/a~1b~0c'],
  ])('labels: %j', async (labels, path) => {
    expectField(await caller().post('/v1/observe', { ...score, labels }), path);
  });

  test('a label whose name is too long', async () => {
    const reply = await caller().post('/v1/observe', { ...score, labels: { [long(257)]: 'x' } });
    const [fault] = expectProblem(reply, 'invalid_request').errors ?? [];
    expect(fault?.path).toMatch(/^\/labels\/a+$/);
  });
});
