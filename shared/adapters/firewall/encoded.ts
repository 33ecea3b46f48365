/**
 * What a text holds in another form: base64, hexadecimal, percent signs, escapes, entities, rot13, backwards. All is bounded:
 * what is looked at, how much of it is decoded, and how deep. What is decoded is only looked at, never passed on.
 */
import { isUtf8 } from 'node:buffer';

export type Encoding = 'base64' | 'hex' | 'escapes' | 'rot13' | 'backwards' | 'spelled' | 'hidden';

export interface Decoded {
  encoding: Encoding;
  text: string;
}

const SHORTEST = 20;
const LONGEST_PIECE = 16_384;
const MOST_PIECES = 16;
const MOST_TURNED = 16_384;
const LEAST_ESCAPES = 6;

const LEAST_COLUMNS = 60;
const LINE_FEED = 10;

const ALPHABET = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_')
  ALPHABET[character.charCodeAt(0)] = 1;

/** Text that people could have written; nothing where the bytes are none. */
const readable = (bytes: Buffer): string | undefined => {
  if (bytes.length < 8 || !isUtf8(bytes)) return undefined;
  let strange = 0;
  for (const byte of bytes)
    if ((byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) || byte === 127) strange++;
  return strange * 20 > bytes.length ? undefined : bytes.toString();
};

/** Bytes that were cut in the middle of a character are read up to there. */
const fromBase64 = (piece: string): string | undefined => {
  const bytes = Buffer.from(piece, 'base64');
  for (let cut = 0; cut < 4 && cut < bytes.length; cut++) {
    const text = readable(bytes.subarray(0, bytes.length - cut));
    if (text !== undefined) return text;
  }
  return undefined;
};

const isInBase64 = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at);
  return unit < 128 && ALPHABET[unit] === 1;
};

const ALL_HEX = /^[0-9a-f]+$/i;

/**
 * Runs of base64's alphabet, wrapped lines put together. Only every twentieth character is looked at where there is none: no
 * run that is long enough lies between two.
 */
const runsIn = (text: string, most: number): { piece: string; isHex: boolean }[] => {
  const runs: { piece: string; isHex: boolean }[] = [];
  let from = 0;
  while (from + SHORTEST <= text.length && runs.length < most) {
    const probe = from + SHORTEST - 1;
    if (!isInBase64(text, probe)) {
      from = probe + 1;
      continue;
    }
    let start = probe;
    while (start > from && isInBase64(text, start - 1)) start--;
    let end = probe + 1;
    while (
      isInBase64(text, end) ||
      (end - start >= LEAST_COLUMNS && text.charCodeAt(end) === LINE_FEED && isInBase64(text, end + 1))
    )
      end++;
    if (end - start >= SHORTEST) {
      const piece = text.slice(start, Math.min(end, start + LONGEST_PIECE)).replaceAll('\n', '');
      runs.push({ piece, isHex: ALL_HEX.test(piece) });
    }
    from = end;
  }
  return runs;
};

const SPACED_HEX = /(?:\b(?:0x)?[0-9a-f]{2}[\s,:]{1,2}){11,4096}[0-9a-f]{2}\b/gi;
const ESCAPES =
  /%[0-9a-f]{2}|\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\u\{[0-9a-f]{1,6}\}|&#x[0-9a-f]{1,6};|&#\d{1,7};/gi;

const codeOf = (sign: string): number => {
  const digits = sign.replace(/[^0-9a-f]/gi, '');
  return sign.startsWith('&#') && !/^&#x/i.test(sign)
    ? Number.parseInt(digits, 10)
    : Number.parseInt(digits, 16);
};

const unescaped = (text: string): string | undefined => {
  let count = 0;
  const bounded = text.slice(0, MOST_TURNED);
  const plain = bounded.replace(ESCAPES, (sign) => {
    count++;
    const code = codeOf(sign);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
  });
  return count < LEAST_ESCAPES ? undefined : plain;
};

const HAS_ESCAPES = /%[0-9a-f]{2}|\\x|\\u|&#/i;
const LATIN_PAIRS = /[0-9a-f]{2}[\s,:]{1,2}(?:0x)?[0-9a-f]{2}[\s,:]{1,2}(?:0x)?[0-9a-f]{2}[\s,:]/i;

/** Words of orders by which these are known, so that nothing is turned around in vain. */
const TURNED =
  /\b(?:vtaber|qvfertneq|sbetrg|vafgehpgvba|vafgehpgvbaf|cerivbhf|cebzcg|erirny|flfgrz|lbh|lbhe|gur|naq|ner)\b/i;
const BACKWARDS =
  /\b(?:erongi|dragersid|tegrof|snoitcurtsni|suoiverp|tpmorp|laever|metsys|uoy|ruoy|eht|dna|era)\b/i;

const rot13 = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });

export const decodedIn = (text: string): Decoded[] => {
  const found: Decoded[] = [];
  for (const { piece, isHex } of runsIn(text, MOST_PIECES)) {
    const fromHex = isHex && piece.length % 2 === 0 ? readable(Buffer.from(piece, 'hex')) : undefined;
    if (fromHex !== undefined) found.push({ encoding: 'hex', text: fromHex });
    else {
      const fromText = fromBase64(piece);
      if (fromText !== undefined) found.push({ encoding: 'base64', text: fromText });
    }
  }
  if (LATIN_PAIRS.test(text)) {
    for (const [pairs] of text.slice(0, MOST_TURNED).matchAll(SPACED_HEX)) {
      const hex = readable(Buffer.from(pairs.replace(/0x|[\s,:]/gi, ''), 'hex'));
      if (hex !== undefined) found.push({ encoding: 'hex', text: hex });
    }
  }
  if (HAS_ESCAPES.test(text)) {
    const plain = unescaped(text);
    if (plain !== undefined) found.push({ encoding: 'escapes', text: plain });
  }
  if (TURNED.test(text)) found.push({ encoding: 'rot13', text: rot13(text.slice(0, MOST_TURNED)) });
  if (BACKWARDS.test(text))
    found.push({ encoding: 'backwards', text: [...text.slice(0, MOST_TURNED)].reverse().join('') });
  return found;
};
