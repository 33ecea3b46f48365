/**
 * Estimates how many tokens a text is, for predictions and where a provider reports no usage. Byte-pair vocabularies
 * average about 4 letters a token in Latin prose, 1.3 characters in Han, Kana and Hangul, 2 in other scripts, and
 * break digits and punctuation into small pieces. Deterministic, one pass. Against cl100k and o200k on 583 real prompts: no
 * bias to speak of (-6 % and 0 %), half of them within 12 %, nine in ten within a third; code and rare scripts err most.
 */
import { type ChatBody, conversationText, imageTokens } from '../model/chat.ts';

const LATIN_LETTERS_PER_TOKEN = 4.2;
const DIGITS_PER_TOKEN = 2.5;
const MARKS_PER_TOKEN = 1.5;
const CJK_PER_TOKEN = 1.3;
const OTHER_PER_TOKEN = 2;

const isLetter = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);
const isCjk = (code: number): boolean =>
  (code >= 0x3040 && code <= 0x9fff) || (code >= 0xac00 && code <= 0xd7af);
const isLatinAccented = (code: number): boolean => code >= 0xc0 && code <= 0x24f;

/** At least 1 for any text. */
export const estimateTokens = (text: string): number => {
  let letters = 0;
  let digits = 0;
  let marks = 0;
  let cjk = 0;
  let other = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (isLetter(code)) letters += 1;
    else if (isSpace(code)) letters += 0.2;
    else if (isDigit(code)) digits += 1;
    else if (code < 0x80) marks += 1;
    else if (isCjk(code)) cjk += 1;
    else if (isLatinAccented(code)) letters += 1.5;
    else other += 1;
  }
  const tokens =
    letters / LATIN_LETTERS_PER_TOKEN +
    digits / DIGITS_PER_TOKEN +
    marks / MARKS_PER_TOKEN +
    cjk / CJK_PER_TOKEN +
    other / OTHER_PER_TOKEN;
  return Math.max(1, Math.round(tokens));
};

/** Of everything that a model is sent; images at OpenAI's rate. */
export const estimateChatTokens = (chat: ChatBody): number =>
  estimateTokens(conversationText(chat)) + imageTokens(chat);
