import { describe, expect, it } from 'vitest';
import type { PiiSpan, PiiType } from '../../../../shared/model/pii.ts';
import { mergeSpans } from '../../../../shared/services/redact/merge-spans.ts';

const at = (text: string, value: string, type: PiiType): PiiSpan => ({
  start: text.indexOf(value),
  end: text.indexOf(value) + value.length,
  type,
});

const merged = (text: string, validated: [string, PiiType][], read: [string, PiiType][]): string[] =>
  mergeSpans(
    text,
    validated.map(([value, type]) => at(text, value, type)),
    read.map(([value, type]) => at(text, value, type)),
  ).map(({ start, end, type }) => `${type} ${text.slice(start, end)}`);

describe('what patterns and the model found', () => {
  it('stands side by side, in the order of the text', () => {
    expect(merged('a@b.cd of Jane', [['a@b.cd', 'EMAIL']], [['Jane', 'PERSON']])).toEqual([
      'EMAIL a@b.cd',
      'PERSON Jane',
    ]);
  });

  it('is the pattern’s where both claim it', () => {
    expect(merged('mail jane@doe.com', [['jane@doe.com', 'EMAIL']], [['jane', 'PERSON']])).toEqual([
      'EMAIL jane@doe.com',
    ]);
  });

  it('leaves to the model what of its span the pattern does not claim', () => {
    const text = 'Jane Doe <jane@doe.com>, 1 Main St';

    expect(
      merged(text, [['jane@doe.com', 'EMAIL']], [['Jane Doe <jane@doe.com>, 1 Main St', 'ADDRESS']]),
    ).toEqual(['ADDRESS Jane Doe', 'EMAIL jane@doe.com', 'ADDRESS 1 Main St']);
  });

  it('is the model’s where digits of an address only look like a telephone’s', () => {
    const text = 'The office is at 17031 2202 Rissik St';

    expect(merged(text, [['17031 2202', 'PHONE']], [['17031 2202 Rissik St', 'ADDRESS']])).toEqual([
      'ADDRESS 17031 2202 Rissik St',
    ]);
    expect(
      merged('1 Elm St\n781 1704 office', [['781 1704', 'PHONE']], [['1 Elm St\n781 1704', 'ADDRESS']]),
    ).toEqual(['ADDRESS 1 Elm St', 'PHONE 781 1704']);
    expect(merged('at 415-555-2671 x', [['415-555-2671', 'PHONE']], [['415-555-2671 x', 'ADDRESS']])).toEqual(
      ['PHONE 415-555-2671'],
    );
  });

  it.each([
    ['an address without @', 'jane doe', 'EMAIL'],
    ['six digits', '123 456', 'PHONE'],
    ['ten digits', '1234567890', 'SSN'],
    ['a few digits', '4111 1111', 'CREDIT_CARD'],
    ['no country', '1234567890123456', 'IBAN'],
    ['a word', 'localhost', 'IP'],
  ] as const)('does not let the model take %s for what patterns validate', (_name, text, type) => {
    expect(merged(`so ${text} it`, [], [[text, type]])).toEqual([]);
  });

  it.each([
    ['4111 1111 1111 1112', 'CREDIT_CARD'],
    ['5551234', 'PHONE'],
    ['123456789', 'SSN'],
    ['jane at doe dot com', 'EMAIL'],
  ] as const)('lets the model decide what could be one: %s', (text, type) => {
    expect(merged(`so ${text} it`, [], [[text, type]])).toEqual([`${type} ${text}`]);
  });

  it('drops a remainder that says nothing', () => {
    expect(merged('to (a@b.cd) x', [['a@b.cd', 'EMAIL']], [['(a@b.cd) x', 'ADDRESS']])).toEqual([
      'EMAIL a@b.cd',
    ]);
  });

  it.each(['threadId', 'Av1an', 'user_name'])('is no name of a program: %s', (name) => {
    expect(merged(`so ${name} it`, [], [[name, 'PERSON']])).toEqual([]);
  });

  it.each(["O'Brien", 'McDonald', 'DeShawn Lee', 'van der Berg', 'Ana de la O'])('may be %s', (name) => {
    expect(merged(`so ${name} it`, [], [[name, 'PERSON']])).toEqual([`PERSON ${name}`]);
  });

  it('takes along the marks of the last letter', () => {
    expect(merged('by Zoe\u0308, so', [], [['Zoe', 'PERSON']])).toEqual(['PERSON Zoe\u0308']);
  });
});
