/**
 * E-mail addresses as people say or hide them: `sam@gmail dot com`, `sam [at] gmail [dot] com`, and `sam at gmail dot com`
 * where a word nearby says that it is one.
 */
import { type Finder, hasContext, span } from './text.ts';

const DOT = /[ [(]dot[ \])]/i;
const SPELLED =
  /(?<![\w.+-])[\w.+-]{1,64}(@| ?[[(]at[\])] ?| at )[a-z0-9-]{1,63}(?:(?: ?[[(]dot[\])] ?| dot )[a-z0-9-]{2,63}){1,3}(?![\w-])/gi;
const ENDING =
  /(?:com|org|net|edu|gov|info|io|co|ai|app|dev|eu|uk|us|de|fr|es|it|nl|pl|se|ch|at|be|ca|au|in|jp|br)$/i;
const CONTEXT = /mail|contact|reach|write|send|address|recipient|\b(?:to|cc|from):/i;

export const findSpelledEmails: Finder = (plain) => {
  if (!DOT.test(plain)) return [];
  const found = [];
  for (const { index, 0: text, 1: at } of plain.matchAll(SPELLED)) {
    const end = index + text.length;
    if (!ENDING.test(text)) continue;
    if (at === ' at ' && !hasContext(plain, index, end, CONTEXT)) continue;
    found.push(span(index, end, 'EMAIL'));
  }
  return found;
};
