/**
 * Telephone numbers: international (+ or 00) by length, North American by shape, national with a leading 0 by grouping;
 * anything else that could be one only where a word nearby says so. Dates, times, years, decimals and versions are none.
 */
import { digitsOf, type Finder, hasContext, span } from './text.ts';

const CANDIDATE =
  /(?<![a-z\d.+#-])(?<!\d[:/])(?:\+ ?|\(\+?)?\d(?:[ ()./-]{0,3}\d){5,16}(?: ?(?:x|ext\.? ?|extension )\d{1,6})?(?![a-z\d%]|[.:/-]\d)/gi;
/** Sought by itself, since another number may stand right behind one. */
const NORTH_AMERICAN_CANDIDATE =
  /(?<![a-z\d.+#-])(?<!\d[:/])(?:\+?1[-. ]?)?(?:\([2-9]\d{2}\)[ .-]?|[2-9]\d{2}([-. ]))\d{3}[-. ]\d{4}(?: ?(?:x|ext\.? ?|extension )\d{1,6})?(?![a-z\d%]|[.:/-]\d)/gi;
const CONTEXT =
  /phone|\btel\b|\btel[.:]|\bcall(?:ing|ed|s)?\b|mobile|\bcell?\b|\bfax\b|whatsapp|\btext(?:ing)? (?:me|him|her|us|them)\b|\bsms\b|reach (?:me|him|her|us|them)|contact|\boffice\b|\bdesk\b|\bhome:|answering at|messages? (?:to|on)\b|dial|\bring(?: (?:me|him|her|us|them))?\b|\b(?:my|his|her|our|their|whose) numbers?\b|hotline|\bline:|telefon|handy|\brufnummer|t[ée]l[ée]phone|portable|tel[ée]fono|m[óo]vil|celular|cellulare|telefone|номер|телефон|电话|電話|手机|전화/i;
const EXTENSION = /(?: ?(?:x|ext\.? ?|extension ))\d{1,6}$/i;

const NORTH_AMERICAN = /^(?:\+?1[-. ]?|001[-. ])?(?:\([2-9]\d{2}\)[ .-]?|[2-9]\d{2}([-. ]))\d{3}[-. ]\d{4}$/;
/** Without a gap `00` may be padding, and with one `+` may be a sum: those need a word. */
const INTERNATIONAL = /^(?:\(?\+[1-9]|00(?=.*[ ()./-])[ -]?[1-9])/;
/** Groups of a national number: a leading 0, then at least two groups or ten digits in a row after an area code. */
const NATIONAL = /^\(?0\d{1,5}\)?[ /-]\d{2,}(?:[ .-]?\d{2,})*$/;
/** As the British write mobiles, and serial numbers are not written. */
const NATIONAL_PAIR = /^0\d{4} \d{6}$/;
/** Serial numbers are written like that far oftener than telephones. */
const FOURS = /^\d{4} \d{4} \d{4}$/;
const LOOSE = /^\+?[\d(][\d ().-]*(?:\/[\d ().-]*)?\d$/;

const LEAST_IN_A_ROW = 8;
const CLOSE = 12;

const DATE =
  /^(?:\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?: \d{1,2})?|(?:19|20)\d{2} ?- ?(?:19|20)\d{2}|(?:19|20)\d{6})$/;
const DOTTED_QUAD = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const DECIMAL = /^\d+\.\d+$/;

const isPhone = (text: string, plain: string, start: number, end: number): boolean => {
  const number = text.replace(EXTENSION, '');
  const digits = digitsOf(number);
  if (DATE.test(number) || DOTTED_QUAD.test(number) || DECIMAL.test(number)) return false;
  if (/^(\d)\1+$/.test(digits) || digits.length > 15) return false;
  if (INTERNATIONAL.test(number)) return digits.length >= (number.startsWith('00') ? 11 : 8);
  if (NORTH_AMERICAN.test(number)) return true;
  if (digits.length < 7 || !LOOSE.test(number)) return false;
  // A few digits in a row are a phone's only where the word stands right before them.
  if (digits.length < LEAST_IN_A_ROW && number === digits)
    return CONTEXT.test(plain.slice(Math.max(0, start - CLOSE), start));
  if (NATIONAL.test(number) && digits.length >= 9 && digits.length <= 12 && number !== digits) {
    const isGrouped = number.split(/[ ./-]/).length >= 3 && !FOURS.test(number);
    return isGrouped || NATIONAL_PAIR.test(number) || hasContext(plain, start, end, CONTEXT);
  }
  return hasContext(plain, start, end, CONTEXT);
};

export const findPhones: Finder = (plain) => {
  const found = [];
  for (const { index, 0: text } of plain.matchAll(NORTH_AMERICAN_CANDIDATE))
    found.push(span(index, index + text.length, 'PHONE'));
  for (const { index, 0: text } of plain.matchAll(CANDIDATE)) {
    const end = index + text.length;
    // A parenthesis that is not closed within opens a remark, not an area code.
    const start = text.startsWith('(') && !text.includes(')') ? index + 1 : index;
    const number = plain.slice(start, end);
    if (isBalanced(number) && isPhone(number, plain, start, end)) found.push(span(start, end, 'PHONE'));
  }
  return found;
};

const isBalanced = (text: string): boolean => text.split('(').length === text.split(')').length;
