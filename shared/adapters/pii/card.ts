/** Payment cards: Luhn (ISO/IEC 7812-1), issuer prefix with its lengths, and a grouping that people write. */
import { digitsOf, type Finder, hasContext, span } from './text.ts';

const CANDIDATE = /(?<!\d)(?<!\d[.,])\d(?:[ -]?\d){11,18}(?![ -]?\d)(?!\.\d)/g;
const GROUPING =
  /^(?:\d{12,19}|\d{4}([ -])\d{4}\1\d{4}(?:\1\d{1,7})?(?:\1\d{1,3})?|\d{4}([ -])\d{6}\2\d{4,5})$/;
const CONTEXT =
  /card|credit|debit|visa|master|amex|maestro|payment|cvv|cvc|karte|carte|tarjeta|carta|cart[aã]o|kort|卡/i;

/** Issuer prefixes with their lengths; the short ones are so common among other numbers that they need a word nearby. */
const ISSUERS: readonly { prefix: RegExp; lengths: readonly number[]; needsContext?: boolean }[] = [
  { prefix: /^4/, lengths: [16, 19] },
  { prefix: /^4/, lengths: [13], needsContext: true },
  { prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { prefix: /^3[47]/, lengths: [15] },
  { prefix: /^(?:6011|64[4-9]|65|62|81)/, lengths: [16, 17, 18, 19] },
  { prefix: /^(?:30[0-5]|36|38|39)/, lengths: [14] },
  { prefix: /^35/, lengths: [16, 17, 18, 19] },
  { prefix: /^(?:2131|1800)/, lengths: [15] },
  { prefix: /^(?:50|5[6-9]|6[0-9])/, lengths: [16, 18, 19] },
  { prefix: /^(?:50|5[6-9]|6[0-9])/, lengths: [12, 13, 14, 15, 17], needsContext: true },
];

export const passesLuhn = (digits: string): boolean => {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    let digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    if (index % 2 === 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 === 0;
};

export const findCards: Finder = (plain) => {
  const found = [];
  for (const match of plain.matchAll(CANDIDATE)) {
    const end = match.index + match[0].length;
    const digits = digitsOf(match[0]);
    if (!GROUPING.test(match[0]) || /^(\d)\1+$/.test(digits) || !passesLuhn(digits)) continue;
    const issuers = ISSUERS.filter(
      ({ prefix, lengths }) => prefix.test(digits) && lengths.includes(digits.length),
    );
    if (issuers.length === 0) continue;
    const needsContext = issuers.every((issuer) => issuer.needsContext === true);
    if (needsContext && !hasContext(plain, match.index, end, CONTEXT)) continue;
    found.push(span(match.index, end, 'CREDIT_CARD'));
  }
  return found;
};
