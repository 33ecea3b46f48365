import { describe, expect, it } from 'vitest';
import { findings } from './findings.ts';

describe('social security numbers', () => {
  it.each([
    ['plain text', 'ssn is 123-45-6789 ok', '123-45-6789'],
    ['a list', '7,123-45-6789,4', '123-45-6789'],
    ['an identifier', 'user_123-45-6789', '123-45-6789'],
    ['the end of a sentence', 'It is 123-45-6789.', '123-45-6789'],
    ['JSON', '{"a":"123-45-6789"}', '123-45-6789'],
    ['no-break hyphens', '123\u201145\u20116789', '123\u201145\u20116789'],
    ['full-width digits', '１２３-４５-６７８９', '１２３-４５-６７８９'],
    ['its own name', 'SSN123-45-6789', '123-45-6789'],
    ['spaces and a word', 'social security 123 45 6789', '123 45 6789'],
    ['a word alone', 'my SSN: 123456789', '123456789'],
  ])('finds one in %s', (_name, text, number) => {
    expect(findings(text)).toEqual([`SSN ${number}`]);
  });

  it.each(['001-01-0001', '899-99-9999', '665-10-1000', '667-10-1000'])(
    'finds %s at the rules’ edge',
    (number) => {
      expect(findings(number)).toEqual([`SSN ${number}`]);
    },
  );

  it.each([
    '000-45-6789',
    '666-45-6789',
    '900-45-6789',
    '123-00-6789',
    '123-45-0000',
    '123456789',
    '123 45 6789',
    '123-45 6789',
    '1123-45-6789',
    '123-45-67890',
    '123-45-6789-1',
    'AB123-45-6789',
    '1.123-45-6789',
  ])('takes %s for none', (text) => {
    expect(findings(text)).toEqual([]);
  });
});
