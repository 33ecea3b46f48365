import { describe, expect, it } from 'vitest';
import { findings } from './findings.ts';

describe('telephone numbers', () => {
  it.each([
    '+14155552671',
    '+1 415 555 2671',
    '+1 (415) 555-2671',
    '(415) 555-2671',
    '415-555-2671',
    '415.555.2671',
    '1-415-555-2671',
    '415-555-2671 x22',
    '+49 30 1234567',
    '+44 20 7946 0958',
    '+442079460958',
    '0049 30 1234567',
    '0490 75 40 81',
    '07911 123456',
    '+49\u00a030\u00a01234567',
    '415\u2011555\u20112671',
    '＋４９ ３０ １２３４５６７',
  ])('finds %s without a word', (number) => {
    expect(findings(`so ${number}, then`)).toEqual([`PHONE ${number}`]);
  });

  it.each([
    ['a list', 'id,7,415-555-2671,8'],
    ['a path', '/users/415-555-2671/cards'],
    ['markdown', '**415-555-2671**'],
    ['a remark', '(415-555-2671 is new)'],
    ['JSON', '{"n":7,"p":"415-555-2671"}'],
    ['a year behind it', 'Booked 415-555-2671 2024'],
    ['the end of a sentence', 'It is 415-555-2671.'],
  ])('finds one in %s', (_name, text) => {
    expect(findings(text)).toEqual(['PHONE 415-555-2671']);
  });

  it.each(['call', 'phone:', 'Telefon', 'téléphone', 'móvil', 'телефон', '电话', '手机'])(
    'finds plain digits beside %s',
    (word) => {
      expect(findings(`${word} 4155552671`)).toEqual(['PHONE 4155552671']);
    },
  );

  it.each([
    ['Handy: 0171/1234567', '0171/1234567'],
    ['cel: (11) 98765-4321', '(11) 98765-4321'],
    ['phone 0755 8888 8888', '0755 8888 8888'],
    ['Her number is 0171 8967480', '0171 8967480'],
    ['ring 13888123321 after seven', '13888123321'],
  ])('finds what is written loosely beside a word: %s', (text, number) => {
    expect(findings(text)).toEqual([`PHONE ${number}`]);
  });

  it('finds seven digits right behind a word', () => {
    expect(findings('call 5551234')).toEqual(['PHONE 5551234']);
  });

  it('finds plain digits with the word behind them', () => {
    expect(findings('4155552671 is my mobile')).toEqual(['PHONE 4155552671']);
  });

  it.each([
    ['plain digits', '4155552671'],
    ['a timestamp', 'at 1700000000'],
    ['a padded order', 'order 0012345678901'],
    ['a date', 'on 2024-11-05'],
    ['a date and a word', 'call on 05/11/2024'],
    ['a date and a time', '2024-11-05 10:30:45'],
    ['years and a word', 'call 2019-2024'],
    ['an ISBN', 'ISBN 978-3-16-148410-0'],
    ['a decimal and a word', 'call 3.14159265'],
    ['a version and a word', 'call 21.12.31.11'],
    ['a sum', '5 + 12345678 = y'],
    ['an exponent', '1e+10000000'],
    ['repeated digits', '+11111111111'],
    ['too many digits', '+1234567890123456'],
    ['a stray parenthesis', 'call 415) 5552671'],
    ['a percentage', 'call 41555526%'],
    ['an anchor', '#415-555-2671'],
    ['a few digits and a word', 'call 123456'],
    ['seven digits and a word further off', 'after all the calls of that day 0401000 more'],
    ['slashes and a word', 'call 12/34/5678/9'],
  ])('takes %s for none', (_name, text) => {
    expect(findings(text)).toEqual([]);
  });
});
