import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PII_TYPES, type PiiSpan } from '../../../shared/model/pii.ts';
import { numbersOf, Pseudonyms } from '../../../shared/services/redact/pseudonyms.ts';
import { restoreText, type TextKind, TextRestorer } from '../../../shared/services/redact/restore-text.ts';

const value = fc.oneof(
  fc.constantFrom(
    'Jane Doe',
    '"J" O\'Neil',
    'a\\b',
    'line\nbreak',
    '李小龙',
    'jane@example.com',
    '[x]',
    '😀',
  ),
  fc.string({ minLength: 1, maxLength: 12 }),
);
const type = fc.constantFrom(...PII_TYPES);
const noise = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\n',
    '[',
    ']',
    '\\',
    '\\\\',
    '_',
    '**',
    '`',
    'P',
    'PERSON',
    '[PERSON_',
    'EMAIL_7',
    '1',
    '(',
    'é',
  ),
  fc.string({ maxLength: 10 }),
);
/** Texts with what is to be hidden in them. */
const parts = fc.array(
  fc.oneof(
    noise.map((text) => ({ text })),
    fc.record({ text: value, type }),
  ),
  { maxLength: 9 },
);

type Part = { text: string; type?: (typeof PII_TYPES)[number] };

const laidOut = (made: readonly Part[]): { text: string; spans: PiiSpan[] } => {
  let text = '';
  const spans: PiiSpan[] = [];
  for (const part of made) {
    if (part.type !== undefined) {
      // What stands right beside another is not told apart from it.
      text += ' ';
      spans.push({ start: text.length, end: text.length + part.text.length, type: part.type });
    }
    text += part.type === undefined ? part.text : `${part.text} `;
  }
  return { text, spans };
};

const pieces = (text: string, cuts: readonly number[]): string[] => {
  const at = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  return at.slice(1).map((end, index) => text.slice(at[index], end));
};

const streamed = (text: string, cuts: readonly number[], pseudonyms: Pseudonyms, kind: TextKind): string => {
  const restorer = new TextRestorer(pseudonyms, kind);
  return pieces(text, cuts)
    .map((piece) => restorer.push(piece))
    .concat(restorer.end())
    .join('');
};

const hide = (made: readonly Part[], pseudonyms = new Pseudonyms()) => {
  const { text, spans } = laidOut(made);
  pseudonyms.leaveOut(text);
  return { text, spans, pseudonyms, hidden: pseudonyms.replace(text, spans) };
};

const cuts = fc.array(fc.nat(400), { maxLength: 30 });

describe('a text with pseudonyms', () => {
  it('comes back as it was from a model that echoes it, however it is cut', () => {
    fc.assert(
      fc.property(parts, cuts, (made, at) => {
        const { text, pseudonyms, hidden } = hide(made);

        expect(streamed(hidden, at, pseudonyms, 'plain')).toBe(text);
      }),
      { numRuns: 3_000 },
    );
  });

  it('comes back as it was inside JSON, which stays JSON', () => {
    fc.assert(
      fc.property(parts, cuts, (made, at) => {
        const { text, pseudonyms, hidden } = hide(made);
        const restored = streamed(JSON.stringify({ a: [hidden] }), at, pseudonyms, 'json');

        expect(JSON.parse(restored)).toEqual({ a: [text] });
      }),
      { numRuns: 3_000 },
    );
  });

  it('is restored in a stream as it is in one piece, whatever the model makes of it', () => {
    const written = fc.constantFrom(
      '[PERSON_1]',
      '[person_1]',
      '\\[PERSON_1\\]',
      'PERSON_1',
      'PERSON\\_1',
      '[Person 1]',
    );
    const said = fc.array(fc.oneof(noise, written), { maxLength: 12 }).map((all) => all.join(''));
    fc.assert(
      fc.property(said, cuts, fc.constantFrom<TextKind>('plain', 'json'), (text, at, kind) => {
        const { pseudonyms } = hide([{ text: 'Jane Doe', type: 'PERSON' }]);

        expect(streamed(text, at, pseudonyms, kind)).toBe(restoreText(text, pseudonyms, kind));
      }),
      { numRuns: 3_000 },
    );
  });

  it('gives a value the same name every time, and two values never the same', () => {
    fc.assert(
      fc.property(parts, fc.boolean(), (made, inSession) => {
        const numbers = inSession ? numbersOf('secret', 'conversation') : undefined;
        const { text, spans, pseudonyms } = hide(made, new Pseudonyms(numbers));
        const named = new Map<string, string>();
        for (const span of spans) {
          const one = text.slice(span.start, span.end);
          const name = pseudonyms.replace(one, [{ ...span, start: 0, end: one.length }]);
          const key = `${span.type} ${one}`;
          expect(named.get(key) ?? name).toBe(name);
          named.set(key, name);
        }

        expect(new Set(named.values()).size).toBe(named.size);
      }),
    );
  });
});
