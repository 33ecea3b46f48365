/** The structured types by patterns with validators. Text without a digit, an `@` or a spelled-out dot holds none of them and costs one scan. */
import type { PiiSpan, PiiType } from '../../model/pii.ts';
import type { PiiDetector } from '../../ports/pii-detector.ts';
import { findCards } from './card.ts';
import { findEmails } from './email.ts';
import { findIbans } from './iban.ts';
import { findIps } from './ip.ts';
import { findPhones } from './phone.ts';
import { findSpelledEmails } from './spelled-email.ts';
import { findSsns } from './ssn.ts';
import { plainText } from './text.ts';
import { findUrlCredentials } from './url-credentials.ts';

const WORTH_A_LOOK = /[0-9@\uff10-\uff19\uff20]|[ [(]dot[ \])]/i;

/** Where findings overlap, what was checked harder wins. */
const RANK: Partial<Record<PiiType, number>> = { EMAIL: 0, IBAN: 1, CREDIT_CARD: 2, SSN: 3, IP: 4, PHONE: 5 };

const rankOf = ({ type }: PiiSpan): number => RANK[type] ?? Number.POSITIVE_INFINITY;

const resolve = (found: PiiSpan[]): PiiSpan[] => {
  const kept: PiiSpan[] = [];
  for (const candidate of found.sort((a, b) => a.start - b.start || rankOf(a) - rankOf(b))) {
    const last = kept.at(-1);
    if (last === undefined || candidate.start >= last.end) kept.push(candidate);
    else if (rankOf(candidate) < rankOf(last)) kept[kept.length - 1] = candidate;
  }
  return kept;
};

export const patternDetector = (): PiiDetector => ({
  detect: (text) => {
    if (!WORTH_A_LOOK.test(text)) return [];
    const plain = plainText(text);
    const found = [...findUrlCredentials(plain), ...findEmails(plain), ...findSpelledEmails(plain)];
    if (/\d/.test(plain)) {
      found.push(
        ...findIbans(plain),
        ...findCards(plain),
        ...findSsns(plain),
        ...findIps(plain),
        ...findPhones(plain),
      );
    }
    return found.length < 2 ? found : resolve(found);
  },
});
