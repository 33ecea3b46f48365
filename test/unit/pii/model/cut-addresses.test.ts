import { describe, expect, it } from 'vitest';
import { cutAddress } from '../../../../shared/adapters/pii/model/cut-addresses.ts';

const isForename = (word: string): boolean => word === 'Sara';

const partsOf = (span: string) => {
  const text = `x ${span} y`;
  const { address, names } = cutAddress(text, { start: 2, end: 2 + span.length }, isForename);
  const texts = (stretches: readonly { start: number; end: number }[]): string[] =>
    stretches.map(({ start, end }) => text.slice(start, end));
  return { addresses: texts(address === undefined ? [] : [address]), names: texts(names) };
};

describe('a span that the model took for an address', () => {
  it.each([
    ['12 Main Dr, Springfield, IL 62704', ['12 Main Dr, Springfield, IL 62704']],
    ['12 Main Dr', ['12 Main Dr']],
    ['12 Main St, Louisville, KY, Dr', ['12 Main St, Louisville, KY']],
    ['29/96 Flores Broadway, NSW 6846, Ms. Bambad', ['29/96 Flores Broadway, NSW 6846']],
    ['P.O. Box 91709; Nashville, TN 37013;', ['P.O. Box 91709; Nashville, TN 37013']],
    [' ;', []],
    ['cottage, 29 E Ave., Colchester', ['29 E Ave., Colchester']],
    ['the barn, 29 E Ave., Colchester', ['29 E Ave., Colchester']],
    ['our office: Savska cesta 262', ['Savska cesta 262']],
    ['rose cottage, Elm Street', ['rose cottage, Elm Street']],
    ['rue Verte, Paris 4', ['rue Verte, Paris 4']],
    ['26 rue de Jourdan,', ['26 rue de Jourdan']],
    ['P.O. Box 4471, Nairobi', ['P.O. Box 4471, Nairobi']],
    ['Hauptstraße', ['Hauptstraße']],
    ['Rosewood House\n12 Elm Lane', ['Rosewood House\n12 Elm Lane']],
    ['Frau, 12', ['Frau, 12']],
  ])('%j', (span, addresses) => {
    expect(partsOf(span)).toEqual({ addresses, names: [] });
  });

  it('gives up the line on which somebody’s name stands', () => {
    expect(partsOf('Sara Schwarz\n  282 Puruntie Apt. 5\nHelsinki')).toEqual({
      addresses: ['282 Puruntie Apt. 5\nHelsinki'],
      names: ['Sara Schwarz'],
    });
  });

  it('takes the postal code behind its town, where that ends the line or the part', () => {
    const reach = (text: string, until: string, roomEnd = text.length): string => {
      const end = text.indexOf(until) + until.length;
      const { address } = cutAddress(text, { start: 0, end }, isForename, { start: 0, end: roomEnd });
      return text.slice(address?.start, address?.end);
    };
    expect(reach('5 Elm Rd, Sparta 22904\nPhone', 'Sparta')).toBe('5 Elm Rd, Sparta 22904');
    expect(reach('5 Elm Rd, Cyprus (Greek) 13475, thanks', 'Greek)')).toBe('5 Elm Rd, Cyprus (Greek) 13475');
    expect(reach('5 Elm Rd, Sparta 22904 is it', 'Sparta')).toBe('5 Elm Rd, Sparta');
    expect(reach('5 Elm Rd, Sparta 22904', 'Sparta', 20)).toBe('5 Elm Rd, Sparta');
  });

  it('takes the whole of its numbers, and closes what it opens, where nothing else is', () => {
    const text = 'at 13813 3784 Archwood Avenue 12b, Cyprus (Greek) 7';
    const cut = (from: string, to: string, room?: { start: number; end: number }) => {
      const span = { start: text.indexOf(from), end: text.indexOf(to) + to.length };
      const { address } = cutAddress(text, span, isForename, room);
      return text.slice(address?.start, address?.end);
    };
    expect(cut('4 Arch', 'Avenue 1')).toBe('3784 Archwood Avenue 12');
    expect(cut('84 Arch', 'Greek')).toBe('3784 Archwood Avenue 12b, Cyprus (Greek)');
    const end = text.indexOf('Greek') + 5;
    expect(cut('84 Arch', 'Greek', { start: text.indexOf('84 Arch'), end })).toBe(
      '84 Archwood Avenue 12b, Cyprus (Greek',
    );
  });
});
