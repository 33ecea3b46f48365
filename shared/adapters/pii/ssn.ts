/** US social security numbers: area 001-899 without 666, group 01-99, serial 0001-9999 (SSA's rules); undashed only by context. */
import { type Finder, hasContext, span } from './text.ts';

const CANDIDATE =
  /(?:(?<![a-z\d])(?<![a-z\d]-)(?<!\d\.)|(?<=ssn))(\d{3})([- ]?)(\d{2})\2(\d{4})(?![a-z\d]|[.-]\d)/gi;
const CONTEXT =
  /\bssns?\b|social[ -]?security|\bsocial\b|\bss ?(?:#|no|number)|\bsoc\.? sec|\btin\b|taxpayer/i;

export const findSsns: Finder = (plain) => {
  const found = [];
  for (const match of plain.matchAll(CANDIDATE)) {
    const [text, area = '', separator = '', group = '', serial = ''] = match;
    if (area === '000' || area === '666' || area >= '900' || group === '00' || serial === '0000') continue;
    const end = match.index + text.length;
    if (separator !== '-' && !hasContext(plain, match.index, end, CONTEXT)) continue;
    found.push(span(match.index, end, 'SSN'));
  }
  return found;
};
