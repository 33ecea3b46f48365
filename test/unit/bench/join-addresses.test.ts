import { describe, expect, it } from 'vitest';
import { joinAddresses, type Label } from '../../../bench/pii/join-addresses.ts';

const TEXT = '> 353 Buerlia 227\n> Apt. 391\n> Oslo\n> Norway 0150\nJane, 5 Elm St and 6 Elm St';
const label = (part: string, type = 'ADDRESS'): Label => {
  const start = TEXT.indexOf(part);
  return { start, end: start + part.length, type };
};
const joined = (...labels: Label[]): string[] =>
  joinAddresses(TEXT, labels).map(({ start, end, type }) => `${type} ${TEXT.slice(start, end)}`);

describe('labels of an address in pieces', () => {
  it('become one, with the places between them', () => {
    const pieces = ['353', 'Buerlia 227', 'Apt. 391', '0150'].map((part) => label(part));

    expect(joined(...pieces, label('Oslo', 'LOC'), label('Norway', 'LOC'))).toEqual([
      'ADDRESS 353 Buerlia 227\n> Apt. 391\n> Oslo\n> Norway 0150',
    ]);
  });

  it('stay apart where words stand between them', () => {
    expect(joined(label('5 Elm St'), label('6 Elm St'))).toEqual(['ADDRESS 5 Elm St', 'ADDRESS 6 Elm St']);
    expect(joined(label('0150'), label('Jane', 'PERSON'), label('5 Elm St'))).toEqual([
      'ADDRESS 0150',
      'PERSON Jane',
      'ADDRESS 5 Elm St',
    ]);
  });
});
