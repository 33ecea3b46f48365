/**
 * Payment cards: Luhn (ISO/IEC 7812-1), issuer prefix with its lengths, and a grouping that people write. Sought among the
 * groups of each run of digits, since an expiry date, a check code or another number often stands right beside a card.
 */
import { type Finder, hasContext, span } from './text.ts';

const CONTEXT =
  /card|credit|debit|visa|master|amex|maestro|payment|\bcc\b|cvv|cvc|karte|carte|tarjeta|carta|cart[aã]o|kort|卡/i;

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

const MIN_DIGITS = 12;
/** Shorter cards count only where they are the whole run: the start of a longer number is not one. */
const MIN_DIGITS_IN_RUN = 14;
/** The lengths of a card's groups: 4-4-4-4 and its longer kin, 4-6-4, 4-6-5, or all in one. */
const GROUPINGS = /^(?:1[2-9]|4,4,4(?:,[1-7])?|4,4,4,4,[1-3]|4,6,[45])$/;
const MAX_GROUPS = 5;

interface Group {
  start: number;
  end: number;
}

/** As many digits as a card has, with at most one space, dash or dot between them: what is worth a closer look. */
const LONG_ENOUGH = /\d(?:[ .-]?\d){11}/g;

const isDigit = (plain: string, index: number): boolean => {
  const code = plain.charCodeAt(index);
  return code >= 48 && code <= 57;
};

/** The groups of the run that starts at `from`; a scan by hand, since an unbounded pattern exhausts the stack on megabytes. */
const groupsOf = (plain: string, from: number): Group[] => {
  const groups: Group[] = [];
  for (let start = from; isDigit(plain, start); ) {
    let end = start + 1;
    while (isDigit(plain, end)) end += 1;
    groups.push({ start, end });
    start = ' .-'.includes(plain[end] ?? '\n') ? end + 1 : end;
  }
  return groups;
};

const separatorBetween = (plain: string, before: Group | undefined, after: Group | undefined): string =>
  before === undefined || after === undefined ? '' : plain.slice(before.end, after.start);

const isIssued = (digits: string, plain: string, { start, end }: Group): boolean => {
  const issuers = ISSUERS.filter(
    ({ prefix, lengths }) => lengths.includes(digits.length) && prefix.test(digits),
  );
  if (issuers.length === 0 || /^(\d)\1+$/.test(digits) || !passesLuhn(digits)) return false;
  return issuers.some(({ needsContext }) => needsContext !== true) || hasContext(plain, start, end, CONTEXT);
};

/** The index of the group after the longest card that starts at group `first`. */
const cardEnd = (plain: string, groups: readonly Group[], first: number): number | undefined => {
  const from = groups[first];
  if (from === undefined || (from.end - from.start !== 4 && from.end - from.start < MIN_DIGITS))
    return undefined;
  const before = separatorBetween(plain, groups[first - 1], from);
  if (before === '.') return undefined;
  let lengths = '';
  let digits = '';
  let separator = '';
  let found: number | undefined;
  for (let index = first; index < Math.min(groups.length, first + MAX_GROUPS); index++) {
    const group = groups[index];
    if (group === undefined || group.end - group.start > 19) break;
    if (index > first) {
      const joint = separatorBetween(plain, groups[index - 1], group);
      if (separator !== '' && joint !== separator) break;
      separator = joint;
    }
    lengths += `${lengths === '' ? '' : ','}${group.end - group.start}`;
    digits += plain.slice(group.start, group.end);
    if (digits.length < MIN_DIGITS || !GROUPINGS.test(lengths)) continue;
    const after = separatorBetween(plain, group, groups[index + 1]);
    if (after === '.' || ((before !== '' || after !== '') && digits.length < MIN_DIGITS_IN_RUN)) continue;
    if (isIssued(digits, plain, { start: from.start, end: group.end })) found = index + 1;
  }
  return found;
};

export const findCards: Finder = (plain) => {
  const found = [];
  LONG_ENOUGH.lastIndex = 0;
  for (let run = LONG_ENOUGH.exec(plain); run !== null; run = LONG_ENOUGH.exec(plain)) {
    const groups = groupsOf(plain, run.index);
    for (let first = 0; first < groups.length; ) {
      const next = cardEnd(plain, groups, first);
      const from = groups[first];
      const last = next === undefined ? undefined : groups[next - 1];
      if (from !== undefined && last !== undefined) found.push(span(from.start, last.end, 'CREDIT_CARD'));
      first = next ?? first + 1;
    }
    LONG_ENOUGH.lastIndex = groups.at(-1)?.end ?? plain.length;
  }
  return found;
};
