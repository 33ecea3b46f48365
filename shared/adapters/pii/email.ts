/**
 * E-mail addresses, from each `@` (or `%40`, as in URLs) outwards, so that the work is linear in the text. Internationalised
 * names included; of the marks that RFC 5322 permits in names only those that people use, since the others delimit.
 */
import { type Finder, span } from './text.ts';

const AT = /@|%40/g;
const MAX_LOCAL = 64;
const LOCAL_CHARACTER = /[\p{L}\p{N}\p{M}.%'+_~-]/u;
const DOMAIN =
  /(?:[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?\.){1,8}(?:xn--[a-z0-9-]{2,59}|[a-z]{2,63}|[\p{L}\p{M}]{2,63})/iuy;
const NOT_A_PERSON = /^(?:git|hg|svn)$/i;
/** `package@1.2.beta` */
const VERSION = /^\d+\.\d+\./;
/** What quotes or punctuates an address rather than being part of it. */
const LEADING = /^[.%'+~-]+/;
/** Scripts that are written without spaces: their words stand right before an address. */
const UNSPACED = /^.*[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}](?=[!-~]+$)/u;

const localStart = (plain: string, at: number): number => {
  let start = at;
  while (start > 0 && at - start < MAX_LOCAL) {
    const before = plain.charCodeAt(start - 1);
    const width = before >= 0xdc00 && before <= 0xdfff ? 2 : 1;
    if (!LOCAL_CHARACTER.test(plain.slice(start - width, start))) break;
    start -= width;
  }
  start += UNSPACED.exec(plain.slice(start, at))?.[0].length ?? 0;
  return start + (LEADING.exec(plain.slice(start, at))?.[0].length ?? 0);
};

export const findEmails: Finder = (plain) => {
  const found = [];
  for (const { index: at, 0: sign } of plain.matchAll(AT)) {
    DOMAIN.lastIndex = at + sign.length;
    const domain = DOMAIN.exec(plain)?.[0];
    if (domain === undefined || VERSION.test(domain)) continue;
    const start = localStart(plain, at);
    const local = plain.slice(start, at);
    if (local === '' || local.endsWith('.')) continue;
    const end = at + sign.length + domain.length;
    if (NOT_A_PERSON.test(local) && (plain[end] === ':' || plain[end] === '/')) continue;
    found.push(span(start, end, 'EMAIL'));
  }
  return found;
};
