import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChatBody, type JsonObject, objectsOf } from '../../../shared/model/chat.ts';
import { type Redact, redactChat } from '../../../shared/services/redact/redact-chat.ts';

const PLANTED = 'jane@example.com';
const HIDDEN = '[REDACTED:EMAIL]';

const redact: Redact = (text) => ({
  text: text.replaceAll(PLANTED, HIDDEN),
  findings: text.split(PLANTED).length - 1,
});

const words = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom(PLANTED, `to ${PLANTED} and ${PLANTED}`));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    words,
    fc.constantFrom(1, true, null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('text', 'content', 'name', 'x'), tie('value')),
  ),
}));

const count = (text: string): number => text.split(PLANTED).length - 1;

/** What a call's arguments are in the redacted chat. */
const argumentsAfter = (text: string, by: Redact = redact): string => {
  const call = { function: { name: 'f', arguments: text } };
  const { chat } = redactChat({ messages: [{ role: 'assistant', tool_calls: [call] }] }, by);
  const [first] = objectsOf(chat.messages[0]?.tool_calls);
  return String((first?.function as JsonObject | undefined)?.arguments);
};

describe('a redacted chat', () => {
  it('holds nothing that was planted, counts it all, and is otherwise the same', () => {
    fc.assert(
      fc.property(value, value, (content, extra) => {
        const chat = { messages: [{ role: 'user', content }], extra } as ChatBody;
        const before = JSON.stringify(chat);

        const redacted = redactChat(chat, redact);

        expect(JSON.stringify(redacted.chat)).toBe(before.replaceAll(PLANTED, HIDDEN));
        expect(redacted.findings).toBe(count(before));
        expect(JSON.stringify(chat)).toBe(before);
      }),
    );
  });

  it('keeps the arguments of its calls JSON, and untouched where nothing is found', () => {
    fc.assert(
      fc.property(value, fc.integer({ min: 0, max: 4 }), (made, indent) => {
        const text = JSON.stringify(made, null, indent);
        const after = argumentsAfter(text);

        expect(JSON.parse(after)).toEqual(JSON.parse(text.replaceAll(PLANTED, HIDDEN)));
        if (count(text) === 0) expect(after).toBe(text);
      }),
    );
  });

  it('finds what is escaped, a name of a field, and a number in arguments', () => {
    const digits: Redact = (text) =>
      text === '4111' ? { text: '[REDACTED:CREDIT_CARD]', findings: 1 } : redact(text);

    expect(argumentsAfter('{"a":"jane\\u0040example.com"}')).toBe(`{"a":"${HIDDEN}"}`);
    expect(argumentsAfter(`{"${PLANTED}":1}`)).toBe(`{"${HIDDEN}":1}`);
    expect(argumentsAfter('{"a":[4111,5]}', digits)).toBe('{"a":["[REDACTED:CREDIT_CARD]",5]}');
  });

  it('treats arguments that are no JSON as text', () => {
    expect(argumentsAfter(`to: ${PLANTED}`)).toBe(`to: ${HIDDEN}`);
  });

  it.each(['image_url', 'input_audio', 'file'])('leaves %s alone', (kind) => {
    const part = { type: kind, [kind]: { url: `https://${PLANTED}/`, data: PLANTED } };
    const { chat, findings } = redactChat({ messages: [{ role: 'user', content: [part] }] }, redact);

    expect([chat.messages[0]?.content, findings]).toEqual([[part], 0]);
  });
});
