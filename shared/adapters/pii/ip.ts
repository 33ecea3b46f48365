/**
 * IP addresses. Four-part versions and section numbers look alike: a word such as `version` or four small numbers without a word
 * such as `host` make it one of those. Loopback, unspecified, broadcast and netmasks name nobody.
 */
import { isIPv4, isIPv6 } from 'node:net';
import { type Finder, hasContext, span } from './text.ts';

const V4 = /(?<![a-z\d.])(?<![a-z]-)\d{1,3}(?:\.\d{1,3}){3}(?![a-z\d]|-[a-z]|\.\w)/gi;
const V6 = /(?<![\w:.])(?:[0-9a-f]{1,4}|:)(?::[0-9a-f]{0,4}){2,7}(?:\.\d{1,3}){0,3}(?![\w:])/gi;
const NOBODY = /^(?:127\.|0\.|255\.255\.|255\.0\.0\.0)/;
const VERSION =
  /(?:\bv(?:er(?:sion)?s?)?\.?|release|build|firmware|driver|upgrad(?:ed?|ing)(?: [\w.-]+){0,2} to|nuget|dotnet|assembly|package|dll|msi|§+|section|sect?\.|chapter|clause|article|paragraph|figure|table|step|kapitel|abschnitt)(?:\s+(?:is|was|of|no\.?|number|nr\.?))?\s*[:=#]?\s*["'`]?$/i;
/** `Chrome/104.0.0.0`; in `host/81.2.69.142`, as Java writes them, the name is small. */
const PRODUCT = /(?<![\w/])[A-Z][A-Za-z]+\/$/;
const CONTEXT =
  /\bip(?:v[46])?s?\b|address|\bhost|server|\bping\b|\baddr\b|connect|login|log(?:ged)? in|client|subnet|gateway|router|dns/i;
const SMALL = 32;
const NEAR = 36;

const isVersion = (plain: string, start: number, end: number): boolean => {
  const before = plain.slice(Math.max(0, start - NEAR), start);
  if (VERSION.test(before) || PRODUCT.test(before)) return true;
  const small = plain
    .slice(start, end)
    .split('.')
    .every((part) => Number(part) < SMALL);
  return small && !hasContext(plain, start, end, CONTEXT);
};

const findV4: Finder = (plain) => {
  const found = [];
  for (const match of plain.matchAll(V4)) {
    const end = match.index + match[0].length;
    if (!isIPv4(match[0]) || NOBODY.test(match[0]) || isVersion(plain, match.index, end)) continue;
    found.push(span(match.index, end, 'IP'));
  }
  return found;
};

/** Two words of hexadecimal letters with `::` between them are a scope in code, not an address. */
const MIN_V6_DIGITS = 2;

const findV6: Finder = (plain) => {
  const found = [];
  for (const match of plain.matchAll(V6)) {
    const text = match[0].replace(/(?<!:):$/, '');
    if (!isIPv6(text) || text === '::1' || text.replace(/\D/g, '').length < MIN_V6_DIGITS) continue;
    found.push(span(match.index, match.index + text.length, 'IP'));
  }
  return found;
};

export const findIps: Finder = (plain) => [
  ...(plain.includes('.') ? findV4(plain) : []),
  ...(plain.includes(':') ? findV6(plain) : []),
];
