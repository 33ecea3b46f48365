import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patternDetector } from '../../../shared/adapters/pii/pattern-detector.ts';
import { redactText } from '../../../shared/services/redact/redactor.ts';

const detector = patternDetector();

const VALUES = {
  EMAIL: ['john.doe@example.com', 'a+b@mail.example.co.uk'],
  PHONE: ['+14155552671', '415-555-2671', '+49 30 1234567'],
  SSN: ['123-45-6789', '899-01-0001'],
  CREDIT_CARD: ['4111111111111111', '5555 5555 5555 4444', '3782-822463-10005'],
  IP: ['81.2.69.142', '2001:db8::ff00:42:8329'],
  IBAN: ['GB82WEST12345698765432', 'DE89 3704 0044 0532 0130 00'],
};
const planted = fc.constantFrom(
  ...Object.entries(VALUES).flatMap(([type, values]) => values.map((value) => ({ type, value }))),
);
const before = fc.constantFrom(
  '',
  ' ',
  '\n',
  '\t',
  '(',
  '"',
  "'",
  ',',
  '7,',
  ';',
  '=',
  '<',
  '[',
  '**',
  '`',
  '\u00a0',
  '。',
  '😀',
  '\u200f',
  'مرحبا ',
  'Zoe\u0308 👩\u200d👧 ',
);
const after = fc.constantFrom(
  '',
  ' ',
  '\n',
  ')',
  '"',
  ',',
  ',7',
  ';',
  '>',
  ']',
  '**',
  '`',
  '?',
  '!',
  '\u00a0',
  '。',
  '😀',
  '.',
  '\u200f',
  ' שלום',
  ' e\u0301',
);
const alphabet = fc.constantFrom(
  ...'0123456789',
  ...'0123456789',
  ...'@.-+:/( ),',
  ...'aGBx_%',
  'é',
  '９',
  '－',
  '\u00a0',
  '\ud83d',
  '卡',
);
const noise = fc.string({ unit: alphabet, maxLength: 200 });

describe('the pattern detector', () => {
  it('finds a value exactly, whatever delimits it', () => {
    fc.assert(
      fc.property(before, planted, after, (left, { type, value }, right) => {
        const text = left + value + right;

        expect(detector.detect(text)).toContainEqual({
          start: left.length,
          end: left.length + value.length,
          type,
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives spans within the text, sorted, not empty and apart from each other', () => {
    fc.assert(
      fc.property(noise, (text) => {
        let from = 0;
        for (const { start, end } of detector.detect(text)) {
          expect(start).toBeGreaterThanOrEqual(from);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          from = end;
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('finds nothing where there is neither a digit nor an @', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        fc.pre(!/[0-9@\uff10-\uff19\uff20]/.test(text));

        expect(detector.detect(text)).toEqual([]);
      }),
    );
  });

  it('leaves nothing to find of a planted value once it is redacted', () => {
    fc.assert(
      fc.property(fc.array(planted, { minLength: 1, maxLength: 6 }), (values) => {
        const text = values.map(({ value }) => value).join(', ');

        const redacted = redactText(text, detector.detect(text));

        expect(redacted).toBe(values.map(({ type }) => `[REDACTED:${type}]`).join(', '));
        expect(detector.detect(redacted)).toEqual([]);
      }),
    );
  });
});
