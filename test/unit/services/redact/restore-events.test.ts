import { describe, expect, it } from 'vitest';
import { asChunk, type ChatBody, type JsonObject, objectsOf, saidIn } from '../../../../shared/model/chat.ts';
import type { ModelEvent } from '../../../../shared/model/completion.ts';
import { Pseudonyms } from '../../../../shared/services/redact/pseudonyms.ts';
import { restoring } from '../../../../shared/services/redact/restore-events.ts';
import { document, end, text } from '../../../support/fakes/scripted-models.ts';

const NAME = 'Jane "J" Doe';

const pseudonyms = (): Pseudonyms => {
  const made = new Pseudonyms();
  made.replace(NAME, [{ start: 0, end: NAME.length, type: 'PERSON' }]);
  return made;
};

async function* each(events: readonly ModelEvent[]): AsyncGenerator<ModelEvent> {
  yield* events;
}

const restored = async (
  events: readonly ModelEvent[],
  chat: Partial<ChatBody> = {},
): Promise<ModelEvent[]> => {
  const all: ModelEvent[] = [];
  const restore = restoring(pseudonyms(), { messages: [], ...chat });
  for await (const event of restore(each(events))) all.push(event);
  return all;
};

const documents = (events: readonly ModelEvent[]): JsonObject[] =>
  events.flatMap((event) => (event.type === 'document' ? [event.document] : []));

const chunk = (delta: JsonObject, rest: JsonObject = {}): ModelEvent =>
  document({ id: 'c', choices: [{ index: 0, delta, finish_reason: null, ...rest }] });

const callDelta = (index: number, pieces: string): JsonObject => ({
  tool_calls: [{ index, function: { arguments: pieces } }],
});

/** What a stream says in all: contents, and the arguments of each call. */
const gathered = (events: readonly ModelEvent[]) => {
  let content = '';
  const calls: Record<string, string> = {};
  for (const { choices } of documents(events)) {
    for (const { delta } of objectsOf(choices)) {
      const { content: said, tool_calls } = delta as JsonObject;
      content += typeof said === 'string' ? said : '';
      for (const { index, function: made } of objectsOf(tool_calls)) {
        calls[String(index)] = (calls[String(index)] ?? '') + String((made as JsonObject).arguments ?? '');
      }
    }
  }
  return { content, calls };
};

describe('an answer with pseudonyms', () => {
  it('is restored in texts, and what was held back comes before the end', async () => {
    const events = await restored([text('Hi [PER'), text('SON_1], and PERSON'), text('_1'), end()]);

    expect(events.at(-1)).toEqual(end());
    expect(events.map((event) => (event.type === 'text' ? event.text : '')).join('')).toBe(
      `Hi ${NAME}, and ${NAME}`,
    );
  });

  it('is restored in a whole document: text, refusal, arguments as JSON', async () => {
    const message = {
      content: 'To [PERSON_1]',
      refusal: 'not for [PERSON_1]',
      tool_calls: [{ id: 'c', function: { name: 'mail', arguments: '{"to":"[PERSON_1]"}' } }],
    };
    const [made] = documents(await restored([document({ choices: [{ message }] }), end()]));

    const [choice] = objectsOf(made?.choices);
    expect(choice?.message).toEqual({
      content: `To ${NAME}`,
      refusal: `not for ${NAME}`,
      tool_calls: [{ id: 'c', function: { name: 'mail', arguments: JSON.stringify({ to: NAME }) } }],
    });
  });

  it('stays JSON where the caller asked for JSON', async () => {
    const chat = { response_format: { type: 'json_object' } };
    const [made] = documents(
      await restored(
        [document({ choices: [{ message: { content: '{"who":"[PERSON_1]"}' } }] }), end()],
        chat,
      ),
    );

    expect(JSON.parse(saidIn(made ?? {}))).toEqual({ who: NAME });
  });

  it('is restored in chunks, text first and then call by call', async () => {
    const events = await restored([
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'For [PERSON' }),
      chunk({ content: '_1' }),
      chunk({ content: '] and PERSON_1' }),
      chunk(callDelta(0, '{"a":"[PER')),
      chunk(callDelta(0, 'SON_1')),
      chunk(callDelta(0, ']","b":"PERSON_1')),
      chunk(callDelta(1, '"}')),
      chunk({}, { finish_reason: 'tool_calls' }),
      end(),
    ]);

    expect(gathered(events)).toEqual({
      content: `For ${NAME} and ${NAME}`,
      calls: { 0: `{"a":${JSON.stringify(NAME)},"b":${JSON.stringify(NAME).slice(0, -1)}`, 1: '"}' },
    });
  });

  it('gives out with the last chunk what was held back', async () => {
    const events = await restored([
      chunk({ content: 'PERSON' }),
      chunk({ content: '_1' }, { finish_reason: 'stop' }),
      end(),
    ]);

    expect(gathered(events).content).toBe(NAME);
    expect(documents(events)).toHaveLength(2);
  });

  it('gives out in a chunk of its own what no last chunk took along', async () => {
    const events = await restored([
      chunk({ content: 'by PERSON_1' }),
      document({ choices: [], usage: {} }),
      end(),
    ]);

    expect(gathered(events).content).toBe(`by ${NAME}`);
  });

  it('keeps choices apart', async () => {
    const of = (index: number, content: string): ModelEvent =>
      document({ choices: [{ index, delta: { content }, finish_reason: null }] });
    const events = await restored([of(0, '[PER'), of(1, '[PERSON_2'), of(0, 'SON_1]'), of(1, ']'), end()]);

    const said = (wanted: number): string =>
      documents(events)
        .flatMap(({ choices }) => objectsOf(choices))
        .filter(({ index }) => index === wanted)
        .map(({ delta }) => (delta as JsonObject).content)
        .join('');
    expect([said(0), said(1)]).toEqual([NAME, '[PERSON_2]']);
  });

  it('leaves documents without choices as they are', async () => {
    const vectors = { data: [{ embedding: [1, 2] }] };

    expect(documents(await restored([document(vectors), end()]))).toEqual([vectors]);
  });

  it('restores the old form of a call', async () => {
    const whole = { choices: [{ message: { function_call: { name: 'f', arguments: '"PERSON_1"' } } }] };
    const [made] = documents(await restored([document(whole), end()]));
    expect(JSON.stringify(made)).toContain(JSON.stringify(JSON.stringify(NAME)).slice(1, -1));

    const parts = await restored([
      chunk({ function_call: { name: 'f', arguments: '"PERS' } }),
      chunk({ function_call: { arguments: 'ON_1' } }),
      chunk({ function_call: { arguments: '"' } }, { finish_reason: 'function_call' }),
      end(),
    ]);
    const said = documents(parts)
      .flatMap(({ choices }) => objectsOf(choices))
      .map(({ delta }) => ((delta as JsonObject).function_call as JsonObject).arguments)
      .join('');
    expect(said).toBe(JSON.stringify(NAME));
  });

  it('says the same in one chunk as in one document', async () => {
    const completion = { choices: [{ index: 0, message: { content: 'PERSON_1' }, finish_reason: 'stop' }] };
    const [made] = documents(await restored([document(asChunk(completion)), end()]));

    expect(saidIn(made ?? {})).toBe(NAME);
  });
});
