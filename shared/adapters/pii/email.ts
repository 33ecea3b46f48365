/** E-mail addresses, from each `@` outwards, so that the work is linear in the text. Internationalised names included. */
import { type Finder, span } from './text.ts';

const MAX_LOCAL = 64;
const LOCAL_CHARACTER = /[\p{L}\p{N}\p{M}.!#$%&'*+/=?^_`{|}~-]/u;
const DOMAIN =
  /(?:[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?\.){1,8}(?:xn--[a-z0-9-]{2,59}|[\p{L}\p{M}]{2,63})/uy;
const NOT_A_PERSON = /^(?:git|hg|svn)$/i;
/** What quotes or punctuates an address rather than being part of it. */
const LEADING = /^[.!#$%&'*+/=?^`{|}~-]+/;

const localStart = (plain: string, at: number): number => {
  let start = at;
  while (start > 0 && at - start < MAX_LOCAL) {
    const before = plain.charCodeAt(start - 1);
    const width = before >= 0xdc00 && before <= 0xdfff ? 2 : 1;
    if (!LOCAL_CHARACTER.test(plain.slice(start - width, start))) break;
    start -= width;
  }
  return start + (LEADING.exec(plain.slice(start, at))?.[0].length ?? 0);
};

export const findEmails: Finder = (plain) => {
  const found = [];
  for (let at = plain.indexOf('@'); at >= 0; at = plain.indexOf('@', at + 1)) {
    const start = localStart(plain, at);
    const local = plain.slice(start, at);
    if (local === '' || local.endsWith('.')) continue;
    DOMAIN.lastIndex = at + 1;
    const domain = DOMAIN.exec(plain)?.[0];
    if (domain === undefined) continue;
    const end = at + 1 + domain.length;
    if (NOT_A_PERSON.test(local) && (plain[end] === ':' || plain[end] === '/')) continue;
    found.push(span(start, end, 'EMAIL'));
  }
  return found;
};
