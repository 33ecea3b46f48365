import { describe, expect, it } from 'vitest';
import { passesLuhn } from '../../../shared/adapters/pii/card.ts';
import { findings } from './findings.ts';

const VISA = '4111111111111111';

describe('payment cards', () => {
  it.each([
    ['Visa', '4111111111111111'],
    ['Visa of 19 digits', '4000000000000000006'],
    ['Mastercard', '5555555555554444'],
    ['Mastercard, second series', '2223003122003222'],
    ['American Express', '378282246310005'],
    ['American Express in groups', '3782 822463 10005'],
    ['Diners', '30569309025904'],
    ['Diners in groups', '3056 930902 5904'],
    ['Discover', '6011111111111117'],
    ['JCB', '3530111333300000'],
    ['UnionPay', '6200000000000005'],
    ['dashes', '4111-1111-1111-1111'],
    ['dots', '4111.1111.1111.1111'],
    ['no-break spaces', '4111\u00a01111\u00a01111\u00a01111'],
    ['full-width digits', '４１１１１１１１１１１１１１１１'],
    ['en dashes', '4111–1111–1111–1111'],
  ])('finds %s', (_name, number) => {
    expect(findings(`(${number})`)).toEqual([`CREDIT_CARD ${number}`]);
  });

  it.each([
    ['a comma and a digit before it', `7,${VISA},3`],
    ['its expiry date', `${VISA} 12/26`],
    ['its check code', `${VISA} 123`],
    ['a number before it', `1 ${VISA}`],
    ['JSON', `{"id":7,"n":"${VISA}"}`],
    ['a query', `https://shop.example/pay?card=${VISA}&x=1`],
    ['markdown', `**${VISA}**`],
    ['the end of a sentence', `it is ${VISA}.`],
    ['CJK text', `卡号${VISA}谢谢`],
  ])('finds one beside %s', (_name, text) => {
    expect(findings(text)).toEqual([`CREDIT_CARD ${VISA}`]);
  });

  it('takes the groups of the card and leaves the check code beside it', () => {
    expect(findings('4111 1111 1111 1111 123')).toEqual(['CREDIT_CARD 4111 1111 1111 1111']);
  });

  it('finds two in a row', () => {
    expect(findings(`${VISA} 5555555555554444`)).toEqual([
      `CREDIT_CARD ${VISA}`,
      'CREDIT_CARD 5555555555554444',
    ]);
  });

  it.each([
    ['a wrong check digit', '4111111111111112'],
    ['no issuer', '9111111111111111'],
    ['one digit repeated', '0000000000000000'],
    ['a decimal', '0.4111111111111111'],
    ['mixed separators', '4111 1111-1111 1111'],
    ['too many digits', '41111111111111114111'],
    ['a grouping nobody writes', '41 1111 1111 1111 11'],
  ])('takes no number with %s', (_name, text) => {
    expect(findings(text).filter((finding) => finding.startsWith('CREDIT_CARD'))).toEqual([]);
  });

  it('takes a short number only beside a word for cards', () => {
    const short = '4222222222222';

    expect(findings(`order ${short}`)).toEqual([]);
    expect(findings(`my card is ${short}`)).toEqual([`CREDIT_CARD ${short}`]);
    expect(findings(`tarjeta ${short}`)).toEqual([`CREDIT_CARD ${short}`]);
  });

  it('takes no short number out of a longer run', () => {
    expect(findings('card 4222222222222 77')).toEqual([]);
  });
});

describe('Luhn', () => {
  it.each([
    ['79927398713', true],
    ['79927398710', false],
    ['0', true],
  ])('%s: %s', (digits, passes) => {
    expect(passesLuhn(digits)).toBe(passes);
  });
});
