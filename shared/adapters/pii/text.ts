/** A text made plain for patterns, character for character, so that every offset stays the text's own. */
import type { PiiSpan, PiiType } from '../../model/pii.ts';

/** Finds one type; `original` is for what the plain text loses. */
export type Finder = (plain: string) => PiiSpan[];

const DASHES = /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/g;
const SPACES = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g;
const FULL_WIDTH = /[\uff01-\uff5e]/g;
const FULL_WIDTH_OFFSET = 0xfee0;
const NOT_ASCII = /[\u0080-\uffff]/;

export const plainText = (text: string): string =>
  !NOT_ASCII.test(text)
    ? text
    : text
        .replace(FULL_WIDTH, (character) => String.fromCharCode(character.charCodeAt(0) - FULL_WIDTH_OFFSET))
        .replace(DASHES, '-')
        .replace(SPACES, ' ');

const BEFORE = 48;
const AFTER = 24;

/** Does one of the words stand near the span, mostly before it? */
export const hasContext = (plain: string, start: number, end: number, words: RegExp): boolean =>
  words.test(plain.slice(Math.max(0, start - BEFORE), start)) || words.test(plain.slice(end, end + AFTER));

export const span = (start: number, end: number, type: PiiType): PiiSpan => ({ start, end, type });

export const digitsOf = (text: string): string => text.replace(/\D/g, '');
