/** Is a licence, as an SPDX expression, among those that are allowed? `A OR B` needs one of them, `A AND B` both. */

/** Splits at the word where no bracket is open. */
const split = (expression: string, word: 'OR' | 'AND'): string[] => {
  const parts: string[] = [''];
  let depth = 0;
  for (const token of expression.split(/(\(|\)|\s+)/)) {
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    if (depth === 0 && token === word) parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts.map((part) => part.trim());
};

/** Of the outermost brackets, where they hold all of it. */
const bare = (expression: string): string => {
  const inner = /^\((?<inner>.*)\)$/.exec(expression)?.groups?.inner;
  if (inner === undefined) return expression;
  let depth = 0;
  for (const letter of inner) {
    depth += letter === '(' ? 1 : letter === ')' ? -1 : 0;
    if (depth < 0) return expression;
  }
  return bare(inner.trim());
};

export const isAllowed = (expression: string, allowed: ReadonlySet<string>): boolean => {
  const whole = bare(expression.trim());
  if (whole === '') return false;
  const either = split(whole, 'OR');
  if (either.length > 1) return either.some((part) => isAllowed(part, allowed));
  const both = split(whole, 'AND');
  if (both.length > 1) return both.every((part) => isAllowed(part, allowed));
  return allowed.has(whole);
};
