import { describe, expect, it } from 'vitest';
import { SimulatedClient } from '../../../shared/adapters/providers/simulated/client.ts';
import type { SimulatedBehaviour } from '../../../shared/model/adapter.ts';
import { type JsonObject, objectsOf, saidIn } from '../../../shared/model/chat.ts';
import type { ModelRequest } from '../../../shared/model/completion.ts';
import { anAdapter, aRequest, receive } from '../../contract/providers/calls.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';

const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 3 } },
  required: ['city', 'days'],
};
const TOOLS = [
  { type: 'function', function: { name: 'now' } },
  { type: 'function', function: { name: 'weather', parameters: SCHEMA } },
];
const VALUE = { city: 'simulated by sim', days: 3 };

const chat = async (
  fields: JsonObject,
  request: Partial<ModelRequest> = {},
  simulated: SimulatedBehaviour = {},
) => {
  const adapter = anAdapter({ provider: 'simulated', model: 'sim', latency_ms: 8, simulated });
  const body = { messages: [{ role: 'user', content: 'What is the weather?' }], ...fields };
  const received = await receive(
    new SimulatedClient(new ManualClock({ autoAdvance: true })),
    adapter,
    aRequest({ chat: body, documents: true, ...request }),
  );
  const choices = received.documents.flatMap((one) => objectsOf(one.choices));
  return { ...received, choices, said: received.documents.map(saidIn).join('') };
};

const forced = (name: string) => ({ tools: TOOLS, tool_choice: { type: 'function', function: { name } } });

describe('a simulated chat', () => {
  it('calls the tool that it is told to, with arguments of its schema', async () => {
    const { choices, end } = await chat(forced('weather'));

    expect(choices).toEqual([
      {
        index: 0,
        message: {
          role: 'assistant',
          content: null,
          refusal: null,
          tool_calls: [
            {
              id: 'call_request-1',
              type: 'function',
              function: { name: 'weather', arguments: JSON.stringify(VALUE) },
            },
          ],
        },
        logprobs: null,
        finish_reason: 'tool_calls',
      },
    ]);
    expect(end).toMatchObject({ finish_reason: 'tool_calls' });
  });

  it('calls the first tool where any is required, with nothing where it takes nothing', async () => {
    const { choices } = await chat({ tools: TOOLS, tool_choice: 'required' });

    expect(choices[0]).toMatchObject({
      message: { tool_calls: [{ function: { name: 'now', arguments: '{}' } }] },
    });
  });

  it('streams a call: its name first, then the arguments piece by piece', async () => {
    const { documents, said } = await chat(forced('weather'), { stream: true });

    expect(documents[0]).toMatchObject({
      choices: [
        {
          delta: {
            role: 'assistant',
            tool_calls: [{ index: 0, function: { name: 'weather', arguments: '' } }],
          },
        },
      ],
    });
    expect(documents.length).toBeGreaterThan(4);
    expect(JSON.parse(said)).toEqual(VALUE);
    expect(documents.at(-2)).toMatchObject({ choices: [{ delta: {}, finish_reason: 'tool_calls' }] });
  });

  it.each([
    ['a schema', { type: 'json_schema', json_schema: { name: 'x', schema: SCHEMA } }, VALUE],
    ['an object', { type: 'json_object' }, { answer: 'simulated by sim' }],
    ['a schema that is not given', { type: 'json_schema', json_schema: { name: 'x' } }, {}],
  ])('answers with JSON where %s is wanted', async (_name, response_format, value) => {
    const { said, choices } = await chat({ response_format });

    expect(JSON.parse(said)).toEqual(value);
    expect(choices[0]).toMatchObject({ finish_reason: 'stop' });
  });

  it('refuses a schema that it cannot satisfy', async () => {
    const response_format = { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'odd' } } };

    expect((await chat({ response_format })).error).toMatchObject({
      code: 'upstream_error',
      retryable: false,
    });
  });

  it.each([
    ['auto', { tools: TOOLS, tool_choice: 'auto' }],
    ['none', { tools: TOOLS, tool_choice: 'none' }],
    ['text', { response_format: { type: 'text' } }],
  ])('says what it likes with %s', async (_name, fields) => {
    expect((await chat(fields)).said).toMatch(/^This is a simulated answer/);
  });

  it('gives as many choices as were asked for, and bills them', async () => {
    const { choices, end } = await chat({ n: 3 }, {}, { tokens_out: 20 });

    expect(choices.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(end).toMatchObject({ usage: { tokens_out: 60 } });
  });

  it.each([
    ['a sequence', 'the', 'What is '],
    ['the first of several', ['weather', 'is', ''], 'What '],
    ['none that does not occur', 'zzz', 'What is the weather?'],
  ])('stops before %s', async (_name, stop, said) => {
    expect((await chat({ stop }, {}, { echo: true })).said).toBe(said);
  });

  it('streams nothing as a stream all the same', async () => {
    const { documents, said } = await chat({ stop: 'What' }, { stream: true }, { echo: true });

    expect(said).toBe('');
    expect(documents.map((one) => objectsOf(one.choices)[0]?.finish_reason)).toEqual([
      null,
      null,
      'stop',
      undefined,
    ]);
  });

  it('is cut at its bound, also amid JSON', async () => {
    const { choices, said } = await chat({ response_format: { type: 'json_object' } }, { max_tokens: 2 });

    expect(choices[0]).toMatchObject({ finish_reason: 'length' });
    expect(said.length).toBeLessThan(12);
  });
});
