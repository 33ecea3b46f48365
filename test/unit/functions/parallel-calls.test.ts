import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexOf, SerialCalls } from '../../../functions/completions/serial-calls.ts';
import { isObject, type JsonObject } from '../../../shared/model/chat.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { document, end, ScriptedModels } from '../../support/fakes/scripted-models.ts';
import { framesOf } from '../../support/fakes/server-sent-events.ts';

const USAGE = { tokens_in: 9, tokens_out: 3 };
const begun = (index: number, name: string, text = ''): JsonObject => ({
  ...{ index, id: `id-${name}`, type: 'function', function: { name, arguments: text } },
});
const more = (index: number, text: string): JsonObject => ({ index, function: { arguments: text } });
const told = (...tool_calls: JsonObject[]) =>
  document({ choices: [{ index: 0, delta: { tool_calls }, finish_reason: null }] });
const said = (content: string) => document({ choices: [{ index: 0, delta: { content } }] });

/** Two calls told by turns, as some providers do. */
const BY_TURNS = [
  told(begun(0, 'f'), begun(1, 'g', '{}')),
  told(more(0, '{"a"')),
  told(begun(2, 'h', '{"b":'), more(0, ':1}')),
  told(more(2, '2}')),
];

const call = async (route: string, body: object, script = BY_TURNS) => {
  const models = new ScriptedModels({ a: [[...script, end(USAGE, 'tool_calls')]] });
  const gateway = new FakeGateway({ client: models });
  await gateway.withModel('a');
  return gateway.call(route, { key: await gateway.keyOf('acme'), body: { model: 'auto', ...body } });
};

const CALLS = [
  ['id-f', 'f', '{"a":1}'],
  ['id-g', 'g', '{}'],
  ['id-h', 'h', '{"b":2}'],
];

describe('calls that a provider tells by turns', () => {
  it.each([
    ['at once', BY_TURNS],
    ['before more text', [...BY_TURNS, said('Done.')]],
  ])('are items of a response, each with all of its arguments: %s', async (_name, script) => {
    const reply = await call('POST /v1/responses', { input: 'Hi', stream: true }, script);
    const last = framesOf(reply.text).at(-1)?.[1].response as { output: JsonObject[] };
    const calls = last.output.filter(({ type }) => type === 'function_call');

    expect(calls.map((item) => [item.call_id, item.name, item.arguments])).toEqual(CALLS);
  });

  it('are blocks of a message, each with all of its arguments', async () => {
    const body = { max_tokens: 64, messages: [{ role: 'user', content: 'Hi' }], stream: true };
    const reply = await call('POST /v1/messages', body);
    const calls = new Map<unknown, unknown[]>();
    for (const [event, { index, content_block, delta }] of framesOf(reply.text)) {
      if (event === 'content_block_start' && isObject(content_block))
        calls.set(index, [content_block.id, content_block.name, '']);
      const [id, name, text] = calls.get(index) ?? [];
      if (event === 'content_block_delta' && isObject(delta))
        calls.set(index, [id, name, `${text}${delta.partial_json}`]);
    }

    expect([...calls.values()]).toEqual(CALLS);
  });

  it('are whole and never mixed, in whatever order their pieces come', () => {
    const pieces = fc.array(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 9 })), { maxLength: 40 });
    fc.assert(
      fc.property(pieces, (given) => {
        const sent = given.map(([index, text]) => more(index, String(text)));
        const calls = new SerialCalls();
        const passed = [...sent.flatMap((piece) => [...calls.take(piece)]), ...calls.rest()];
        const order = passed.map(indexOf).filter((index, at, all) => index !== all[at - 1]);
        const ofCall = (all: JsonObject[], wanted: number) =>
          all.filter((piece) => indexOf(piece) === wanted);

        expect(new Set(order).size).toBe(order.length);
        for (const index of order) expect(ofCall(passed, index)).toEqual(ofCall(sent, index));
        expect(passed).toHaveLength(sent.length);
      }),
    );
  });

  it('do not wait for each other where they come one after the other', () => {
    const calls = new SerialCalls();
    const [first, second] = [begun(0, 'f', '{"a":1}'), begun(1, 'g')];

    expect([...calls.take(first)]).toEqual([first]);
    expect([...calls.take(second)]).toEqual([second]);
  });
});
