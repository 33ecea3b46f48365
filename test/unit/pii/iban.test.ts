import { describe, expect, it } from 'vitest';
import { passesMod97 } from '../../../shared/adapters/pii/iban.ts';
import { findings } from './findings.ts';

describe('IBANs', () => {
  it.each([
    'GB82WEST12345698765432',
    'GB82 WEST 1234 5698 7654 32',
    'DE89370400440532013000',
    'FR14 2004 1010 0505 0001 3M02 606',
    'NO9386011117947',
    'MT84MALT011000012345MTLCAST001S',
    'gb82 west 1234 5698 7654 32',
    'GB82-WEST-1234-5698-7654-32',
    'GB82\u00a0WEST\u00a01234\u00a05698\u00a07654\u00a032',
  ])('finds %s', (iban) => {
    expect(findings(`pay ${iban}, please`)).toEqual([`IBAN ${iban}`]);
  });

  it.each([
    ['a list', '9,DE89370400440532013000,3'],
    ['an identifier', 'iban_DE89370400440532013000'],
    ['JSON', '{"iban":"DE89370400440532013000"}'],
    ['text', 'DE89370400440532013000 and 12'],
  ])('finds one in %s', (_name, text) => {
    expect(findings(text)).toEqual(['IBAN DE89370400440532013000']);
  });

  it.each([
    ['a wrong check', 'DE88370400440532013000'],
    ['no such country', 'ZZ89370400440532013000'],
    ['a length that is not the country’s', 'DE8937040044053201300'],
    ['a longer word', 'DE89370400440532013000X'],
    ['an end of text in the middle', 'DE89 3704'],
    ['a double gap', 'DE89  370400440532013000'],
  ])('takes none with %s', (_name, text) => {
    expect(findings(text).filter((finding) => finding.startsWith('IBAN'))).toEqual([]);
  });
});

describe('mod 97', () => {
  it('is 1 for a valid number alone', () => {
    expect(passesMod97('GB82WEST12345698765432')).toBe(true);
    expect(passesMod97('GB28WEST12345698765432')).toBe(false);
  });
});
